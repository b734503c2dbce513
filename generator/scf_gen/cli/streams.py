"""The standard streams, whatever they are connected to."""

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_STREAMS = (("stdin", "r", os.O_RDONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY))


class _Named(io.FileIO):
    """Stdout, with its name in what it raises."""

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            error.filename = "stdout"
            raise


def prepare_streams() -> None:
    """Have stdout named in errors, and put something in the place of streams that were closed before the start.

    The next file would get the number of one. A result that cannot be written is told, so stdout takes none; a log goes
    nowhere.
    """
    for number, (name, mode, flags) in enumerate(_STREAMS):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, flags)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            setattr(sys, name, os.fdopen(number, mode, closefd=False))
    stdout = sys.stdout
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(_Named(stdout.fileno(), "w", closefd=False)),
        encoding=stdout.encoding,
        errors=stdout.errors,
        line_buffering=stdout.isatty(),
    )


def takes_escapes(stream: TextIO) -> bool:
    """Whether it is a terminal that knows colours and moves its cursor."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"
