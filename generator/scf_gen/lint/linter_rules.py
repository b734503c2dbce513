"""Rules 0xx that look at a package; the linter itself makes the others."""

from collections.abc import Iterator

from scf_gen.core.function import CONFIG_FILE
from scf_gen.lint.context import Context
from scf_gen.lint.finding import Found
from scf_gen.lint.rule import check_of
from scf_gen.lint.selection import Selection, is_known, nearest_rules


@check_of("SCF005")
def unknown_rule(context: Context) -> Iterator[Found]:
    """A name in `[lint]` of `scf.toml` that no rule has."""
    selection = Selection.of(context.config.get("lint"))
    for name in dict.fromkeys((*selection.select, *selection.ignore)):
        if not is_known(name):
            line = _line_of(name, context)
            yield Found(f"there is no rule {name!r}", CONFIG_FILE, line, hint=nearest_rules(name))


def _line_of(name: str, context: Context) -> int:
    lines = context.package.top[CONFIG_FILE].content.decode(errors="replace").split("\n")
    return next((at for at, line in enumerate(lines, start=1) if f'"{name}"' in line or f"'{name}'" in line), 0)
