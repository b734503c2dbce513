"""Findings as the workflow commands that GitHub makes annotations of."""

from scf_gen.lint.finding import Finding, Severity
from scf_gen.lint.runner import Report

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(report: Report) -> str:
    """A command a finding."""
    return "".join(f"{_command(finding)}\n" for finding in report.findings)


def _command(finding: Finding) -> str:
    found = finding.found
    properties = {"title": f"{finding.code} {finding.name}", "file": finding.path}
    if found.line:
        properties |= {"line": str(found.line), "col": str(found.column)}
    answer = f"SCF: {finding.scf_message}" if finding.scf_message else ""
    text = "\n".join(filter(None, (finding.message, answer, finding.hint)))
    told = ",".join(f"{key}={value.translate(_PROPERTY)}" for key, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {told}::{text.translate(_DATA)}"
