"""Rules 201 to 208 and 212: the file that SCF starts. What a program in it needs is in elf_rules."""

import shlex
from collections.abc import Iterator
from pathlib import PurePosixPath

from scf_gen.core import contract
from scf_gen.lint.context import Context
from scf_gen.lint.elf import ELF_MAGIC, foreign_format
from scf_gen.lint.file import UTF8_MARK
from scf_gen.lint.finding import Found, Rename, SetMode, Severity
from scf_gen.lint.layout import bootstrap_folders, extra_folder
from scf_gen.lint.package import File
from scf_gen.lint.rule import check_of
from scf_gen.lint.script_rules import without_crlf, without_mark
from scf_gen.lint.wording import shown

WEB_BOOTSTRAP = "scf_bootstrap"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ENDINGS = ("", ".sh", ".bash", ".txt")


@check_of("SCF201")
def missing(context: Context) -> Iterator[Found]:
    """No bootstrap at the root (START-MISSING)."""
    told_otherwise = WEB_BOOTSTRAP in context.package.top or bootstrap_folders(context.package)
    if _is_missing(context) and not told_otherwise:
        misnamed = [path for path in context.package.top if path.casefold() in _MISNAMES]
        packed = "pack the function's folder: scf-gen package" if context.package.packed else ""
        hint = f"{misnamed[0]} has to be named {contract.BOOTSTRAP}" if misnamed else packed
        edits = (Rename(misnamed[0], contract.BOOTSTRAP),) if len(misnamed) == 1 else ()
        yield Found(f"there is no {contract.BOOTSTRAP} at the root", hint=hint, edits=edits)


_MISNAMES = frozenset(contract.BOOTSTRAP + ending for ending in _ENDINGS)


def _is_missing(context: Context) -> bool:
    return context.bootstrap is None and not _is_folder(context) and not context.is_unbuilt


def _is_folder(context: Context) -> bool:
    package = context.package
    return any(path.startswith(f"{contract.BOOTSTRAP}/") for path in package.files) or (
        not package.packed and (package.path / contract.BOOTSTRAP).is_dir()
    )


@check_of("SCF202")
def not_executable(context: Context) -> Iterator[Found]:
    """A bootstrap without the permission to execute it (START-EXECUTABLE)."""
    file = context.bootstrap
    if file and file.is_regular and not file.is_executable:
        yield Found(f"{file.path} is not executable", file.path, edits=(SetMode(file.path, 0o755),))


@check_of("SCF203")
def crlf(context: Context) -> Iterator[Found]:
    """A script with CRLF line ends (START-BROKEN)."""
    file = context.bootstrap
    if file and file.shebang and file.has_crlf:
        yield Found(f"{file.path} has CRLF line ends", file.path, 1, len(file.first_line), edits=without_crlf(file))


@check_of("SCF204")
def byte_order_mark(context: Context) -> Iterator[Found]:
    """A script after a byte order mark (START-BROKEN)."""
    file = context.bootstrap
    if file is None:
        return
    if file.head.startswith(UTF8_MARK + b"#!"):
        yield Found(f"{file.path} starts with a byte order mark", file.path, 1, edits=without_mark(file))
    elif file.head.startswith(_UTF16_MARKS):
        hint = "save it as UTF-8 without a byte order mark"
        yield Found(f"{file.path} is UTF-16", file.path, 1, hint=hint, scf_message=_NEITHER)


_NEITHER = "ReloadFail: Bootstrap is neither a script with a #! line nor an x86-64 program"


@check_of("SCF205")
def no_shebang(context: Context) -> Iterator[Found]:
    """Neither a script with a #! line nor a program (START-BROKEN)."""
    file = context.bootstrap
    if file is None or not file.is_regular or file.trouble:
        return
    start = file.head
    told_otherwise = start.startswith((UTF8_MARK + b"#!", *_UTF16_MARKS)) or foreign_format(start)
    if not start.startswith((b"#!", ELF_MAGIC)) and not told_otherwise:
        what = "has no #! line" if start and file.is_text else "is no program" if start else "is empty"
        yield Found(f"{file.path} {what}", file.path, 1)


@check_of("SCF206")
def interpreter(context: Context) -> Iterator[Found]:
    """An interpreter that SCF does not have (START-BROKEN)."""
    file = context.bootstrap
    if file is None or not file.first_line.startswith(b"#!"):
        return
    if not file.shebang:
        yield Found(f"{file.path} names no interpreter after #!", file.path, 1)
        return
    path, *arguments = file.shebang
    if PurePosixPath(path).name == "env" and path in context.target.interpreters:
        yield from _by_env(context, file, arguments)
    else:
        yield from _by_path(context, file, path)


def _by_env(context: Context, file: File, arguments: list[str]) -> Iterator[Found]:
    """`env` looks for its one argument on SCF's PATH; it ends with status 127 where there is no such program."""
    on_path = {PurePosixPath(path).name for path in context.target.interpreters}
    exits = "Bootstrap exited with status 127 before ready"
    if len(arguments) > 1:
        message = f"env gets {' '.join(arguments)!r} as one word, and there is no such program"
        hint = "name the interpreter's path, such as #!/bin/bash -e"
        yield Found(message, file.path, 1, hint=hint, scf_message=exits)
    elif arguments and arguments[0] not in on_path:
        message = f"{shown(arguments[0])} is not on SCF's PATH"
        yield Found(message, file.path, 1, hint=_instead(context, arguments[0]), scf_message=exits)


def _by_path(context: Context, file: File, path: str) -> Iterator[Found]:
    known = {path for language in context.languages.values() for path in language.interpreters}
    if path in context.target.interpreters or path in known:
        return
    if path.startswith(f"{contract.LAYER_ROOT}/"):
        message = f"{shown(path)} has to come from a layer"
        yield Found(message, file.path, 1, hint="bind the layer that has it", severity=Severity.INFO)
        return
    inside = path.removeprefix(f"{contract.CODE_ROOT}/").removeprefix("./")
    own = context.package.files.get(inside)
    if inside.startswith("/") or own is None:
        message = (
            f"SCF has no {shown(path)}" if inside.startswith("/") else f"there is no {shown(inside)} in the package"
        )
        yield Found(message, file.path, 1, hint=_instead(context, PurePosixPath(path).name))
    elif own.is_regular and not own.is_executable:
        hint, edits = f"chmod 755 {shlex.quote(inside)}", (SetMode(own.path, 0o755),)
        yield Found(f"{shown(inside)} is not executable", file.path, 1, hint=hint, edits=edits)


def _instead(context: Context, program: str) -> str:
    """What SCF has of the language that the program runs, or what else to do."""
    plain = program.rstrip("0123456789.")
    for language in context.languages.values():
        if language.interpreters and any(tool.name.rstrip("0123456789.") == plain for tool in language.tools):
            return f"SCF's own images have {', '.join(language.interpreters)}; to be sure, ship one in the package"
    if any(PurePosixPath(path).name == plain for path in context.target.interpreters):
        return f"SCF has /bin/{plain}"
    return context.target.missing_commands.get(program, "")


@check_of("SCF207")
def web_bootstrap(context: Context) -> Iterator[Found]:
    """The start file of a web function (START-NAME)."""
    if _is_missing(context) and WEB_BOOTSTRAP in context.package.top:
        yield Found(f"{WEB_BOOTSTRAP} starts a web function, not a Custom Runtime", WEB_BOOTSTRAP)


@check_of("SCF208")
def in_subfolder(context: Context) -> Iterator[Found]:
    """The bootstrap is in a folder (START-NAME)."""
    if not _is_missing(context) or WEB_BOOTSTRAP in context.package.top or extra_folder(context.package):
        return
    if folders := bootstrap_folders(context.package):
        path = f"{folders[0]}/{contract.BOOTSTRAP}"
        yield Found(f"{contract.BOOTSTRAP} lies in {folders[0]}/, not at the root", path)


@check_of("SCF212")
def not_a_file(context: Context) -> Iterator[Found]:
    """A bootstrap that is a folder, a pipe, or a link to nothing (START-MISSING, START-EXECUTABLE)."""
    file = context.bootstrap
    if _is_folder(context):
        yield Found(f"{contract.BOOTSTRAP} is a folder", contract.BOOTSTRAP)
    elif file is not None and file.is_link:
        yield from _link(context, file)
    elif file is not None and not file.is_regular:
        yield Found(f"{file.path} is no file", file.path)


def _link(context: Context, file: File) -> Iterator[Found]:
    path = context.package.path / file.path
    hint = "put the file itself in its place"
    if context.package.packed:
        yield Found(f"{file.path} is a link", file.path, hint=hint)
    elif not path.is_file():
        missing = "" if path.exists() else "ReloadFail: Bootstrap not found"
        yield Found(f"{file.path} is a link that leads to no file", file.path, hint=hint, scf_message=missing)
