"""curl's command line."""

from collections.abc import Iterator
from dataclasses import dataclass

from scf_gen.lint.shell import Command, Script, Word

# Short options and their long names; what is not listed here no rule asks for.
_LONG_NAMES = {
    "d": "data",
    "D": "dump-header",
    "f": "fail",
    "F": "form",
    "G": "get",
    "i": "include",
    "K": "config",
    "m": "max-time",
    "o": "output",
    "w": "write-out",
    "x": "proxy",
    "Z": "parallel",
}
_SHORT_WITH_VALUE = frozenset("AbcCdDeEFHKmoPQrtTuUwxXyYz")
# fmt: off
_LONG_WITH_VALUE = frozenset({
    "cacert", "cert", "config", "connect-timeout", "connect-to", "cookie", "cookie-jar", "data", "data-ascii",
    "data-binary", "data-raw", "data-urlencode", "dump-header", "expect100-timeout", "form", "form-string",
    "header", "interface", "json", "key", "limit-rate", "max-redirs", "max-time", "noproxy", "output", "proxy",
    "proxy-header", "range", "referer", "request", "resolve", "retry", "retry-delay", "retry-max-time",
    "speed-limit", "speed-time", "stderr", "trace", "trace-ascii", "unix-socket", "upload-file", "url", "url-query",
    "user", "user-agent", "write-out",
})
# fmt: on
BODY = frozenset({"data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json"})


@dataclass(frozen=True, slots=True)
class Option:
    """An option by its long name, and its value; `word` holds its name, `value_word` its value, often another one."""

    name: str
    value: str
    word: Word
    value_word: Word


@dataclass(frozen=True, slots=True)
class Curl:
    """A call of curl; `opaque` says that it has options that cannot be told."""

    command: Command
    options: tuple[Option, ...]
    urls: tuple[str, ...]
    opaque: bool

    def option(self, *names: str) -> Option | None:
        """The first option of these names."""
        return next((option for option in self.options if option.name in names), None)


def curl_of(command: Command, script: Script) -> Curl | None:
    """What a command gives to curl, if it is a call of it."""
    started = command.started
    if started.name != "curl":
        return None
    words = list(script.expand(started.words[1:]))
    options = list(_options(words))
    urls = [option.value for option in options if option.name in ("", "url")]
    opaque = any(word == "$" for word, _ in words) or any(option.name == "config" for option in options)
    return Curl(command, tuple(option for option in options if option.name), tuple(urls), opaque)


def _options(words: list[tuple[str, Word]]) -> Iterator[Option]:
    """The options, and what is none with an empty name."""
    rest = iter(words)
    for written, word in rest:
        if written.startswith("--") and written != "--":
            name = written.removeprefix("--")
            yield _with_value(name, word, next(rest, None) if name in _LONG_WITH_VALUE else None)
        elif written.startswith("-") and len(written) > 1:
            yield from _short(written[1:], word, rest)
        else:
            yield Option("", written, word, word)


def _short(letters: str, word: Word, rest: Iterator[tuple[str, Word]]) -> Iterator[Option]:
    for at, letter in enumerate(letters, start=1):
        name = _LONG_NAMES.get(letter, letter)
        if letter in _SHORT_WITH_VALUE:
            yield _with_value(name, word, (letters[at:], word) if letters[at:] else next(rest, None))
            return
        yield Option(name, "", word, word)


def _with_value(name: str, word: Word, value: tuple[str, Word] | None) -> Option:
    return Option(name, value[0], word, value[1]) if value else Option(name, "", word, word)
