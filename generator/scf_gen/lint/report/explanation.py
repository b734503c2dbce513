"""The rules: all in a table, and one with all that is known of it, for people and as JSON."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from scf_gen.core.contract import CLAUSES
from scf_gen.errors import BadAnswer
from scf_gen.lint.rule import Rule, rules
from scf_gen.lint.selection import nearest_rules
from scf_gen.lint.shellcheck import code_of, url

_CLAUSES = {clause.id: clause for clause in CLAUSES}
_WIDTH = 100


def listing() -> str:
    """A line a rule: code, severity, name, what it finds, and whether --fix mends it."""
    names = max(len(rule.name) for rule in rules().values())
    lines = [
        f"{rule.code}  {rule.severity:7}  {rule.name:{names}}  {rule.what}{' [--fix]' if rule.fixable else ''}\n"
        for rule in rules().values()
    ]
    shellcheck = f"SC…     {'':7}  {'shellcheck':{names}}  What ShellCheck finds, under its own codes.\n"
    return "".join([*lines, shellcheck])


def explain(name: str) -> str:
    """All about the rule with this code or name; raises BadAnswer if there is none."""
    if code := code_of(name):
        return f"{code} is a rule of ShellCheck's: {url(code)}\n"
    return "\n".join(_paragraphs(_named(name))) + "\n"


def listing_json() -> str:
    """{"rules": [{"code", "name", "severity", "fixable", "clauses", "what", "why", "fix", "hint", …}]}"""
    return json.dumps({"rules": [_data(rule) for rule in rules().values()]}, ensure_ascii=False, indent=2) + "\n"


def explain_json(name: str) -> str:
    """The same of one rule, alone; of ShellCheck's code, name and url. Raises BadAnswer if there is none."""
    code = code_of(name)
    data = {"code": code, "name": f"shellcheck-{code.lower()}", "url": url(code)} if code else _data(_named(name))
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _data(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity,
        "fixable": rule.fixable,
        "clauses": rule.clauses,
        "scf_message": rule.scf_message,
        "what": rule.what,
        "why": rule.why,
        "fix": rule.fix,
        "hint": rule.hint,
    }


def _named(name: str) -> Rule:
    rule = next((rule for rule in rules().values() if name.upper() == rule.code or name.lower() == rule.name), None)
    if rule is None:
        raise BadAnswer(f"there is no rule {name!r}", nearest_rules(name))
    return rule


def _paragraphs(rule: Rule) -> Iterator[str]:
    yield f"{rule.code} {rule.name} ({rule.severity}{', --fix mends it' if rule.fixable else ''})"
    for title, text in (("What", rule.what), ("Why", rule.why), ("Fix", rule.fix)):
        yield from ("", f"{title}: {text}" if "\n" in text else textwrap.fill(f"{title}: {text}", _WIDTH))
    if rule.scf_message:
        yield from ("", f"SCF: {rule.scf_message}")
    if rule.clauses:
        yield from ("", "Contract:")
        yield from (_clause(id_) for id_ in rule.clauses)
    for kind in ("bad", "good"):
        if example := next(iter(rule.text.get(kind, ())), None):
            yield from ("", f"{kind.capitalize()}:")
            yield from (f"  {line}".rstrip() for line in example_lines(example))


def _clause(id_: str) -> str:
    clause = _CLAUSES[id_]
    source = ", ".join(filter(None, (clause.certainty, clause.source)))
    return textwrap.fill(f"{id_}: {clause.text} ({source})", _WIDTH, initial_indent="  ", subsequent_indent="    ")


def example_lines(example: Mapping[str, Any]) -> Iterator[str]:
    """The files of an example and what is special about them; the rest is as in a small correct function."""
    if example.get("zip"):
        yield "(in a ZIP)"
    for path, text in example.get("files", {}).items():
        if isinstance(text, str):
            yield f"{path}:"
            yield from (f"  {line}" for line in text.strip("\n").split("\n"))
        else:
            yield f"no {path}"
    for path in example.get("base64", {}):
        yield f"{path}: (binary)"
    for path in example.get("crlf", ()):
        yield f"{path}: with CRLF line ends"
    for path, mode in example.get("modes", {}).items():
        yield f"{path}: mode {mode}"
    for path, target in example.get("links", {}).items():
        yield f"{path}: a link to {target}"
    for path in example.get("entries", {}):
        yield f"{path}: an entry of the ZIP"
