"""Findings as lines that editors and people can read: path:line:col: CODE message."""

from collections.abc import Iterator
from pathlib import Path

from scf_gen.lint.finding import Finding
from scf_gen.lint.runner import Report


def render(report: Report) -> str:
    """A line a finding, and its hint in a second."""
    return "".join(f"{line}\n" for finding in report.findings for line in _lines(finding))


def _lines(finding: Finding) -> Iterator[str]:
    found = finding.found
    answer = f" (SCF: {found.scf_message})" if found.scf_message else ""
    path = Path(finding.package, found.path) if found.path else Path(finding.package)
    yield f"{path}:{max(found.line, 1)}:{found.column}: {finding.code} {found.message}{answer}"
    if found.hint:
        yield f"  {found.hint}"
