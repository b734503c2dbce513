"""The handler that SCF is told of, and the file that defines it."""

from collections.abc import Sequence
from dataclasses import dataclass

from scf_gen.core import contract
from scf_gen.core.function import CONFIG_FILE
from scf_gen.core.handler import Handler
from scf_gen.errors import BadAnswer
from scf_gen.languages.language import Language
from scf_gen.lint.context import Context
from scf_gen.lint.package import File


@dataclass(frozen=True, slots=True)
class HandlerSource:
    """What a language would have as the handler's file: its names, and the file at the root, if there is one."""

    language: Language
    names: Sequence[str]
    file: File | None
    miscased: File | None


def handler_text(context: Context) -> str | None:
    """The handler, unless it is only assumed and nothing speaks for it, or names a file itself, or is not read."""
    if handler_text not in context.cache:
        configured = context.function.get("handler")
        text = configured if isinstance(configured, str) else None
        if configured is None and _has_default_file(context):
            text = contract.DEFAULT_HANDLER
        is_meant = text is not None and text not in context.package.files and _is_read(context)
        context.cache[handler_text] = text if is_meant else None
    found: str | None = context.cache[handler_text]
    return found


def _has_default_file(context: Context) -> bool:
    stem = contract.DEFAULT_HANDLER.partition(".")[0]
    top = {path.casefold() for path in context.package.top}
    return any(name.casefold() in top for lang in context.languages.values() for name in _names(stem, lang))


def _is_read(context: Context) -> bool:
    return any(b"_HANDLER" in file.content for file in context.package.top.values() if file.path != CONFIG_FILE)


def handler_of(context: Context) -> Handler | None:
    """Its file and its function; None where it is registered as a whole, or cannot be told."""
    text = handler_text(context)
    if text is None or is_registered(context):
        return None
    try:
        return Handler.parse(text)
    except BadAnswer:
        return None


def is_registered(context: Context) -> bool:
    """Whether the function's language registers whole handlers, in any file."""
    return context.language is not None and context.language.source.registered


def sources_of(context: Context) -> Sequence[HandlerSource]:
    """The handler's file in its language; where that is not said, in each language that has one there."""
    handler = handler_of(context)
    if handler is None:
        return ()
    named = context.languages.get(str(context.function.get("lang", "")))
    if named is None:
        every = [_source(context, handler, lang) for lang in context.languages.values() if not lang.source.registered]
        return [source for source in every if source.file or source.miscased]
    # The source of a program may lie anywhere; only the program itself is started.
    source = _source(context, handler, named)
    return () if named.compiled and not source.file else (source,)


def handler_source(context: Context) -> tuple[File, Language] | None:
    """The handler's file and its language, where both are certain."""
    sources = sources_of(context)
    file = sources[0].file if len(sources) == 1 else None
    return (file, sources[0].language) if file else None


def _source(context: Context, handler: Handler, language: Language) -> HandlerSource:
    names, top = _names(handler.file, language), context.package.top
    folded = {name.casefold() for name in names}
    return HandlerSource(
        language,
        names,
        next((top[name] for name in names if name in top), None),
        next((file for path, file in top.items() if path.casefold() in folded), None),
    )


def _names(stem: str, language: Language) -> Sequence[str]:
    return [f"{stem}.{suffix}" for suffix in language.suffixes]
