"""Where a package speaks SCF's runtime API, and which of its endpoints it names.

The files that speak it are found by what they mention. What they do not mention may still be somewhere else: in another
file, a program, an archive. Only what is nowhere counts as missing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from scf_gen.core import contract
from scf_gen.lint.context import Context
from scf_gen.lint.file import READ_LIMIT_BYTES, File

ENDPOINTS = {
    "ready": b"init/ready",
    "next": b"invocation/next",
    "response": b"invocation/response",
    "error": b"invocation/error",
}
API = b"SCF_RUNTIME_API"
_MENTIONS = (b"runtime/init", b"runtime/invocation", b"init/ready", b"invocation/next", API)
# A path that is put together: a part of it is a variable.
_BUILT = re.compile(
    rb"invocation(?:[\"']|/(?!next|response|error))|runtime/(?:[$%{<\"'\s]|init/(?!ready))|runtime/init[\"']"
)
_PROSE = frozenset({"md", "rst", "txt", "html", "json", "toml", "yaml", "yml", "lock", "csv", "xml", "svg"})
_TEST = re.compile(r"(?:^|[._-])(?:tests?|spec|mock|fake)(?:[._-]|$)")
_PATH = re.compile(rb"[\w.@+/-]+")
_OWN = ("./", f"{contract.CODE_ROOT}/")
_COMMENTS = (b"#", b"//", b"/*", b"* ")
_PROGRAMS = (b"\x7fELF", b"PK\3\4", b"\0asm", b"MZ", b"\xca\xfe\xba\xbe", b"\x1f\x8b", b"\xfd7zXZ", b"BZh")
_SOURCE_LIMIT_BYTES = 1 << 20
_SEARCH_LIMIT_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file: line and column from 1, line 0 for the file itself."""

    path: str
    line: int = 0
    column: int = 1


class Protocol:
    """What one package says of the runtime API."""

    def __init__(self, context: Context) -> None:
        self._package = context.package
        self._code: dict[str, bytes] = {}
        self.bootstrap = context.bootstrap
        self.speakers = tuple(file for file in self._candidates() if _mentions(self.code(file)))

    def code(self, file: File) -> bytes:
        """A text file's content with its lines of comment emptied; any other's as it is."""
        if not file.is_text or file.size > _SOURCE_LIMIT_BYTES:
            return file.content
        if file.path not in self._code:
            self._code[file.path] = _without_comments(file.content)
        return self._code[file.path]

    @cached_property
    def spoken(self) -> bytes:
        """The code of all files that speak."""
        return b"\n".join(self.code(file) for file in self.speakers)

    def says(self, endpoint: str) -> bool:
        """Whether one of them names the endpoint, or seems to put its path together."""
        return _names(self.spoken, endpoint) or (self._builds and _hints_at(self.spoken, endpoint))

    @cached_property
    def _builds(self) -> bool:
        return bool(_BUILT.search(self.spoken)) or not any(path in self.spoken for path in ENDPOINTS.values())

    def is_missing(self, endpoint: str) -> bool:
        """Whether no file of the package names it, as far as the linter can look into them."""
        if self.says(endpoint):
            return False
        parts = self.elsewhere
        # What a path is put together of may stand where nothing else speaks of it.
        others = [self.code(file) for file in self._other_sources()]
        if self._builds or any(_BUILT.search(part) for part in others):
            parts = [*parts, *others]
        return not any(_names(part, endpoint) or _hints_at(part, endpoint) for part in parts)

    def _other_sources(self) -> Iterator[File]:
        files = self._package.files.values()
        return (file for file in files if file not in self.speakers and _is_source(file))

    @property
    def is_silent(self) -> bool:
        """A bootstrap to be read as text, and nothing in the package that could speak the protocol for it."""
        file = self.bootstrap
        if self.speakers or file is None or not file.is_text or not file.shebang or b"/opt" in file.content:
            return False
        return not (self.elsewhere or self.has_programs or self._starts_what_is_not_here(file))

    def _starts_what_is_not_here(self, file: File) -> bool:
        words = (word.decode(errors="replace") for word in _PATH.findall(self.code(file)[:_SOURCE_LIMIT_BYTES]))
        own = (
            word.removeprefix("./").removeprefix(f"{contract.CODE_ROOT}/") for word in words if word.startswith(_OWN)
        )
        return any(path not in self._package.files for path in own)

    @cached_property
    def has_programs(self) -> bool:
        """Whether there are programs and archives whose strings cannot be trusted to show."""
        if self._is_cut:
            return True
        others = (file for file in self._package.files.values() if file is not self.bootstrap)
        return any(file.content.startswith(_PROGRAMS) for file in others)

    def spot(self, *texts: bytes) -> Spot:
        """Where the first of `texts` that is there stands in the code; else the bootstrap as a whole."""
        for part in texts:
            for file in self.speakers:
                if file.is_text and (spot := next(self.spots(file, re.compile(re.escape(part))), None)):
                    return spot
        return Spot((self.bootstrap or self.speakers[0]).path)

    def spots(self, file: File, pattern: re.Pattern[bytes]) -> Iterator[Spot]:
        """The first place of `pattern` in each line of a file's code."""
        code, line, end = self.code(file), 1, 0
        for found in pattern.finditer(code):
            if found.start() >= end:
                start = code.rfind(b"\n", 0, found.start()) + 1
                line += code.count(b"\n", end, found.start())
                yield Spot(file.path, line, len(code[start : found.start()].decode(errors="replace")) + 1)
                end = code.find(b"\n", found.start())
                if end < 0:
                    return

    def _candidates(self) -> Iterator[File]:
        top = list(self._package.top.values())
        yield from (file for file in top if file is self.bootstrap or _is_source(file))
        files = self._package.files
        start = self.bootstrap.content[:_SOURCE_LIMIT_BYTES] if self.bootstrap and self.bootstrap.is_text else b""
        for word in _PATH.findall(start):
            path = word.decode(errors="replace").lstrip("./")
            # `$root/lib/loop.sh` is lib/loop.sh.
            for name in (path, path.partition("/")[2]):
                if "/" in name and name in files and _is_source(files[name]):
                    yield files[name]

    @cached_property
    def elsewhere(self) -> list[bytes]:
        """What else of the package mentions it, wide characters as narrow ones."""
        paths = {file.path for file in self.speakers}
        left, parts = _SEARCH_LIMIT_BYTES, []
        for file in self._package.files.values():
            if file.path not in paths and file.suffix not in _PROSE and file.size <= left:
                found = file.content
                left -= len(found)
                if _mentions(found) or b"r\0u\0n\0t\0i\0m\0e\0" in found:
                    parts.append(found.replace(b"\0", b""))
        return parts

    @cached_property
    def _is_cut(self) -> bool:
        files = self._package.files.values()
        too_long = any(file.size > READ_LIMIT_BYTES for file in files if file.suffix not in _PROSE)
        return too_long or sum(file.size for file in files) > _SEARCH_LIMIT_BYTES


def protocol_of(context: Context) -> Protocol:
    """The package's protocol, looked for once for all rules."""
    if "protocol" not in context.cache:
        context.cache["protocol"] = Protocol(context)
    protocol: Protocol = context.cache["protocol"]
    return protocol


def _is_source(file: File) -> bool:
    is_prose = file.suffix in _PROSE or _TEST.search(file.path.rpartition("/")[2])
    return not is_prose and file.size <= _SOURCE_LIMIT_BYTES and file.is_text


def _mentions(code: bytes) -> bool:
    return any(mention in code for mention in _MENTIONS)


def _names(code: bytes, endpoint: str) -> bool:
    return ENDPOINTS[endpoint] in code


def _hints_at(code: bytes, endpoint: str) -> bool:
    return re.search(rb"\b" + endpoint.encode() + rb"\b", code) is not None


def _without_comments(content: bytes) -> bytes:
    lines = content.split(b"\n")
    return b"\n".join(b"" if line.lstrip().startswith(_COMMENTS) else line for line in lines)
