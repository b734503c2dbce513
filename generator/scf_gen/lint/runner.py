"""Runs all rules over packages; a rule that raises becomes a finding itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from scf_gen.core.names import unknown_name_hint
from scf_gen.errors import BadAnswer
from scf_gen.languages import catalog
from scf_gen.lint import (  # noqa: F401 -- they register their checks
    bootstrap_rules,
    configuration_rules,
    elf_rules,
    handler_rules,
    language_rules,
    package_rules,
    protocol_rules,
    secret_rules,
)
from scf_gen.lint.context import Context
from scf_gen.lint.finding import Finding, Found, Severity
from scf_gen.lint.package import Package, open_package
from scf_gen.lint.rule import Rule, rules
from scf_gen.lint.shellcheck import Shellcheck
from scf_gen.lint.suppression import suppress
from scf_gen.lint.target import DEFAULT, targets

RULE_FAILED = "SCF001"


@dataclass(frozen=True, slots=True)
class Plan:
    """Which rules to run, by code, start of a code, or name, and for which system."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    target: str = DEFAULT


@dataclass(slots=True)
class Report:
    """All findings, package by package in the order given, and how many packages there were."""

    findings: list[Finding] = field(default_factory=list)
    packages: int = 0

    @property
    def failed(self) -> bool:
        """Whether there is an error or a warning."""
        return any(finding.fails for finding in self.findings)


def lint(paths: Sequence[Path], plan: Plan | None = None) -> Report:
    """Lint the packages at `paths`; raises FunctionNotFound, ArchiveInvalid, and BadAnswer for an unknown rule."""
    plan = plan or Plan()
    check_names((*plan.select, *plan.ignore))
    languages, target = catalog.languages(), targets()[plan.target]
    contexts = [Context(open_package(path), languages, target) for path in paths]
    # ShellCheck takes far longer than all rules together, so it runs beside them on all cores.
    with Shellcheck([context.package for context in contexts]) as shellcheck:
        own = [list(_own_findings(context)) for context in contexts]
        report = Report(packages=len(contexts))
        for context, findings in zip(contexts, own, strict=True):
            every = [*findings, *shellcheck.findings(context.package)]
            kept = [finding for finding in suppress(context.package, every) if _wanted(finding, context, plan)]
            report.findings += sorted(kept, key=_order)
    return report


def check_names(names: Iterable[str]) -> None:
    """Refuse what is neither a rule's code or name, nor the start of codes; raises BadAnswer."""
    known = {name for rule in rules().values() for name in (rule.code, rule.name)}
    for name in names:
        is_start = any(code.startswith(name) for code in rules()) or name.startswith("SC")
        if name not in known and not (name and is_start):
            raise BadAnswer(f"there is no rule {name!r}", unknown_name_hint(name, known))


def _own_findings(context: Context) -> Iterator[Finding]:
    for rule in rules().values():
        if rule.check is None:
            continue
        try:
            for found in rule.check(context):
                yield finding_of(rule, context.package, found)
        except Exception as error:  # noqa: BLE001 -- whatever a rule raises must not end the lint
            message = f"rule {rule.code} failed: {type(error).__name__}: {error}"
            yield finding_of(rules()[RULE_FAILED], context.package, Found(message))


def finding_of(rule: Rule, package: Package, found: Found) -> Finding:
    """The finding that a rule makes of what its check found."""
    complete = replace(found, hint=found.hint or rule.hint, scf_message=found.scf_message or rule.scf_message)
    return Finding(rule.code, rule.name, found.severity or rule.severity, str(package.path), complete)


def _wanted(finding: Finding, context: Context, plan: Plan) -> bool:
    table = context.config.get("lint", {})
    own = table if isinstance(table, dict) else {}
    select = plan.select or tuple(map(str, own.get("select", ())))
    ignore = (*plan.ignore, *map(str, own.get("ignore", ())))
    return (not select or _named(finding, select)) and not _named(finding, ignore)


def _named(finding: Finding, names: Iterable[str]) -> bool:
    return any(finding.name == name or finding.code.startswith(name) for name in names)


def _order(finding: Finding) -> tuple[str, int, int, str]:
    return finding.found.path, finding.found.line, finding.found.column, finding.code


def severities(findings: Iterable[Finding]) -> Mapping[Severity, int]:
    """How many there are of each."""
    counts = dict.fromkeys(Severity, 0)
    for finding in findings:
        counts[finding.severity] += 1
    return counts
