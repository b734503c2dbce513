"""docs/rules.md: every rule with what it really finds in its examples."""

import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from generated import ROOT
from scf_gen.core.contract import CLAUSES
from scf_gen.lint.example import Example
from scf_gen.lint.report import text
from scf_gen.lint.report.explanation import example_lines
from scf_gen.lint.rule import Rule, rules
from scf_gen.lint.runner import Plan, lint
from scf_gen.lint.target import targets

SEED_FINDINGS = ROOT / "tests" / "lint" / "seed.toml"
FAMILIES = {
    "SCF0": "The linter itself",
    "SCF1": "The handler",
    "SCF2": "The bootstrap file",
    "SCF3": "The protocol",
    "SCF4": "The languages",
    "SCF5": "The package",
    "SCF6": "The configuration",
}
HEAD = """\
# The rules of the linter

Generated from the rules and their examples by `make docs`; what stands under "gives" is what `scf-gen lint` printed for
the example above it. An example shows the files in which it differs from a small correct function.

- A code never changes its meaning. `--select` and `--ignore`, and `select` and `ignore` in the table `[lint]` of
  `scf.toml`, take codes, names, and starts of codes: `SC2086`, `bootstrap-crlf`, `SCF2`. `--select` replaces what
  `scf.toml` selects; `--ignore` adds to what it ignores.
- `# scf-gen: ignore[SCF203] reason` silences a rule on its line; alone on a line, on the next one that is code; before
  all code, also where a finding is about the whole file. It may be a comment of any language: `#`, `//`, `/*`, `--`,
  `;`. One that silences nothing is SCF002.
- An error or a warning makes the exit status 1, an info does not. With `--fix` what is left counts.
- `--fix` mends the rules marked so: whole files at a time, keeping mode and owner, never through a symbolic link, never
  in a ZIP, and not if the file has changed meanwhile. `--diff` prints what it would do, for people and for `git apply`.
  What ShellCheck could mend is left to `shellcheck --format=diff`, since some of it changes what a script does.
- Shell files are also checked by ShellCheck, under [its own codes](https://www.shellcheck.net/wiki/), for 3 s and
  200 MB each at most. SC1090 and SC1091 are off, for the file that a bootstrap sources is named by `_HANDLER`.
- `--target` says which system SCF runs the function on: {targets}.
"""


def rules_page() -> bytes:
    """Head, contents, every rule by family, and what Tencent's sample gets."""
    known = ", ".join(f"`{target.name}` ({target.title})" for target in targets().values())
    lines = [HEAD.format(targets=known), *_contents()]
    for start, title in FAMILIES.items():
        family = [rule for rule in rules().values() if rule.code.startswith(start)]
        if family:
            lines += [f"## {title}", ""]
        for rule in family:
            lines += _section(rule)
    return "\n".join([*lines, *_seed()]).rstrip("\n").encode() + b"\n"


def _contents() -> Iterator[str]:
    yield "| code | name | severity | what | --fix |"
    yield "|---|---|---|---|---|"
    for rule in rules().values():
        link = f"[{rule.code}](#{rule.code.lower()}-{rule.name})"
        yield f"| {link} | {rule.name} | {rule.severity} | {_cell(rule.what)} | {'yes' if rule.fixable else ''} |"
    yield ""


def _section(rule: Rule) -> Iterator[str]:
    yield f"### {rule.code} {rule.name}"
    yield ""
    yield f"{rule.what} {rule.why}"
    yield ""
    yield f"**Fix**{' (`--fix` does it)' if rule.fixable else ''}: {rule.fix}"
    yield ""
    if rule.clauses:
        texts = {clause.id: clause.text for clause in CLAUSES}
        yield from (f"- [{id_}](contract.md): {texts[id_]}" for id_ in rule.clauses)
        yield ""
    for example in rule.text.get("bad", ()):
        yield from _block(example_lines(example))
        yield "gives"
        yield ""
        yield from _block(_findings(rule, Example(example)))
    for example in rule.text.get("good", ()):
        yield "Right is"
        yield ""
        yield from _block(example_lines(example))


def _block(lines: Iterator[str]) -> Iterator[str]:
    yield "````"
    yield from lines
    yield "````"
    yield ""


def _findings(rule: Rule, example: Example) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "function")
        folder.mkdir()
        example.write(folder)
        subject = Path(temporary, "function.zip") if example.needs_zip else folder
        if example.needs_zip:
            example.pack(folder, subject)
        for finding in lint([subject], Plan(select=(rule.code,))).findings:
            yield from text.lines(replace(finding, package="" if finding.found.path else subject.name))


def _seed() -> Iterator[str]:
    yield "## What Tencent's sample gets"
    yield ""
    yield "The Bash bootstrap and handler of page 583/38130, as they stand there:"
    yield ""
    yield "| finding | fault |"
    yield "|---|---|"
    for each in tomllib.loads(SEED_FINDINGS.read_text("utf-8"))["finding"]:
        yield f"| `{each['path']}:{each['line']}` {each['code']} | {_cell(each['fault'])} |"


def _cell(content: str) -> str:
    return content.replace("|", "\\|").replace("\n", " ")
