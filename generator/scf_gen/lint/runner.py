"""Runs all rules over packages; a rule that raises becomes a finding itself."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from scf_gen.languages import catalog
from scf_gen.lint import (  # noqa: F401 -- they register their checks
    bootstrap_rules,
    configuration_rules,
    curl_rules,
    elf_rules,
    handler_rules,
    header_rules,
    import_rules,
    kind_rules,
    language_rules,
    linter_rules,
    loop_rules,
    manifest_rules,
    package_rules,
    protocol_rules,
    script_rules,
    secret_rules,
    syntax_rules,
    write_rules,
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
# Nobody mends more at a time.
_PER_RULE = 500


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


def lint(paths: Sequence[Path], plan: Plan | None = None) -> Report:
    """Lint the packages at `paths`; raises FunctionNotFound, ArchiveInvalid, and BadAnswer for an unknown rule."""
    linter = Linter(plan or Plan())
    different = {path.resolve(): path for path in reversed(paths)}
    # ShellCheck takes far longer than all rules together, so it runs beside them on all cores.
    with Shellcheck() as shellcheck:
        examined = []
        for path in reversed(different.values()):
            with open_package(path) as package:
                examined.append(linter.examine(package, shellcheck))
        findings = [finding for one in examined for finding in one.all_findings()]
    return Report(findings, packages=len(different))


class Linter:
    """What all packages of a call are judged by."""

    def __init__(self, plan: Plan) -> None:
        self._selection = Selection(plan.select, plan.ignore)
        self._selection.check()
        self._languages, self._target = catalog.languages(), targets()[plan.target]

    def lint(self, package: Package) -> list[Finding]:
        """All findings of one package."""
        with Shellcheck() as shellcheck:
            return self.examine(package, shellcheck).all_findings()

    def examine(self, package: Package, shellcheck: Shellcheck) -> "Examined":
        """Run the rules, and start ShellCheck."""
        return _examine(Context(package, self._languages, self._target), self._selection, shellcheck)


def _examine(context: Context, stronger: Selection, shellcheck: Shellcheck) -> "Examined":
    package = context.package
    selection = Selection.of(context.config.get("lint")).under(stronger)
    if context.bootstrap:
        _ = context.bootstrap.content  # read before the package's budget is spent
    # ShellCheck works while the rules run.
    shell_files = shellcheck.start(package if selection.wants_shellcheck else None)
    findings = list(_own_findings(context))
    comments = suppressions(package)
    return Examined(str(package.path), selection, [*findings, *_unread(package)], comments, shell_files)


def _own_findings(context: Context) -> Iterator[Finding]:
    for rule in rules().values():
        if rule.check is None:
            continue
        try:
            for found in islice(rule.check(context), _PER_RULE):
                yield finding_of(rule, context.package, found)
        except Exception as error:  # noqa: BLE001 -- whatever a rule raises must not end the lint
            message = f"rule {rule.code} failed: {type(error).__name__}: {error}"
            yield finding_of(rules()[RULE_FAILED], context.package, Found(message))
    context.cache.clear()  # trees of many packages would add up


def _unread(package: Package) -> Iterator[Finding]:
    if package.budget.is_spent:
        found = Found(f"its files were read to {BUDGET_BYTES >> 20} MB in all, and no further")
        yield finding_of(rules()[NOT_READ], package, found)


def finding_of(rule: Rule, package: Package, found: Found) -> Finding:
    """The finding that a rule makes of what its check found."""
    complete = replace(found, hint=found.hint or rule.hint, scf_message=found.scf_message or rule.scf_message)
    severity = found.severity or rule.severity
    return Finding(rule.code, rule.name, severity, str(package.path), complete, packed=package.packed)


@dataclass(frozen=True, slots=True)
class Examined:
    """What is kept of a package after its rules have run: no file's content."""

    package: str
    selection: Selection
    findings: Sequence[Finding]
    suppressions: Sequence[Suppression]
    shell_files: Checked

    def all_findings(self) -> list[Finding]:
        """Those that are wanted and not silenced, in order; waits for ShellCheck."""
        every = chain(self.findings, self.shell_files.findings(self.package))
        kept = list(suppress(every, self.suppressions))
        # All rules have run, whichever are wanted; ShellCheck may not have.
        judged = (one for one in self.suppressions if not is_shellcheck(one.name) or self.shell_files.knows(one.path))
        kept += unused(self.package, judged)
        return sorted((one for one in kept if self.selection.wants(one.code, one.name)), key=_order)


def _order(finding: Finding) -> tuple[str, int, int, str]:
    return finding.found.path, finding.found.line, finding.found.column, finding.code


def severities(findings: Iterable[Finding]) -> Mapping[Severity, int]:
    """How many there are of each."""
    return Counter(finding.severity for finding in findings)
