"""Findings as SARIF 2.1.0, for code scanning."""

import base64
import json
import os
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from scf_gen.lint.finding import Finding, Replace, Severity
from scf_gen.lint.rule import Rule, rules
from scf_gen.lint.runner import Report
from scf_gen.lint.shellcheck import url

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
# CRLF in a long file is an edit a line, which nobody applies from here.
_LONGEST_FIX = 50


def render(report: Report) -> str:
    """One run; paths below the working directory are relative to it."""
    descriptors = [*map(_own_rule, rules().values()), *_shellcheck_rules(report.findings)]
    index = {descriptor["id"]: at for at, descriptor in enumerate(descriptors)}
    driver = {"name": "scf-gen", "semanticVersion": version("scf-gen"), "rules": descriptors}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, index) for finding in report.findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _own_rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.what},
        "fullDescription": {"text": f"{rule.what} {rule.why}"},
        "help": {"text": rule.fix, "markdown": rule.fix},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": list(rule.clauses)},
    }


def _shellcheck_rules(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    found = {finding.code: finding for finding in findings if finding.code not in rules()}
    return [
        {
            "id": code,
            "name": finding.name,
            "shortDescription": {"text": f"ShellCheck's {code}"},
            "helpUri": url(code),
            "defaultConfiguration": {"level": _LEVELS[finding.severity]},
        }
        for code, finding in sorted(found.items())
    ]


def _result(finding: Finding, index: dict[str, int]) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(finding.package, finding.found.path)}
    if finding.found.line:
        place["region"] = {"startLine": finding.found.line, "startColumn": max(finding.found.column, 1)}
    answer = f" (SCF: {finding.scf_message})" if finding.scf_message else ""
    result = {
        "ruleId": finding.code,
        "ruleIndex": index[finding.code],
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}{answer}"},
        "locations": [{"physicalLocation": place}],
    }
    return result | _fixes(finding)


def _artifact(package: str, path: str) -> dict[str, str]:
    # os.path and not Path: what lies behind a link is shown where the user sees it.
    place = os.path.abspath(os.path.join(package, path))  # noqa: PTH100, PTH118
    here = f"{Path.cwd()}{os.sep}"
    relative = place.removeprefix(here) if place.startswith(here) else "."
    outside = relative == "." and place != str(Path.cwd())
    return {"uri": f"file://{quote(os.fsencode(place))}" if outside else quote(os.fsencode(relative))}


def _fixes(finding: Finding) -> dict[str, Any]:
    edits = [edit for edit in finding.found.edits if isinstance(edit, Replace)]
    if not finding.fixable or len(edits) != len(finding.found.edits) or len(edits) > _LONGEST_FIX:
        return {}
    changes = [
        {
            "artifactLocation": _artifact(finding.package, edit.path),
            "replacements": [
                {
                    "deletedRegion": {"byteOffset": edit.start, "byteLength": edit.end - edit.start},
                    "insertedContent": {"binary": base64.b64encode(edit.new).decode()},
                }
            ],
        }
        for edit in edits
    ]
    return {"fixes": [{"description": {"text": finding.hint or finding.message}, "artifactChanges": changes}]}
