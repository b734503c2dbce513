"""Rules 6xx: `scf.toml`."""

import re
from collections.abc import Iterator, Mapping

from scf_gen.core import contract, packaging, place as deployment
from scf_gen.core.function import CONFIG_FILE, RULES, Check, check_env, toml_fault
from scf_gen.core.names import unknown_name_hint
from scf_gen.errors import BadAnswer
from scf_gen.lint.context import Context, read_toml
from scf_gen.lint.finding import Found, Severity
from scf_gen.lint.package import File
from scf_gen.lint.places import nearest, places
from scf_gen.lint.rule import check_of
from scf_gen.lint.wording import shown

_SHOWN_CHARS = 40


def _text(value: object) -> str:
    return "" if isinstance(value, str) else "has to be text"


def _texts(value: object) -> str:
    are_texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return "" if are_texts else "has to be a list of texts"


# What each table may say; of [function] each key has a rule of the linter's own.
_TABLES: Mapping[str, Mapping[str, Check]] = {
    "function": RULES,
    "package": packaging.RULES,
    "deploy": deployment.RULES,
    "template": {"version": _text},
    "lint": {"select": _texts, "ignore": _texts},
}
# What [deploy] will hold is not settled, so there only a name that looks like a slip is told.
_OPEN_TABLES = frozenset({"deploy"})


@check_of("SCF601")
def broken(context: Context) -> Iterator[Found]:
    """A scf.toml that is no TOML."""
    file = context.package.top.get(CONFIG_FILE)
    if file is None or file.trouble:
        return
    if not file.is_regular:
        yield Found(f"{CONFIG_FILE} is no file", CONFIG_FILE)
    else:
        yield from _faults(file)


def _faults(file: File) -> Iterator[Found]:
    try:
        read_toml(file.content)
    except UnicodeDecodeError as error:
        line, _ = file.place(error.start)
        yield Found(f"{CONFIG_FILE} is not UTF-8: {error.reason}", CONFIG_FILE, line)
    except RecursionError:
        yield Found(f"{CONFIG_FILE} is nested too deep", CONFIG_FILE)
    except ValueError as error:
        text, line, column = _told(toml_fault(error), file.content)
        yield Found(f"{CONFIG_FILE} cannot be read: {text}", CONFIG_FILE, line, column)


def _told(message: str, content: bytes) -> tuple[str, int, int]:
    """What tomllib complains of, and where: it says so only in its message."""
    text, _, place = message.partition(" (at ")
    text = text[:1].lower() + text[1:]
    if found := re.fullmatch(r"line (\d+), column (\d+)\)", place):
        return text, int(found[1]), int(found[2])
    return text, content.rstrip().count(b"\n") + 1 if place else 0, 1


def _limited(code: str, key: str) -> None:
    @check_of(code)
    def check(context: Context) -> Iterator[Found]:
        """A value that SCF would not take."""
        value = context.function.get(key)
        if value is not None and (complaint := RULES[key](value)):
            yield _found(context, ("function", key), f"{key} {complaint}, found {_shown(value)}")


_limited("SCF602", "name")
_limited("SCF603", "timeout_s")
_limited("SCF604", "init_timeout_s")
_limited("SCF605", "memory_mb")


@check_of("SCF606")
def env_keys(context: Context) -> Iterator[Found]:
    """An environment variable that SCF would refuse (ENV-USER)."""
    for name, value in _env(context).items():
        try:
            check_env(name, value)
        except BadAnswer as error:
            yield _found(context, ("function", "env", name), error.message, error.hint)


@check_of("SCF607")
def env_size(context: Context) -> Iterator[Found]:
    """More environment than SCF takes."""
    size = sum(len(part.encode(errors="replace")) for item in _env(context).items() for part in item)
    if size > contract.ENV_LIMIT_BYTES:
        limit = contract.ENV_LIMIT_BYTES
        yield _found(context, ("function", "env"), f"the environment variables have {size:,} bytes, of {limit:,}")


@check_of("SCF608")
def unknown_keys(context: Context) -> Iterator[Found]:
    """A table or key that scf-gen does not know."""
    for table, content in context.config.items():
        if table in RULES:
            yield _found(
                context, (table,), f"{table} stands outside its table", f"write it below [function]: {table} = …"
            )
        elif table not in _TABLES:
            kind = f"table [{_name(table)}]" if isinstance(content, dict) else f"key {_name(table)}"
            yield _found(context, (table,), f"unknown {kind}", unknown_name_hint(table, _TABLES))
        elif isinstance(content, dict):
            yield from _unknown_keys(context, table, content)


def _unknown_keys(context: Context, table: str, content: Mapping[str, object]) -> Iterator[Found]:
    for key in sorted(content.keys() - _TABLES[table].keys()):
        hint = unknown_name_hint(key, sorted(_TABLES[table]))
        if table not in _OPEN_TABLES or hint.startswith("did you mean"):
            yield _found(context, (table, key), f"unknown key {_name(key)} in [{table}]", hint)


@check_of("SCF609")
def wrong_types(context: Context) -> Iterator[Found]:
    """A value of the wrong type, or a language that there is not."""
    for table, rules in _TABLES.items():
        content = context.config.get(table, {})
        if not isinstance(content, dict):
            yield _found(context, (table,), f"[{table}] has to be a table")
            continue
        for key, rule in rules.items() if table != "function" else ():
            if key in content and (complaint := rule(content[key])):
                yield _found(context, (table, key), f"{key} {complaint}, found {_shown(content[key])}")
    yield from _wrong_in_function(context)


def _wrong_in_function(context: Context) -> Iterator[Found]:
    lang, handler, env = (context.function.get(key) for key in ("lang", "handler", "env"))
    if handler is not None and not isinstance(handler, str):
        yield _found(context, ("function", "handler"), f"handler has to be text, found {_shown(handler)}")
    if lang and not isinstance(lang, str):
        yield _found(context, ("function", "lang"), f"lang has to be text, found {_shown(lang)}")
    elif lang and lang not in context.languages:
        hint = unknown_name_hint(str(lang), context.languages)
        found = f"unknown language {_shown(lang)}"
        yield _found(context, ("function", "lang"), found, hint, severity=Severity.WARNING)
    if env is not None and not isinstance(env, dict):
        yield _found(context, ("function", "env"), "env has to be a table of texts")
    for name, value in env.items() if isinstance(env, dict) else ():
        if not isinstance(value, str):
            # The values of variables may be secrets.
            yield _found(context, ("function", "env", name), f"environment variable {_name(name)} has to be text")


def _env(context: Context) -> Mapping[str, str]:
    table = context.function.get("env")
    return {key: value for key, value in table.items() if isinstance(value, str)} if isinstance(table, dict) else {}


def _found(
    context: Context, key: tuple[str, ...], message: str, hint: str = "", *, severity: Severity | None = None
) -> Found:
    line, column = place(context, key)
    return Found(message, CONFIG_FILE, line, column, hint, severity=severity)


def place(context: Context, key: tuple[str, ...]) -> tuple[int, int]:
    """Line and column of a key of `scf.toml`."""
    if places not in context.cache:
        file = context.package.top.get(CONFIG_FILE)
        context.cache[places] = places(file) if file else {}
    return nearest(key, context.cache[places])


def _shown(value: object) -> str:
    return shown(repr(value), _SHOWN_CHARS)


def _name(key: str) -> str:
    """A key as one may print it: quoted where it is no plain word."""
    return key if re.fullmatch(r"[\w-]{1,60}", key) else _shown(key)
