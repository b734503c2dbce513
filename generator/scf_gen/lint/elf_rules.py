"""Rules 209 to 211: programs and libraries, the bootstrap or beside it."""

import posixpath
import re
from collections.abc import Iterator, Sequence

from scf_gen.core import contract
from scf_gen.lint.context import Context
from scf_gen.lint.elf import (
    ELF_LIMIT_BYTES,
    ELF_MAGIC,
    Budget,
    Need,
    Program,
    built_for,
    foreign_format,
    read_program,
)
from scf_gen.lint.finding import Found, Severity
from scf_gen.lint.layout import would_be_packed
from scf_gen.lint.package import File
from scf_gen.lint.rule import check_of
from scf_gen.lint.target import version_of
from scf_gen.lint.wording import shown

# A package may bring files for several platforms, each in a folder or file named for its own.
_OTHER_PLATFORM = re.compile(
    r"(?<![a-z])(?:linux)?(?:arm|armhf|armel|armv\d|aarch|musl|alpine|darwin|macos|win|windows|ia|i[36]86|s390x|ppc|ppc64le"
    r"|powerpc|mips|mipsel|riscv|loong|loongarch|freebsd|openbsd|netbsd|android|sunos)(?![a-z])",
    re.IGNORECASE,
)
_LIBRARY = re.compile(r"\.so(?:\.[\d.]+)?$|\.node$")
_ANOTHER_MACHINE = "ReloadFail: Bootstrap is built for another machine than x86-64"
_NO_PROGRAM = "ReloadFail: Bootstrap is neither a script with a #! line nor an x86-64 program"
# What the loader's own words end in: a version that is missing gives status 1, a library 127.
_NO_VERSION = "Bootstrap exited with status 1 before ready"
_NO_LIBRARY = "Bootstrap exited with status 127 before ready"
_LISTED = 3


@check_of("SCF209")
def machine(context: Context) -> Iterator[Found]:
    """A program for another machine or system (START-BROKEN)."""
    bootstrap = context.bootstrap
    if bootstrap and (kind := foreign_format(bootstrap.head)):
        yield Found(f"{bootstrap.path} is {kind}", bootstrap.path, scf_message=_NO_PROGRAM)
    for file in _files(context):
        built = built_for(file.head)
        is_bootstrap = file.path == contract.BOOTSTRAP
        if built is None:
            if is_bootstrap:
                yield Found(f"{file.path} is a damaged program", file.path)
        elif built.machine:
            yield _found(file, f"is built for {built.machine}", _ANOTHER_MACHINE)
        elif built.system:
            yield _found(file, f"is built for {built.system}")
        elif built.is_object and is_bootstrap:
            yield Found(f"{file.path} is an object file that is still to be linked", file.path)


@check_of("SCF210")
def versions(context: Context) -> Iterator[Found]:
    """A program that needs newer system libraries (START-BROKEN)."""
    for file, program in _programs(context):
        newest: dict[str, Need] = {}
        for need in sorted(program.needs, key=lambda need: _number(need.version)):
            if _is_too_new(context, need) and not _own_library(context, file, program, need.library):
                newest[_prefix(need)] = need
        if newest:
            needs = " and ".join(map(_told, newest.values()))
            has = " and ".join(f"{name}_{'.'.join(map(str, context.target.symbols[name]))}" for name in newest)
            yield _found(file, f"needs {needs}; {context.target.title} has {has}", _NO_VERSION)


def _told(need: Need) -> str:
    return shown(f"{need.version} (symbol {need.symbol})" if need.symbol else need.version)


def _prefix(need: Need) -> str:
    return need.version.partition("_")[0]


@check_of("SCF211")
def libraries(context: Context) -> Iterator[Found]:
    """A program that needs a library which is nowhere (START-BROKEN)."""
    for file, program in _programs(context):
        if program.loader and not _has_loader(context, program):
            message = f"needs the loader {shown(program.loader)}, which {context.target.title} does not have"
            yield _found(file, message)
            continue
        missing = [name for name in program.libraries if not _has_library(context, file, program, name)]
        if missing:
            more = f" and {len(missing) - _LISTED} more" if len(missing) > _LISTED else ""
            names = ", ".join(map(shown, missing[:_LISTED]))
            message = f"needs {names}{more}, neither in {context.target.title} nor where the loader looks"
            yield _found(file, message, _NO_LIBRARY)


def _files(context: Context) -> Sequence[File]:
    """The ELF files: the bootstrap, and others that are to be loaded on SCF's platform by their names and modes."""
    if _files not in context.cache:
        context.cache[_files] = [
            file
            for file in context.package.files.values()
            if file.is_regular and _is_loaded(context, file) and file.head.startswith(ELF_MAGIC)
        ]
    found: Sequence[File] = context.cache[_files]
    return found


def _is_loaded(context: Context, file: File) -> bool:
    if file.path == contract.BOOTSTRAP:
        return True
    is_for_loading = file.is_executable or bool(_LIBRARY.search(file.path))
    return is_for_loading and would_be_packed(context, file) and not _OTHER_PLATFORM.search(file.path)


def _programs(context: Context) -> Sequence[tuple[File, Program]]:
    """Those of them that SCF's machine could run, with what they need."""
    if _programs not in context.cache:
        budget = Budget()
        context.cache[_programs] = [
            (file, program)
            for file in _files(context)
            if (built := built_for(file.head)) and not (built.machine or built.system or built.is_object)
            if file.size <= ELF_LIMIT_BYTES and (program := read_program(file.read(ELF_LIMIT_BYTES), budget))
        ]
    found: Sequence[tuple[File, Program]] = context.cache[_programs]
    return found


def _found(file: File, what: str, scf_message: str = "") -> Found:
    """An error of the bootstrap, a warning of another file: it may be one that is never loaded."""
    if file.path == contract.BOOTSTRAP:
        return Found(f"{file.path} {what}", file.path, scf_message=scf_message)
    return Found(f"{file.path} {what}", file.path, severity=Severity.WARNING)


def _is_too_new(context: Context, need: Need) -> bool:
    has = context.target.symbols.get(_prefix(need))
    return has is not None and _number(need.version) > has


def _number(version: str) -> tuple[int, ...]:
    number = version.partition("_")[2]
    if re.fullmatch(r"\d{1,4}(?:\.\d{1,4}){0,3}", number):
        return version_of(number)
    # Not a version but a feature of the library, and of its loader.
    return _FEATURES.get(version, ())


_FEATURES = {"GLIBC_ABI_DT_RELR": (2, 36), "GLIBC_ABI_GNU2_TLS": (2, 42)}


def _has_loader(context: Context, program: Program) -> bool:
    if program.loader.startswith(f"{contract.LAYER_ROOT}/"):
        return True
    own = program.loader.removeprefix(f"{contract.CODE_ROOT}/")
    return program.loader == context.target.loader or own in context.package.files


def _has_library(context: Context, file: File, program: Program, name: str) -> bool:
    if name in context.target.libraries or _own_library(context, file, program, name):
        return True
    # A library may be found by what the program that loads it has loaded or set before.
    return file.path != contract.BOOTSTRAP and any(path.rpartition("/")[2] == name for path in context.package.files)


def _own_library(context: Context, file: File, program: Program, name: str) -> bool:
    """Whether the package has it where the loader looks: the file's own paths, then LD_LIBRARY_PATH."""
    origin = posixpath.dirname(f"{contract.CODE_ROOT}/{file.path}")
    folders = [path.replace("${ORIGIN}", "$ORIGIN").replace("$ORIGIN", origin) for path in program.search]
    paths = (posixpath.normpath(f"{folder}/{name}") for folder in (*folders, contract.CODE_ROOT))
    return any(path.removeprefix(f"{contract.CODE_ROOT}/") in context.package.files for path in paths)
