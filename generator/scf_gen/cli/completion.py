"""scf-gen completion"""

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


HELP = """Print the completion script of SHELL, to be sourced from its start file.

\b
  bash   eval "$(scf-gen completion bash)"   in ~/.bashrc
  zsh    eval "$(scf-gen completion zsh)"    in ~/.zshrc
  fish   scf-gen completion fish | source    in ~/.config/fish/config.fish
"""


@click.command("completion", help=HELP)
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the script."""
    from scf_gen.cli import cli

    shell_complete = get_completion_class(shell)
    assert shell_complete is not None  # noqa: S101
    click.echo(shell_complete(cli, {}, "scf-gen", "_SCF_GEN_COMPLETE").source())
