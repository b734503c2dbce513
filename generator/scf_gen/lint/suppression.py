"""Comments that silence findings: `# scf-gen: ignore[SCF203] reason`, on the line itself or alone above it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from scf_gen.lint.finding import Finding, Found
from scf_gen.lint.package import File, Package
from scf_gen.lint.rule import rules

UNUSED = "SCF002"
_COMMENT = re.compile(rb"(?:#|//|/\*|--|;)\s*scf-gen:\s*ignore\[([^\]\n]*)\]")
_MARK = b"scf-gen:"


@dataclass(slots=True)
class Suppression:
    """One name in a comment: it silences `line`, and line 0 (the whole file) if it stands before all code."""

    name: str
    path: str
    comment_line: int
    column: int
    lines: frozenset[int]
    used: bool = field(default=False)

    def silences(self, finding: Finding) -> bool:
        """Whether it is meant for the finding."""
        named = self.name in (finding.code, finding.name)
        return named and finding.found.path == self.path and finding.found.line in self.lines


def suppress(package: Package, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings that no comment silences, and one for each comment that silences nothing."""
    suppressions = [one for file in package.files.values() for one in _suppressions(file)]
    for finding in findings:
        silencers = [one for one in suppressions if one.silences(finding)]
        for one in silencers:
            one.used = True
        if not silencers:
            yield finding
    rule = rules()[UNUSED]
    for one in suppressions:
        if not one.used:
            found = Found(f"nothing here to ignore: {one.name}", one.path, one.comment_line, one.column, rule.hint)
            yield Finding(rule.code, rule.name, rule.severity, str(package.path), found)


def _suppressions(file: File) -> Iterator[Suppression]:
    if not file.is_text or _MARK not in file.content:
        return
    lines = file.content.split(b"\n")
    for number, line in enumerate(lines, start=1):
        if found := _COMMENT.search(line):
            alone = not line[: found.start()].strip()
            covered = {_next_code(lines, number)} if alone else {number}
            if alone and all(_is_comment(before) for before in lines[: number - 1]):
                covered.add(0)
            for name in filter(None, re.split(r"[,\s]+", found[1].decode(errors="replace"))):
                yield Suppression(name, file.path, number, found.start() + 1, frozenset(covered))


def _next_code(lines: list[bytes], number: int) -> int:
    after = enumerate(lines[number:], start=number + 1)
    return next((at for at, line in after if line.strip() and not _COMMENT.search(line)), 0)


def _is_comment(line: bytes) -> bool:
    return not line.strip() or line.lstrip().startswith((b"#", b"//", b"/*", b"*"))
