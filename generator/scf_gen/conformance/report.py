"""Verdicts for people, as JSON, and as JUnit XML."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from scf_gen.conformance.case import Case
from scf_gen.conformance.verdict import Status, Verdict
from scf_gen.core.contract import CLAUSES

_CLAUSES = {clause.id: clause for clause in CLAUSES}


def as_text(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """The lines of a table, then every failed case with clause, expectation, observation and transcript.

    Cases that failed without having been run are told in one line.
    """
    for reason in dict.fromkeys(verdict.reason for verdict in verdicts if verdict.unrun):
        yield f"no case was run, since the bootstrap does not answer a first event: {reason}"
    yield from _table([verdict for verdict in verdicts if not verdict.unrun])
    counts = Counter(verdict.status for verdict in verdicts)
    yield ""
    yield ", ".join(f"{counts[status]} {status}" for status in Status)


def cases_as_text(cases: Sequence[Case]) -> Iterator[str]:
    """A line for each case, with what it asks for."""
    width = max(len(case.id) for case in cases)
    for case in cases:
        yield f"{case.id:{width}}  {case.title}{'  (slow)' if case.slow else ''}"


def cases_as_json(cases: Sequence[Case]) -> str:
    """{"cases": [{"id", "title", "clauses", "slow"}]}"""
    told = [{"id": case.id, "title": case.title, "clauses": case.clauses, "slow": case.slow} for case in cases]
    return json.dumps({"cases": told}, ensure_ascii=False, indent=2)


def _table(verdicts: Sequence[Verdict]) -> Iterator[str]:
    width = max((len(verdict.case.id) for verdict in verdicts), default=0)
    for verdict in verdicts:
        reason = f"  ({verdict.reason})" if verdict.reason else ""
        yield f"{verdict.status:7}  {verdict.case.id:{width}}  {verdict.case.title}{reason}"
    for verdict in verdicts:
        if verdict.status is Status.FAILED:
            yield ""
            yield from _details(verdict)


def as_json(verdicts: Sequence[Verdict]) -> str:
    """{"cases": [{"id", "status", "clauses", "message", …}]}"""
    cases = [
        {
            "id": verdict.case.id,
            "status": verdict.status,
            "clauses": verdict.case.clauses,
            "message": verdict.message,
            "title": verdict.case.title,
            "transcript": verdict.transcript,
        }
        for verdict in verdicts
    ]
    return json.dumps({"cases": cases}, ensure_ascii=False, indent=2)


def as_junit(verdicts: Sequence[Verdict], name: str) -> bytes:
    """A JUnit suite called `name`, as CI systems read it."""
    counts = Counter(verdict.status for verdict in verdicts)
    suite = ET.Element(
        "testsuite",
        name=name,
        tests=str(len(verdicts)),
        failures=str(counts[Status.FAILED]),
        skipped=str(counts[Status.SKIPPED]),
        errors="0",
        time=f"{sum(verdict.spent_s for verdict in verdicts):.3f}",
    )
    for verdict in verdicts:
        case = ET.SubElement(
            suite, "testcase", name=verdict.case.id, classname=f"scf.{verdict.case.area}", time=f"{verdict.spent_s:.3f}"
        )
        if verdict.status is Status.FAILED:
            failure = ET.SubElement(case, "failure", message=_xml(verdict.message))
            failure.text = _xml("\n".join(_details(verdict)))
        elif verdict.status is Status.SKIPPED:
            ET.SubElement(case, "skipped", message=_xml(verdict.message))
    suites = ET.Element("testsuites")
    suites.append(suite)
    text: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    return text


def _details(verdict: Verdict) -> Iterator[str]:
    yield f"{verdict.case.id}: {verdict.case.title}"
    for clause in verdict.case.clauses:
        yield f"  clause    {clause}: {_CLAUSES[clause].text}"
    if verdict.finding:
        yield f"  expected  {verdict.finding.expected}"
        yield f"  observed  {verdict.finding.observed}"
    for line in verdict.transcript:
        yield f"    {line}"


def _xml(text: str) -> str:
    """`text` without what XML 1.0 cannot hold."""
    return "".join(char if char in "\t\n" or char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
