"""`file.function`, the form in which SCF names the code to run."""

import re
from dataclasses import dataclass
from typing import Self

from scf_gen.errors import BadAnswer

FORM = "the form is file.function, such as index.main_handler"


@dataclass(frozen=True, slots=True)
class Handler:
    """A handler's two parts; `str()` gives the text back."""

    file: str
    function: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Split `text` on its one dot (API CreateFunction, "Handler").

        Raises BadAnswer for anything but one dot and two parts, and for paths and control characters.
        """
        file, dot, function = text.partition(".")
        if re.search(r"[\x00-\x1f\x7f]", text):
            raise BadAnswer(f"handler {text!r} holds a control character", FORM)
        if "/" in text or "\\" in text:
            raise BadAnswer(f"handler {text!r} holds a path", f"the file lies at the root; {FORM}")
        if not (file and dot and function) or "." in function:
            raise BadAnswer(f"handler {text!r} is not file.function", FORM)
        return cls(file, function)

    def __str__(self) -> str:
        return f"{self.file}.{self.function}"
