"""Rules 1xx: the handler that SCF is told of.

SCF hands its text to the bootstrap and no more, so a package that nowhere reads _HANDLER has no finding here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scf_gen.core import contract
from scf_gen.core.function import CONFIG_FILE
from scf_gen.core.handler import Handler
from scf_gen.core.names import unknown_name_hint
from scf_gen.errors import BadAnswer
from scf_gen.languages.language import Language
from scf_gen.lint.configuration_rules import place
from scf_gen.lint.context import Context
from scf_gen.lint.finding import Found, Rename
from scf_gen.lint.functions import Functions, functions
from scf_gen.lint.package import File
from scf_gen.lint.rule import check_of
from scf_gen.lint.source import found_at, matches, tree_of
from scf_gen.lint.wording import shown

# API CreateFunction, "Handler": each part.
_DOCUMENTED_PART = r"[A-Za-z][A-Za-z0-9_-]{0,58}[A-Za-z]"
_KEY = ("function", "handler")


@check_of("SCF101")
def form(context: Context) -> Iterator[Found]:
    """A handler that is not file.function (INIT-HANDLER)."""
    text = _text(context)
    if text is None or _is_registered(context):
        return
    try:
        Handler.parse(text)
    except BadAnswer as error:
        yield _at_key(context, error.message, error.hint)


@check_of("SCF102")
def undocumented_form(context: Context) -> Iterator[Found]:
    """A handler that only a Custom Runtime may have (INIT-HANDLER)."""
    handler = _handler(context)
    if handler and not all(re.fullmatch(_DOCUMENTED_PART, part) for part in (handler.file, handler.function)):
        yield _at_key(context, f"handler {shown(str(handler))} is not of the form that SCF documents")


@check_of("SCF103")
def file_missing(context: Context) -> Iterator[Found]:
    """The handler's file is not at the root (INIT-HANDLER)."""
    handler, sources = _handler(context), _sources(context)
    if handler and sources and not any(source.file or source.miscased for source in sources):
        name = f"{handler.file}.{sources[0].language.suffix}"
        names = {name for source in sources for name in source.names}
        elsewhere = sorted(path for path in context.package.files if path.rpartition("/")[2] in names)
        hint = f"{shown(elsewhere[0])} lies in a folder: move it to the root" if elsewhere else ""
        message = f"there is no {shown(name)} at the root, which handler {shown(str(handler))} names"
        yield _at_key(context, message, hint)


@check_of("SCF104")
def file_case(context: Context) -> Iterator[Found]:
    """The handler's file has its name in another case (INIT-HANDLER)."""
    handler, sources = _handler(context), _sources(context)
    if handler and sources and not any(source.file for source in sources):
        for source in sources:
            if file := source.miscased:
                right = next(name for name in source.names if name.casefold() == file.path.casefold())
                edits = (Rename(file.path, right),) if file.is_regular else ()
                yield Found(f"{file.path} is not {right}, which handler {handler} names", file.path, edits=edits)


@check_of("SCF105")
def function_missing(context: Context) -> Iterator[Found]:
    """The handler's file defines no such function (INIT-HANDLER)."""
    text, handler, sources = _text(context), _handler(context), _sources(context)
    if text and _is_registered(context):
        yield from _unregistered(context, text)
    if handler is None or len(sources) != 1 or not (file := sources[0].file):
        return
    known = functions(file, sources[0].language.source, context.cache)
    if known and not known.opaque and handler.function not in known.places:
        message = f"{file.path} defines no function {shown(handler.function)}"
        yield _missing(message, handler.function, known, file.path)


@check_of("SCF106")
def arity(context: Context) -> Iterator[Found]:
    """A function that cannot be called as handlers are (HANDLER-CONTEXT)."""
    handler, sources = _handler(context), _sources(context)
    if handler is None or len(sources) != 1 or not (file := sources[0].file) or not file.is_regular:
        return
    source = sources[0].language.source
    fault = source.faults.get("SCF106")
    # Another bootstrap may call handlers as it likes.
    if fault is None or fault["beside"] not in context.package.top:
        return
    for match in matches(tree_of(file, source.grammar, context.cache), source.grammar, fault["query"]):
        names = {node.text for node in match.get("name", ())}
        for node in match.get("fault", ()) if names == {handler.function.encode()} else ():
            wrong = " ".join((node.text or b"").decode(errors="replace").split())
            message = f"{shown(handler.function + wrong)} {fault['message']}"
            yield found_at(file, node, message)


@dataclass(frozen=True, slots=True)
class _Source:
    """What a language would have as the handler's file: its names, and the file at the root, if there is one."""

    language: Language
    names: Sequence[str]
    file: File | None
    miscased: File | None


def _text(context: Context) -> str | None:
    """The handler, unless it is only assumed and nothing speaks for it, or names a file itself, or is not read."""
    if _text not in context.cache:
        configured = context.function.get("handler")
        text = configured if isinstance(configured, str) else None
        if configured is None and _has_default_file(context):
            text = contract.DEFAULT_HANDLER
        is_meant = text is not None and text not in context.package.files and _is_read(context)
        context.cache[_text] = text if is_meant else None
    found: str | None = context.cache[_text]
    return found


def _has_default_file(context: Context) -> bool:
    stem = contract.DEFAULT_HANDLER.partition(".")[0]
    top = {path.casefold() for path in context.package.top}
    return any(name.casefold() in top for lang in context.languages.values() for name in _names(stem, lang))


def _is_read(context: Context) -> bool:
    return any(b"_HANDLER" in file.content for file in context.package.top.values() if file.path != CONFIG_FILE)


def _handler(context: Context) -> Handler | None:
    text = _text(context)
    if text is None or _is_registered(context):
        return None
    try:
        return Handler.parse(text)
    except BadAnswer:
        return None


def _is_registered(context: Context) -> bool:
    return context.language is not None and context.language.source.registered


def _sources(context: Context) -> Sequence[_Source]:
    """The handler's file in its language; where that is not said, in each language that has one there."""
    handler = _handler(context)
    if handler is None:
        return ()
    named = context.languages.get(str(context.function.get("lang", "")))
    if named is None:
        every = [_source(context, handler, lang) for lang in context.languages.values() if not lang.source.registered]
        return [source for source in every if source.file or source.miscased]
    # The source of a program may lie anywhere; only the program itself is started.
    source = _source(context, handler, named)
    return () if named.compiled and not source.file else (source,)


def _source(context: Context, handler: Handler, language: Language) -> _Source:
    names, top = _names(handler.file, language), context.package.top
    folded = {name.casefold() for name in names}
    return _Source(
        language,
        names,
        next((top[name] for name in names if name in top), None),
        next((file for path, file in top.items() if path.casefold() in folded), None),
    )


def _names(stem: str, language: Language) -> Sequence[str]:
    return [f"{stem}.{suffix}" for suffix in language.suffixes]


def _unregistered(context: Context, text: str) -> Iterator[Found]:
    """Whole handlers are registered, in any file of the language."""
    if (language := context.language) is None:
        return
    files = [file for file in context.package.top.values() if file.suffix == language.suffix]
    every = [found for file in files if (found := functions(file, language.source, context.cache))]
    known = Functions({name: at for one in every for name, at in one.places.items()}, any(one.opaque for one in every))
    if known.places and not known.opaque and text not in known.places:
        hint = unknown_name_hint(text, sorted(known.places))
        yield _at_key(context, f"no file registers the handler {shown(text)}", hint)


def _missing(message: str, name: str, known: Functions, path: str) -> Found:
    hint = unknown_name_hint(name, sorted(known.places)) if known.places else ""
    meant = hint.removeprefix("did you mean ").partition("?")[0] if hint.startswith("did you mean ") else ""
    line, column = known.places.get(meant, (0, 1))
    return Found(message, path, line, column, shown(hint, 200))


def _at_key(context: Context, message: str, hint: str = "") -> Found:
    if CONFIG_FILE not in context.package.top:
        return Found(message, hint=hint)
    line, column = place(context, _KEY)
    return Found(message, CONFIG_FILE, line, column, hint)
