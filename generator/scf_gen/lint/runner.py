"""Runs all rules over packages; a rule that raises becomes a finding itself."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from scf_gen.languages import catalog
from scf_gen.lint import (  # noqa: F401 -- they register their checks
    bootstrap_rules,
    configuration_rules,
    handler_rules,
    language_rules,
    linter_rules,
    package_rules,
    protocol_rules,
)
from scf_gen.lint.context import Context
from scf_gen.lint.file import BUDGET_BYTES
from scf_gen.lint.finding import Finding, Found, Severity
from scf_gen.lint.package import Package, open_package
from scf_gen.lint.rule import Rule, rules
from scf_gen.lint.selection import Selection, is_shellcheck
from scf_gen.lint.shellcheck import Checked, Shellcheck
from scf_gen.lint.suppression import Suppression, suppress, suppressions, unused
from scf_gen.lint.target import DEFAULT, targets

RULE_FAILED = "SCF001"
NOT_READ = "SCF004"


@dataclass(frozen=True, slots=True)
class Plan:
    """Which rules count, by code, start of a code, or name, and for which system."""

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


@dataclass(frozen=True, slots=True)
class _Examined:
    """What is kept of a package after its rules have run: no file's content."""

    package: str
    selection: Selection
    findings: Sequence[Finding]
    suppressions: Sequence[Suppression]
    shell_files: Checked


def lint(paths: Sequence[Path], plan: Plan | None = None) -> Report:
    """Lint the packages at `paths`; raises FunctionNotFound, ArchiveInvalid, and BadAnswer for an unknown rule."""
    plan = plan or Plan()
    stronger = Selection(plan.select, plan.ignore)
    stronger.check()
    languages, target = catalog.languages(), targets()[plan.target]
    # ShellCheck takes far longer than all rules together, so it runs beside them on all cores.
    with Shellcheck() as shellcheck:
        examined = []
        for path in paths:
            with open_package(path) as package:
                examined.append(_examine(Context(package, languages, target), stronger, shellcheck))
        findings = [finding for one in examined for finding in sorted(_findings(one), key=_order)]
    return Report(findings, packages=len(paths))


def _examine(context: Context, stronger: Selection, shellcheck: Shellcheck) -> _Examined:
    package = context.package
    selection = Selection.of(context.config.get("lint")).under(stronger)
    # Started first, so that it works meanwhile.
    shell_files = shellcheck.start(package if selection.wants_shellcheck else None)
    findings = list(_own_findings(context))
    comments = suppressions(package)
    return _Examined(str(package.path), selection, [*findings, *_unread(package)], comments, shell_files)


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


def _unread(package: Package) -> Iterator[Finding]:
    if package.budget.is_spent:
        found = Found(f"its files were read to {BUDGET_BYTES >> 20} MB in all, and no further")
        yield finding_of(rules()[NOT_READ], package, found)


def finding_of(rule: Rule, package: Package, found: Found) -> Finding:
    """The finding that a rule makes of what its check found."""
    complete = replace(found, hint=found.hint or rule.hint, scf_message=found.scf_message or rule.scf_message)
    return Finding(rule.code, rule.name, rule.severity, str(package.path), complete)


def _findings(one: _Examined) -> Iterator[Finding]:
    every = chain(one.findings, one.shell_files.findings(one.package))
    kept = list(suppress(every, one.suppressions))
    # All rules have run, whichever are wanted; ShellCheck may not have.
    judged = [
        comment
        for comment in one.suppressions
        if not is_shellcheck(comment.name) or one.shell_files.knows(comment.path)
    ]
    kept += unused(one.package, judged)
    return (finding for finding in kept if one.selection.wants(finding.code, finding.name))


def _order(finding: Finding) -> tuple[str, int, int, str]:
    return finding.found.path, finding.found.line, finding.found.column, finding.code


def severities(findings: Iterable[Finding]) -> Mapping[Severity, int]:
    """How many there are of each."""
    return Counter(finding.severity for finding in findings)
