"""Findings as JSON."""

import json
from typing import Any

from scf_gen.lint.finding import Finding, printable
from scf_gen.lint.runner import Report


def render(report: Report) -> str:
    """{"findings": [{"code", "name", "severity", "message", "path", "line", "column", "hint", …}]}"""
    return json.dumps({"findings": [_finding(finding) for finding in report.findings]}, ensure_ascii=False, indent=2)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "message": finding.message,
        "path": finding.path,
        "line": max(finding.found.line, 1),
        "column": finding.found.column,
        "hint": finding.hint,
        "scf_message": finding.scf_message,
        "package": printable(finding.package),
        "fixable": finding.fixable,
        "url": finding.url,
    }
