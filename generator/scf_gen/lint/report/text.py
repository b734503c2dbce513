"""Findings as lines that editors and people can read: path:line:col: CODE message."""

from collections.abc import Iterator

from scf_gen.lint.finding import Finding, Severity
from scf_gen.lint.runner import Report, severities

_RESET, _BOLD, _DIM = "\033[0m", "\033[1m", "\033[2m"
_COLOURS = {Severity.ERROR: "\033[31m", Severity.WARNING: "\033[33m", Severity.INFO: "\033[36m"}


def render(report: Report, *, color: bool = False) -> str:
    """A line a finding, and its hint in a second."""
    return "".join(f"{line}\n" for finding in report.findings for line in lines(finding, color=color))


def lines(finding: Finding, *, color: bool = False) -> Iterator[str]:
    """A finding's one or two lines."""
    found = finding.found
    place = f"{finding.path}:{max(found.line, 1)}:{found.column}:"
    answer = f" (SCF: {finding.scf_message})" if finding.scf_message else ""
    if color:
        yield f"{_BOLD}{place}{_RESET} {_COLOURS[finding.severity]}{finding.code}{_RESET} {finding.message}{answer}"
    else:
        yield f"{place} {finding.code} {finding.message}{answer}"
    if finding.hint:
        yield f"  {_DIM}{finding.hint}{_RESET}" if color else f"  {finding.hint}"


def summary(report: Report) -> str:
    """How many findings of each severity in how many packages."""
    counts = severities(report.findings)
    told = [_number(counts[severity], severity) for severity in Severity if counts[severity]]
    return f"{', '.join(told) or 'no findings'} in {_number(report.packages, 'package')}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
