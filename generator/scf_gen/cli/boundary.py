"""Where exceptions become exit statuses, and the only place that does so."""

import os
import sys
from collections.abc import Callable
from typing import Any

import click

from scf_gen.errors import ScfGenError

DONE = 0
SUBJECT_FAILED = 1  # the tool worked; the function, or what was looked at, did not
USAGE = 2
NOT_DONE = 3
BUG = 4
INTERRUPTED = 130


def exit_status(command: Callable[[], Any], *, debug: bool) -> int:
    """Run `command`; whatever it raises is told on stderr, in one line and a hint, and as a status."""
    try:
        status = _call(command)
        sys.stdout.flush()
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except click.ClickException as error:
        return _tell_click(error)
    except (BrokenPipeError, SystemExit):
        # The reader had enough (click makes an exit of that); keep Python from complaining when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return DONE
    except (ScfGenError, OSError) as error:
        return _tell(error, debug=debug)
    except Exception as error:  # noqa: BLE001
        return _tell_bug(error, debug=debug)
    return status if isinstance(status, int) else DONE


def _call(command: Callable[[], Any]) -> Any:
    """Call it; of several tasks' failures the first one counts."""
    try:
        return command()
    except BaseExceptionGroup as group:
        first: BaseException = group
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None


def _tell(error: ScfGenError | OSError, *, debug: bool) -> int:
    if debug:
        _show_traceback(error)
    if isinstance(error, ScfGenError):
        click.echo(f"error: {error.message}", err=True)
        if error.hint:
            click.echo(f"hint: {error.hint}", err=True)
        return error.exit_code
    place = f"{error.filename}: " if error.filename else ""
    click.echo(f"error: {place}{error.strerror or error}", err=True)
    return NOT_DONE


def _tell_click(error: click.ClickException) -> int:
    """In the same form as ours; click would begin with two lines of usage."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return USAGE
    message, hint = _words(error)
    click.echo(f"error: {message[:1].lower()}{message[1:]}", err=True)
    if not isinstance(error, click.UsageError):
        return NOT_DONE
    if error.ctx and not hint:
        hint = f"{error.ctx.command_path} --help says what there is"
    if hint:
        click.echo(f"hint: {hint}", err=True)
    return USAGE


def _words(error: click.ClickException) -> tuple[str, str]:
    """A message of one line, and a hint or nothing."""
    if isinstance(error, click.NoSuchOption) and error.possibilities:
        *others, last = sorted(error.possibilities)
        return f"no such option {error.option_name}", f"did you mean {', '.join(others)}{' or ' * bool(others)}{last}?"
    return " ".join(error.format_message().split()).removesuffix("."), ""


def _tell_bug(error: Exception, *, debug: bool) -> int:
    if debug:
        _show_traceback(error)
    import platform
    from importlib.metadata import version

    click.echo(f"error: this is a bug in scf-gen: {type(error).__name__}: {error}", err=True)
    click.echo(
        f"hint: run it again as scf-gen --debug …, and report what it prints with: scf-gen {version('scf-gen')}, "
        f"Python {platform.python_version()}, {platform.platform()}",
        err=True,
    )
    return BUG


def _show_traceback(error: Exception) -> None:
    import traceback

    traceback.print_exception(error)
