"""Comments that silence findings: `# scf-gen: ignore[SCF203] reason`, on the line itself or alone above it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from scf_gen.lint.finding import Finding, Found
from scf_gen.lint.package import File, Package
from scf_gen.lint.rule import rules
from scf_gen.lint.selection import is_known, nearest_rules

UNUSED = "SCF002"
# Longer files are no source; longer lists are no one's.
_FILE_LIMIT_BYTES = 512 << 10
_COMMENTS_LIMIT = 1000
_COMMENT = re.compile(rb"(?:#|//|/\*|--|;)\s*scf-gen:\s*ignore\[([^\]\n]{0,200})\]")
_MARK = b"scf-gen:"
# They speak of such comments.
_PROSE = frozenset({"md", "txt", "rst"})


@dataclass(slots=True)
class Suppression:
    """One name in a comment: it silences `lines`, and what concerns the whole file if it stands before all code."""

    name: str
    path: str
    comment_line: int
    column: int
    lines: range
    whole_file: bool
    used: bool = field(default=False)

    def silences(self, finding: Finding) -> bool:
        """Whether it is meant for the finding."""
        named = self.name in {finding.code, finding.name}
        line = finding.found.line
        return named and finding.found.path == self.path and (line in self.lines if line else self.whole_file)


def suppressions(package: Package) -> list[Suppression]:
    """All of a package's files."""
    return [one for file in package.files.values() for one in _of_file(file)]


def suppress(findings: Iterable[Finding], by: Sequence[Suppression]) -> Iterator[Finding]:
    """The findings that nothing silences; marks what silences one as used."""
    for finding in findings:
        silencers = [one for one in by if one.silences(finding)]
        for one in silencers:
            one.used = True
        if not silencers:
            yield finding


def unused(package: str, among: Iterable[Suppression]) -> Iterator[Finding]:
    """A finding for each that silenced nothing."""
    rule = rules()[UNUSED]
    for one in among:
        if not one.used:
            hint = rule.hint if is_known(one.name) else f"there is no such rule; {nearest_rules(one.name)}"
            found = Found(f"nothing here to ignore: {one.name}", one.path, one.comment_line, one.column, hint)
            yield Finding(rule.code, rule.name, rule.severity, package, found)


def _of_file(file: File) -> list[Suppression]:
    # The declared size of a ZIP's entry may be a lie, so both are looked at.
    if file.suffix in _PROSE or file.size > _FILE_LIMIT_BYTES or not file.is_text:
        return []
    content = file.content
    if _MARK not in content or len(content) > _FILE_LIMIT_BYTES:
        return []
    return list(_in_lines(file.path, content.split(b"\n")))[:_COMMENTS_LIMIT]


def _in_lines(path: str, lines: Sequence[bytes]) -> Iterator[Suppression]:
    code_seen = False
    waiting: list[Suppression] = []  # alone on their lines, for the next one that is code
    for number, line in enumerate(lines, start=1):
        comment = _COMMENT.search(line)
        if comment and not line[: comment.start()].strip():
            found = list(_named(path, number, comment, range(number + 1, len(lines) + 1), whole_file=not code_seen))
            waiting += found
            yield from found
            continue
        if comment:
            yield from _named(path, number, comment, range(number, number + 1), whole_file=False)
        if line.strip() and not line.lstrip().startswith((b"#", b"//", b"/*", b"*")):
            for one in waiting:
                one.lines = range(one.lines.start, number + 1)
            waiting, code_seen = [], True


def _named(
    path: str, number: int, comment: re.Match[bytes], lines: range, *, whole_file: bool
) -> Iterator[Suppression]:
    for name in filter(None, re.split(r"[,\s]+", comment[1].decode(errors="replace"))):
        yield Suppression(name, path, number, comment.start() + 1, lines, whole_file)
