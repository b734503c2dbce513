"""Which failure SCF means by a status and a message: the table of `core.result`, read the other way."""

import re
from string import Formatter

from scf_gen.core.advice import ADVICE
from scf_gen.core.function import Function
from scf_gen.core.result import FAILURES, Kind, Outcome


def recognized(status_code: int, message: str, request_id: str) -> Outcome | None:
    """The failure, as far as its words say it; None for one that has no place in the table."""
    kinds = [kind for kind, failure in FAILURES.items() if failure.status_code == status_code]
    for kind in kinds:
        if found := _FORMS[kind].fullmatch(message):
            detail = found.groupdict().get("detail", "")
            return Outcome(kind, request_id, Function(), detail=detail, cause=_cause(kind, detail))
    return Outcome(kinds[0], request_id, Function()) if len(kinds) == 1 else None


def _cause(kind: Kind, detail: str) -> str:
    """What is wrong with a bootstrap file, if the detail names it in the words of the advice."""
    return next((cause for cause in ADVICE if kind is Kind.CANNOT_START and cause in detail), "")


def _form(message: str) -> str:
    parts = Formatter().parse(message.strip())
    return "".join(re.escape(text) + (f"(?P<{field}>.*)" if field else "") for text, field, _, _ in parts) + r"\s*"


_FORMS = {kind: re.compile(_form(failure.message), re.DOTALL) for kind, failure in FAILURES.items()}
