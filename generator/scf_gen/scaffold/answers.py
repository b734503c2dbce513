"""From what the user said to cookiecutter's context, checked against the rules in the template's cookiecutter.json."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scf_gen.core.handler import Handler
from scf_gen.core.names import unknown_name_hint
from scf_gen.errors import BadAnswer, TemplateInvalid

VARIABLES_FILE = "cookiecutter.json"
_PROMPTS = "__prompts__"


@dataclass(frozen=True, slots=True)
class Variables:
    """A template's variables: defaults, what each has to look like, and handler parts that would break the program."""

    defaults: Mapping[str, Any]

    @classmethod
    def load(cls, folder: Path) -> "Variables":
        """Read `folder`/cookiecutter.json; raises TemplateInvalid."""
        path = folder / VARIABLES_FILE
        try:
            defaults = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise TemplateInvalid(f"{path}: {error}") from error
        return cls(defaults)

    @property
    def public(self) -> dict[str, str]:
        """The variables that a user may set, with their defaults; of a choice, the first."""
        return {
            key: value[0] if isinstance(value, list) else value
            for key, value in self.defaults.items()
            if not key.startswith("_")
        }

    def context(self, answers: Mapping[str, str]) -> dict[str, Any]:
        """All variables with `answers` in place of defaults; raises BadAnswer for the first that will not do."""
        known = self.public
        for key, value in answers.items():
            if key not in known:
                raise BadAnswer(f"unknown variable {key!r}", unknown_name_hint(key, known))
            self._check(key, value)
        private = {key: value for key, value in self.defaults.items() if key.startswith("_") and key != _PROMPTS}
        return {**known, **private, **answers}

    def _check(self, key: str, value: str) -> None:
        if key == "handler":
            self._check_reserved(Handler.parse(value))
        pattern, rule = self.defaults.get("_rules", {}).get(key, [".*", "one line"])
        choices = self.defaults[key]
        if isinstance(choices, list) and value not in choices:
            raise BadAnswer(f"{key} {value!r} will not do", f"it has to be one of {', '.join(choices)}")
        if not re.fullmatch(pattern, value):
            raise BadAnswer(f"{key} {value!r} will not do", f"it has to be {rule}")

    def _check_reserved(self, handler: Handler) -> None:
        reserved = self.defaults.get("_reserved", {})
        for part, value in (("file", handler.file), ("function", handler.function)):
            if any(re.fullmatch(name, value) for name in reserved.get(part, ())):
                raise BadAnswer(
                    f"handler {str(handler)!r} will not do",
                    f"{value} has a meaning of its own in this language; choose another {part} name",
                )
