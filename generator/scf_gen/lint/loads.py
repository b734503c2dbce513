"""What the handler's file loads at its top level, and what the files do that it loads: as far as that is certain."""

import posixpath
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, takewhile

from scf_gen.languages.imports import Form, Imports
from scf_gen.languages.language import Language
from scf_gen.lint.context import Context
from scf_gen.lint.handler_file import handler_source
from scf_gen.lint.layout import is_dependency, would_be_packed
from scf_gen.lint.package import File
from scf_gen.lint.protocol import protocol_of
from scf_gen.lint.source import Node, is_whole, matches, text, tree_of

_FILES_LIMIT = 100
_MATCHES_LIMIT = 100
# What is nested deeper, or more, wants to keep the linter busy.
_DEPTH_LIMIT = 30
_LOADS_LIMIT = 1000
_PACKAGES_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Load:
    """A name that a file loads: what follows its path in files' names, its path from the root, or its package.

    A path begins with a slash, or with ".." where it leads out of the package. `members` are paths of parts of it.
    """

    file: File
    node: Node
    name: str
    files: str
    path: str = ""
    package: str = ""
    stranded: bool = False
    members: tuple[str, ...] = ()


class Paths:
    """The files of a package, to be found by the start of their paths."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._packages: dict[str, bool] = {}
        self._files: Mapping[str, File] = {f"/{path}": file for path, file in context.package.files.items()}

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._files)

    def found(self, path: str, rest: str) -> list[File]:
        """The files whose names are `path` and what `rest` matches; else links and unreadable folders on the way."""
        above = (path[:at] for at, letter in enumerate(f"{path}/") if letter == "/")
        if gates := [self._files[name] for name in above if name in self._files and not self._files[name].is_regular]:
            return gates
        start = bisect_left(self._sorted, path)
        near = takewhile(lambda name: name.startswith(path), islice(self._sorted, start, None))
        fitting = (name for name in near if re.fullmatch(rest, name[len(path) :]))
        return [self._files[name] for name in islice(fitting, _MATCHES_LIMIT)]

    def nearest(self, path: str) -> str:
        """A file there whose name differs in its case or its suffix only, if there is one."""
        return self._stems.get(_stem(path), "")[1:]

    @cached_property
    def _stems(self) -> Mapping[str, str]:
        return {_stem(path): path for path in reversed(self._sorted)}

    def has_package(self, name: str) -> bool:
        """Whether it lies anywhere in there: an interpreter of the package's own may have a folder for such."""
        if name not in self._packages and len(self._packages) < _PACKAGES_LIMIT:
            near = (path for path in self._sorted if f"/{name}" in path)
            ends = (f"/{name}/", f"/{name}.")
            self._packages[name] = bool(self.found(f"/{name}", "(?:[./].*)?")) or any(
                path.endswith(f"/{name}") or any(end in path for end in ends) for path in near
            )
        return self._packages.get(name, True)

    def has_any(self, pattern: str) -> bool:
        """Whether there is a file whose path holds a match of `pattern`."""
        return bool(pattern) and any(re.search(pattern, path) for path in self._sorted)

    def would_be_packed(self, files: list[File]) -> bool:
        """Whether any of these goes into the package."""
        return any(would_be_packed(self._context, file) for file in files)


def _stem(path: str) -> str:
    return posixpath.splitext(path)[0].casefold()


class Loads:
    """The files that are loaded, the handler's first, and all that they load."""

    def __init__(self, context: Context, start: File, language: Language, imports: Imports) -> None:
        self.context, self.language, self.imports = context, language, imports
        self.paths = Paths(context)
        self.files: dict[str, File] = {start.path: start}
        self.all: list[Load] = []
        self._plain: dict[str, set[int]] = {}
        waiting = [start]
        while waiting and len(self.all) < _LOADS_LIMIT:
            for load in islice(self._loads_of(waiting.pop(0)), _LOADS_LIMIT):
                self.all.append(load)
                for file in self._followed(load):
                    if file.path not in self.files and len(self.files) < _FILES_LIMIT:
                        self.files[file.path] = file
                        waiting.append(file)

    @cached_property
    def is_mixed(self) -> bool:
        """Whether others' files lie among the function's own, which are not looked into then."""
        return self.paths.has_any(self.imports.installed)

    @cached_property
    def is_excused(self) -> bool:
        """Whether something may change where files are looked for."""
        protocol = protocol_of(self.context)
        bootstrap = self.context.bootstrap
        if any("/" in file.path for file in protocol.speakers) or (bootstrap and not bootstrap.is_text):
            return True  # what is started there may look for files beside itself, and a program anywhere
        running = [*self.files.values(), *protocol.speakers, bootstrap]
        env = self.context.function.get("env", {})
        texts = [protocol.code(file) for file in running if file and file.is_text]
        texts.append("\n".join(env if isinstance(env, dict) else ()).encode(errors="replace"))
        unless = re.compile(self.imports.unless.encode())
        return any(unless.search(code) for code in texts)

    def _loads_of(self, file: File) -> Iterator[Load]:
        grammar = self.language.source.grammar
        tree = tree_of(file, grammar, self.context.cache)
        if tree.root_node.has_error or not file.is_whole or not is_whole(file):
            return
        for form in self.imports.forms:
            for match in matches(tree, grammar, form.query):
                members = [text(file, node) for node in match.get("member", ())]
                yield from (
                    self._load(file, node, form, members) for node in match["name"] if self.is_plain(file, node)
                )

    def is_plain(self, file: File, node: Node) -> bool:
        """Whether nothing is around a node of the file's that may keep it from running."""
        if file.path not in self._plain:
            tree = tree_of(file, self.language.source.grammar, self.context.cache)
            self._plain[file.path] = set(self._plain_below(tree.root_node))
        return node.id in self._plain[file.path]

    def _plain_below(self, root: Node) -> Iterator[int]:
        # From above, since a node looks for its parent from the root on.
        level = [root]
        for _ in range(_DEPTH_LIMIT):
            yield from (node.id for node in level)
            level = [child for node in level if node.type in self.imports.plain for child in node.named_children]

    def _load(self, file: File, node: Node, form: Form, members: Sequence[str]) -> Load:
        name, imports = text(file, node), self.imports
        package = re.match(imports.package, name) if imports.package else None
        load = Load(file, node, name, form.files, package=package[1] if package else "")
        folder = posixpath.dirname(f"/{file.path}")
        if here := re.fullmatch(imports.here, name):
            load = replace(
                load, path=self._joined(folder, here["path"]), stranded=bool(imports.stranded) and folder == "/"
            )
        elif (load.package or not imports.package) and (root := re.fullmatch(imports.root, name)):
            load = replace(load, path=self._joined("/", root["path"]))
        return replace(load, members=tuple(f"{load.path}/{member}" for member in members if load.path))

    def _joined(self, folder: str, path: str) -> str:
        if self.imports.dotted:
            names = path.lstrip(".")
            path = "../" * max(len(path) - len(names) - 1, 0) + names.replace(".", "/")
        # From a folder of its own, so that it is seen when a path leads out of that.
        joined = posixpath.normpath(f"code{folder}/{path}")
        return joined.removeprefix("code") if joined == "code" or joined.startswith("code/") else f"../{joined}"

    def _followed(self, load: Load) -> Iterator[File]:
        if self.is_mixed or load.stranded:
            return
        for path in (*self._parents(load.path), load.path, *load.members):
            every = [self.context.package.files.get(f"{path}{end}"[1:]) for end in self.imports.follows]
            own = (file for file in every if file and file.suffix in self.language.suffixes)
            yield from islice((file for file in own if file.is_text and not is_dependency(file.path)), 1)

    def _parents(self, path: str) -> Iterator[str]:
        """Of a.b.c, a and a.b are loaded, too."""
        parts = path.split("/")
        return ("/".join(parts[:length]) for length in range(2, len(parts) if self.imports.dotted else 0))


def loads_of(context: Context) -> Loads | None:
    """What the handler's file loads, looked for once for all rules; None where that cannot be known."""
    if loads_of not in context.cache:
        found = handler_source(context)
        imports = found[1].source.imports if found else None
        context.cache[loads_of] = Loads(context, *found, imports) if found and imports else None
    loads: Loads | None = context.cache[loads_of]
    return loads
