"""What goes into a function's package: the project's files, and the packages that it names."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from scf_gen.archive.source import is_package
from scf_gen.bundle import vendor
from scf_gen.bundle.ignore import IGNORE_FILE, Ignore
from scf_gen.bundle.select import Selection, select
from scf_gen.core.function import CONFIG_FILE
from scf_gen.core.packaging import Packaging
from scf_gen.languages.language import LANGUAGE_FILE, Language


def gather(
    project: Path,
    output: Path,
    packaging: Packaging,
    language: Language | None,
    staging: Path,
    say: Callable[[str], None],
) -> Selection:
    """Select the project's files, and those of the packages that it names, installed in the empty folder `staging`.

    The file `output` stays out wherever it lies. Of two files with one path the project's counts. What takes time is
    said beforehand. Raises PackageInvalid, and what installing raises.
    """
    exclude = (packaging.exclude, f"{project / CONFIG_FILE}: package.exclude")
    ignore = Ignore.defaults().with_lines(language.exclude if language else (), LANGUAGE_FILE)
    ignore = ignore.with_file(project / IGNORE_FILE).with_lines(*exclude)
    step = language.vendor if language and language.vendor and vendor.is_wanted(project, language.vendor) else None
    if language is None or step is None:
        return _own_files(project, output, ignore)
    # What lies there for this machine stays out: it is installed anew for SCF.
    own = _own_files(project, output, ignore.with_lines([f"/{step.folder}/"] if step.folder else [], LANGUAGE_FILE))
    say(f"installing what {project / step.manifest} names")
    folder = vendor.install(project, language, step, packaging.interpreter, staging)
    ignore = Ignore().with_lines(step.exclude, LANGUAGE_FILE).with_lines(*exclude)
    installed = select(folder, ignore, roots=[staging, project])
    files = {str(PurePosixPath(step.folder, name)): path for name, path in installed.files.items()}
    return Selection({**files, **own.files}, own.left_out)


def _own_files(project: Path, output: Path, ignore: Ignore) -> Selection:
    """The project's files but for packages, unless a pattern asks for them."""
    selection = select(project, ignore)
    files = {name: path for name, path in selection.files.items() if path != output.resolve()}
    zips = [name for name in files if name.lower().endswith(".zip") and ignore.verdict(name) is None]
    earlier = {name: "an earlier package" for name in zips if is_package(files[name])}
    return Selection(
        {name: path for name, path in files.items() if name not in earlier}, {**selection.left_out, **earlier}
    )
