"""scf-gen build"""

from pathlib import Path

import click

from scf_gen.cli.subject import check_folder, load_function
from scf_gen.core import contract
from scf_gen.errors import FunctionInvalid
from scf_gen.languages import catalog


@click.command("build")
@click.argument("path", type=click.Path(path_type=Path), default=".")
def command(path: Path) -> None:
    """Compile the function in PATH, if its language needs that."""
    from scf_gen.bundle.build import build

    check_folder(path, "built")
    function = load_function(path, path)
    if not function.lang:
        raise FunctionInvalid(f"{path} does not say its language", 'put lang = "…" into [function] of scf.toml')
    language = catalog.language(function.lang)
    if not build(path, language):
        click.echo(f"{language.title} needs no build.", err=True)
        return
    size_mb = (path / contract.BOOTSTRAP).stat().st_size / 1024 / 1024
    click.echo(f"{path / contract.BOOTSTRAP}  {size_mb:.1f} MB")
