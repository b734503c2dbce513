"""Applies the edits of findings, in memory until nothing more can be mended, and then to the files."""

import stat
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from scf_gen.lint.change import Change
from scf_gen.lint.file import File
from scf_gen.lint.finding import Edit, Finding, Rename, Replace, SetMode
from scf_gen.lint.package import Package, open_package
from scf_gen.lint.runner import Linter, Plan, Report, lint

# One edit may make way for another; more rounds would be two rules that undo each other.
_ROUNDS = 10


@dataclass(slots=True)
class Mended:
    """What was mended by which changes, what is left, and the changes that could not be made, each with why."""

    report: Report
    done: list[Finding] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    undone: list[tuple[Change, str]] = field(default_factory=list)


def mend(paths: Sequence[Path], plan: Plan, *, write: bool) -> Mended:
    """Lint the packages and apply what can be applied, to the files only if `write`; raises what lint raises."""
    report = lint(paths, plan)
    mended = Mended(report)
    linter = Linter(plan)
    for name in dict.fromkeys(finding.package for finding in report.findings if finding.fixable):
        left = _mend_package(Path(name), linter, mended, write=write)
        _put(report, name, left)
    return mended


def _mend_package(path: Path, linter: Linter, mended: Mended, *, write: bool) -> Sequence[Finding]:
    draft = Draft.of(path)
    left, done = linter.lint(draft.package), []
    for _ in range(_ROUNDS):
        taken = draft.take(left)
        if not taken:
            break
        done += taken
        left = linter.lint(draft.package)
    changes = draft.changes()
    undone = [(change, why) for change in changes if (why := change.carry_out())] if write else []
    mended.undone += undone
    mended.changes += changes
    if not undone:
        mended.done += done
        return left
    failed = {change.path for change, _ in undone}
    mended.done += [finding for finding in done if not failed & {edit.path for edit in finding.found.edits}]
    with open_package(path) as package:
        return linter.lint(package)


def _put(report: Report, name: str, left: Sequence[Finding]) -> None:
    """Let a package's findings be those that are left."""
    at = next(at for at, finding in enumerate(report.findings) if finding.package == name)
    others = [finding for finding in report.findings if finding.package != name]
    report.findings = [*others[:at], *left, *others[at:]]


class Draft:
    """A folder as it would be with the edits that were taken."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._originals: dict[str, File] = {}

    @classmethod
    def of(cls, path: Path) -> "Draft":
        """A folder as it is."""
        with open_package(path) as package:
            return cls(package)

    def take(self, findings: Iterable[Finding]) -> list[Finding]:
        """Apply what does not touch what another one has touched; gives those whose edits were taken."""
        round_ = _Round(self.package.files)
        taken = [finding for finding in findings if finding.fixable and round_.add(finding.found.edits)]
        if taken:
            edited = round_.edited()
            for path, file in edited.items():
                self._originals[file.path] = self._originals.pop(path, self.package.files[path])
            entries = tuple(edited.get(file.path, file) for file in self.package.entries)
            self.package = replace(self.package, entries=entries)
        return taken

    def changes(self) -> list[Change]:
        """What has become of its files."""
        files = self.package.files
        return [
            Change(
                self.package.path,
                original.path,
                path,
                original.content,
                files[path].content,
                stat.S_IMODE(original.mode),
                stat.S_IMODE(files[path].mode),
                original.stamp,
            )
            for path, original in self._originals.items()
            if _differs(original, files[path])
        ]


class _Round:
    """Edits of one lint, which speak of the files as that saw them."""

    def __init__(self, files: Mapping[str, File]) -> None:
        self._files = files
        self._replaces: dict[str, list[Replace]] = defaultdict(list)
        self._modes: dict[str, int] = {}
        self._names: dict[str, str] = {}

    def add(self, edits: Sequence[Edit]) -> bool:
        """Take them all if none is in the way of another one."""
        if not all(self._fits(edit) for edit in edits) or not self._apart(edits):
            return False
        for edit in edits:
            if isinstance(edit, Replace):
                self._replaces[edit.path].append(edit)
            elif isinstance(edit, SetMode):
                self._modes[edit.path] = edit.mode
            else:
                self._names[edit.path] = edit.new
        return True

    def edited(self) -> Mapping[str, File]:
        """The files as the edits make them, by the paths that they had."""
        return {path: self._edited(self._files[path]) for path in {**self._replaces, **self._modes, **self._names}}

    def _fits(self, edit: Edit) -> bool:
        file = self._files.get(edit.path)
        if file is None or not file.is_regular:
            return False
        if isinstance(edit, SetMode):
            return self._modes.get(edit.path, edit.mode) == edit.mode
        if isinstance(edit, Rename):
            is_taken = edit.new in self._files or edit.new in self._names.values()
            return not is_taken and edit.path not in self._names
        return file.is_whole and 0 <= edit.start <= edit.end <= len(file.content)

    def _apart(self, edits: Sequence[Edit]) -> bool:
        new: dict[str, list[Replace]] = defaultdict(list)
        for edit in edits:
            if isinstance(edit, Replace):
                new[edit.path].append(edit)
        for path, replaces in new.items():
            ordered = sorted((*self._replaces[path], *replaces), key=_extent)
            if any(later.start < max(earlier.end, earlier.start + 1) for earlier, later in pairwise(ordered)):
                return False
        return True

    def _edited(self, file: File) -> File:
        mode = stat.S_IFMT(file.mode) | self._modes.get(file.path, stat.S_IMODE(file.mode))
        named = replace(file, path=self._names.get(file.path, file.path), mode=mode)
        replaces = sorted(self._replaces.get(file.path, ()), key=_extent)
        return named.with_content(_spliced(file.content, replaces)) if replaces else named


def _differs(file: File, other: File) -> bool:
    return (file.path, file.mode, file.content) != (other.path, other.mode, other.content)


def _spliced(content: bytes, replaces: Iterable[Replace]) -> bytes:
    pieces, at = [], 0
    for edit in replaces:
        pieces += [content[at : edit.start], edit.new]
        at = edit.end
    return b"".join((*pieces, content[at:]))


def _extent(edit: Replace) -> tuple[int, int]:
    return edit.start, edit.end
