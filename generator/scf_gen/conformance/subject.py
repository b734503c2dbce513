"""A copy of the code under test, with the conformance handler of its language."""

import errno
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from scf_gen.archive.ignore import IGNORE_FILE, Ignore
from scf_gen.bundle.build import build
from scf_gen.core import contract
from scf_gen.core.function import CONFIG_FILE, Function
from scf_gen.core.packaging import Packaging
from scf_gen.emulator.sandbox import Sandbox
from scf_gen.errors import FunctionInvalid, TemplateInvalid
from scf_gen.languages import toolbox
from scf_gen.languages.language import Language

CONFORMANCE = "scf_conformance"
HANDLER = f"{CONFORMANCE}.main_handler"

# Generous, since a busy machine is no fault of the bootstrap's; seconds.
TIMEOUT_S = 15
INIT_TIMEOUT_S = 15
# What the cases of the environment look for.
ENV = {"GREETING": "hello 😀"}


@dataclass(frozen=True, slots=True)
class Subject:
    """A bootstrap that can be judged: its code, what SCF would be told of it, and how it is run here.

    `speed` is for one without a clock of its own: the runtime API makes it wait so many times shorter than a case says.
    """

    code: Path
    function: Function
    programs: tuple[Path, ...] = ()
    sandbox: Sandbox | None = None
    speed: float = 1.0

    @property
    def root(self) -> Path:
        """The folder of the code, as the bootstrap sees it."""
        return Path(contract.CODE_ROOT) if self.sandbox else self.code.resolve()

    def reads(self, word: str) -> bool:
        """Whether a file beside the bootstrap, other than scf.toml, has a word such as a variable's name."""
        files = (path for path in self.code.iterdir() if path.is_file() and path.name != CONFIG_FILE)
        return any(word.encode() in path.read_bytes() for path in files)


@contextmanager
def copied(
    code: Path,
    function: Function,
    language: Language | None,
    handler: str | None,
    *,
    programs: tuple[Path, ...] = (),
    sandbox: Sandbox | None = None,
) -> Iterator[Subject]:
    """Copy `code`, add the handler of `language` unless `handler` names one, and build; the copy goes in the end.

    Raises FunctionInvalid where there is neither, TemplateInvalid for a language without such a handler,
    PermissionError for a file of the package that cannot be read, and what a build raises.
    """
    if language is None and handler is None:
        raise FunctionInvalid(
            f"scf-gen does not know the language {function.lang!r}"
            if function.lang
            else "nothing names the language: there is no scf.toml, or it does not",
            "say --lang, or name a handler as docs/conformance.md describes it with --handler",
        )
    with TemporaryDirectory(prefix="scf-gen-") as folder:
        copy = Path(shutil.copytree(code, Path(folder, "code"), symlinks=True, ignore=_not_copied(code)))
        copy.chmod(copy.stat().st_mode | stat.S_IRWXU)
        if language:
            has_source = any(copy.glob(f"*.{language.suffix}"))
            if handler is None:
                if language.build and not has_source:
                    raise FunctionInvalid(
                        f"there is no {language.title} source to compile the conformance handler with",
                        "judge the project's folder, or name a handler that is compiled in with --handler",
                    )
                _add_handler(copy, language)
            toolbox.require(language, "run")
            if has_source:
                build(copy, language)
        judged = replace(
            function,
            handler=handler or HANDLER,
            timeout_s=TIMEOUT_S,
            init_timeout_s=INIT_TIMEOUT_S,
            env={**function.env, **ENV},
        )
        yield Subject(copy, judged, programs, sandbox)


def _add_handler(copy: Path, language: Language) -> None:
    name = f"{CONFORMANCE}.{language.suffix}"
    source = language.folder / name
    if not source.is_file():
        raise TemplateInvalid(f"{source} is missing", "name a handler with --handler")
    (copy / name).unlink(missing_ok=True)
    shutil.copy(source, copy)


def _not_copied(project: Path) -> Callable[[str, list[str]], set[str]]:
    """What `copytree` leaves out: what no ZIP could hold either, what git keeps, and of what cannot be read that which
    no package holds; raises PermissionError for the rest.
    """

    def not_copied(folder: str, names: list[str]) -> set[str]:
        paths = [Path(folder, name) for name in names]
        return {
            path.name for path in paths if path.name == ".git" or not _is_plain(path) or not _is_readable(path, project)
        }

    return not_copied


def _is_plain(path: Path) -> bool:
    """Whether it is no pipe, socket or device."""
    mode = path.lstat().st_mode
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode)


def _is_readable(path: Path, project: Path) -> bool:
    is_folder = path.is_dir()
    if path.is_symlink() or os.access(path, os.R_OK | (os.X_OK if is_folder else 0)):
        return True
    name = str(path.relative_to(project))
    if not _left_out(project).verdict(f"{name}/" if is_folder else name):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    return False


def _left_out(project: Path) -> Ignore:
    ignore, config = Ignore.defaults().with_file(project / IGNORE_FILE), project / CONFIG_FILE
    if not config.is_file():
        return ignore
    return ignore.with_lines(Packaging.from_toml(config.read_text("utf-8-sig"), str(config)).exclude, str(config))
