"""A shell script as its commands in the order in which they run, functions where they are called.

The grammar gives up on some valid Bash, so a script that `has_doubt` must not be accused of what was not found in it.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from scf_gen.lint.context import Context
from scf_gen.lint.package import File
from scf_gen.lint.source import Node, matches, text, tree_of

GRAMMAR = "tree_sitter_bash"
# A longer script is left alone: it carries data, or wants to keep the linter busy.
LIMIT_BYTES = 64 << 10
_DEFINITIONS = "(function_definition name: (word) @name body: (_) @body)"
_ASSIGNMENTS = "(variable_assignment name: (variable_name) @name value: (_) @value)"
_LOOP_VARIABLES = "(for_statement variable: (variable_name) @name)"
_CALL_DEPTH = 20
_VARIABLE = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})")
_ARRAY = re.compile(r'"?\$\{([A-Za-z_]\w*)\[[@*]\]\}"?')
_ATTEMPT = re.compile(r"^\s*(?:if|elif|while|until)\b|2>\s*/dev/null|&>\s*/dev/null|\|\|\s*(?:true\b|:)")
_LOOPS = ("while_statement", "for_statement", "c_style_for_statement")
_READERS = frozenset({"read", "readarray", "mapfile", "printf", "getopts", "unset"})
# They start the program that is named in their arguments.
_PREFIXES = frozenset({"exec", "command", "env", "nohup", "time", "timeout", "nice", "stdbuf", "builtin"})


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a command.

    `guarded`: its failure is looked at, or does not count for `set -e`. `fed`: something else gives it its stdin.
    `reached`: the main program gets there by calls that can be seen.
    """

    in_loop: bool = False
    guarded: bool = False
    assigning: bool = False
    fed: bool = False
    reached: bool = True
    callers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command, as it is written."""

    text: str
    node: Node


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its words; its name is the first one's last part, redirections are not among them."""

    name: str
    words: tuple[Word, ...]
    node: Node
    around: Around

    @property
    def arguments(self) -> tuple[str, ...]:
        """Its other words, without quotes."""
        return tuple(unquoted(word.text) for word in self.words[1:])

    @property
    def started(self) -> "Command":
        """The command that `exec`, `timeout` and the like start; itself if it is none of them."""
        command = self
        while command.name in _PREFIXES:
            at = next((at for at, word in enumerate(command.words) if at and _names_program(word.text)), 0)
            if not at:
                break
            words = command.words[at:]
            command = replace(command, name=_name(words[0].text), words=words)
        return command


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirection such as `>>file`."""

    operator: str
    target: Word
    around: Around


class Script:
    """One shell file."""

    def __init__(self, file: File, context: Context) -> None:
        self.file = file
        self._tree = tree_of(file, GRAMMAR, context.cache)
        self.has_doubt = self._tree.root_node.has_error
        found = matches(self._tree, GRAMMAR, _DEFINITIONS)
        self.functions = {self._text(match["name"][0]): match["body"][0] for match in found}
        self.commands: list[Command] = []
        self.redirects: list[Redirect] = []
        self.recursive = False
        self._called: set[tuple[str, bool, bool]] = set()
        self._walk(self._tree.root_node, Around())
        for name in set(self.functions) - {called for called, *_ in self._called}:
            self._walk(self.functions[name], Around(reached=False))

    @cached_property
    def code(self) -> str:
        """Its text without lines that are comments."""
        lines = self.file.content.decode(errors="replace").split("\n")
        return "\n".join("" if line.lstrip().startswith("#") else line for line in lines)

    @cached_property
    def assignments(self) -> dict[str, list[str]]:
        """Every text that a variable is set to, "$" for what cannot be told."""
        found: dict[str, list[str]] = {}
        for match in matches(self._tree, GRAMMAR, _ASSIGNMENTS):
            name, value = match["name"][0], match["value"][0]
            plain = self.file.content[name.end_byte : value.start_byte] == b"="
            found.setdefault(self._text(name), []).append(self._text(value) if plain else "$")
        for match in matches(self._tree, GRAMMAR, _LOOP_VARIABLES):
            found.setdefault(self._text(match["name"][0]), []).append("$")
        for command in self.commands:
            for argument in command.arguments if command.name in _READERS else ():
                found.setdefault(argument, []).append("$")
        return found

    @cached_property
    def of_handler(self) -> frozenset[str]:
        """The variables whose value comes from _HANDLER."""
        names = {"_HANDLER"}
        for _ in range(5):
            pattern = re.compile(r"\$\{?(?:" + "|".join(map(re.escape, names)) + r")\b")
            names |= {name for name, texts in self.assignments.items() if any(map(pattern.search, texts))}
        return frozenset(names)

    def is_of_handler(self, word: Word) -> bool:
        """Whether a word is made from _HANDLER."""
        return any(name in self.of_handler for name in re.findall(r"\$\{?([A-Za-z_]\w*)", word.text))

    def resolve(self, written: str) -> str:
        """A word without its quotes, and with the variables in it that have one known value."""
        for _ in range(3):
            known = _VARIABLE.sub(lambda found: self._value(found[1] or found[2]) or found[0], written)[:4096]
            if known == written:
                break
            written = known
        return unquoted(written)

    def expand(self, words: tuple[Word, ...]) -> Iterator[tuple[str, Word]]:
        """The words as a program gets them, as far as can be told; "$" for an unknown number of them."""
        for word in words:
            array = _ARRAY.fullmatch(word.text)
            single = _VARIABLE.fullmatch(word.text)
            if array or single:
                name = array[1] if array else (single and (single[1] or single[2])) or ""
                value = self._value(name)
                parts = _split(value.removeprefix("(").removesuffix(")")) if value is not None else ["$"]
                yield from ((self.resolve(part), word) for part in parts)
            else:
                yield self.resolve(word.text), word

    @cached_property
    def errexit(self) -> bool:
        """Whether a command that fails ends it: `set -e`, and no `set +e` anywhere."""
        words = [word for command in self.commands if command.name == "set" for word in command.arguments]
        on = any(re.fullmatch(r"-[A-Za-z]*e[A-Za-z]*", word) or word == "errexit" for word in words)
        off = any(re.fullmatch(r"\+[A-Za-z]*e[A-Za-z]*", word) for word in words) or "set +o errexit" in self.code
        by_shebang = any(re.fullmatch(r"-[a-z]*e[a-z]*", word) for word in self.file.shebang[1:])
        return (on or by_shebang) and not off

    def line(self, node: Node) -> str:
        """The line in which a node starts, or the start of it."""
        start = node.start_byte - node.start_point.column
        return self.file.content[start : start + 500].partition(b"\n")[0].decode(errors="replace")

    def is_attempt(self, node: Node) -> bool:
        """Whether its line shows that it may fail: a condition, or a failure that is hidden."""
        return bool(_ATTEMPT.search(self.line(node)))

    def _value(self, name: str) -> str | None:
        values = set(self.assignments.get(name, ()))
        value = values.pop() if len(values) == 1 else None
        return None if value is None or value == "$" or "$(" in value or "`" in value else value

    def _text(self, node: Node) -> str:
        return text(self.file, node)

    def _walk(self, start: Node, around: Around) -> None:
        stack = [(start, around)]
        while stack:
            node, around = stack.pop()
            if node.type == "function_definition":
                continue
            if node.type == "command":
                command = self._command(node, around)
                self.commands.append(command)
                stack += self._body(command)
            elif node.type == "file_redirect":
                self._add_redirect(node, around)
            if node.child_count:
                stack += reversed(list(_children(node, around)))

    def _command(self, node: Node, around: Around) -> Command:
        parts = (*node.children_by_field_name("name"), *node.children_by_field_name("argument"))
        words = tuple(Word(self._text(part), part) for part in parts)
        return Command(_name(words[0].text) if words else "", words, node, around)

    def _body(self, command: Command) -> Iterator[tuple[Node, Around]]:
        around, name = command.around, command.name
        self.recursive |= name in around.callers
        key = (name, around.in_loop, around.guarded)
        if name in self.functions and key not in self._called and len(around.callers) < _CALL_DEPTH:
            self._called.add(key)
            yield self.functions[name], replace(around, callers=(*around.callers, name))

    def _add_redirect(self, node: Node, around: Around) -> None:
        target = node.child_by_field_name("destination")
        operator = next((child.type for child in node.children if not child.is_named), "")
        if target:
            self.redirects.append(Redirect(operator, Word(self._text(target), target), around))


def unquoted(word: str) -> str:
    """A word without quotation marks."""
    return word.replace('"', "").replace("'", "")


def _name(word: str) -> str:
    return unquoted(word).rpartition("/")[2]


def _split(words: str) -> list[str]:
    try:
        return shlex.split(words)
    except ValueError:
        return words.split()


def _names_program(word: str) -> bool:
    return not word.startswith("-") and "=" not in word and not word[:1].isdigit()


def _children(node: Node, around: Around) -> Iterator[tuple[Node, Around]]:
    kind, children = node.type, node.children
    fed = around.fed or (kind == "redirected_statement" and any(map(_feeds, children)))
    # What stands between `if` or `while` and `then` or `do`.
    body = next((at for at, child in enumerate(children) if child.type in ("then", "do_group")), len(children))
    for at, child in enumerate(children):
        # The operator before or after a child tells what its failure means.
        after = children[at + 1].type if at + 1 < len(children) else ""
        inside = replace(around, fed=True) if fed and not around.fed else around
        if kind in _LOOPS:
            inside = replace(inside, in_loop=True)
        if _is_guarded(kind, child.type, after, around) and child.is_named:
            inside = replace(inside, guarded=True)
        if (kind == "pipeline" and at) or child.type == "heredoc_body" or (kind, child.type) in _FEEDERS:
            inside = replace(inside, fed=True)
        if child.type in ("variable_assignment", "command", "declaration_command", "test_command"):
            inside = replace(inside, assigning=child.type == "variable_assignment" and kind not in _MASKS)
        if kind in ("if_statement", "while_statement", "elif_clause"):
            inside = replace(inside, guarded=around.guarded or at < body)
        yield child, inside


_FEEDERS = frozenset({("command", "herestring_redirect")})
_MASKS = frozenset({"declaration_command", "command"})


def _is_guarded(kind: str, child: str, after: str, around: Around) -> bool:
    return (
        kind == "negated_command"
        or (kind == "list" and after in ("&&", "||"))
        or (kind == "pipeline" and after in ("|", "|&"))
        or after == "&"
        or kind == "process_substitution"
        or (child == "command_substitution" and not around.assigning)
    )


def _feeds(node: Node) -> bool:
    return node.type in ("heredoc_redirect", "herestring_redirect") or (
        node.type == "file_redirect" and any(child.type in ("<", "<&") for child in node.children)
    )


def script_of(file: File, context: Context) -> Script:
    """The script in a file, read once for all rules."""
    key = ("script", file.path)
    if key not in context.cache:
        context.cache[key] = Script(file, context)
    script: Script = context.cache[key]
    return script
