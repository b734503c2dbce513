"""Rules 1xx: the handler that SCF is told of.

SCF hands its text to the bootstrap and no more, so a package that nowhere reads _HANDLER has no finding here.
"""

import re
from collections.abc import Iterator, Sequence

from scf_gen.core.function import CONFIG_FILE
from scf_gen.core.handler import Handler
from scf_gen.core.names import unknown_name_hint
from scf_gen.errors import BadAnswer
from scf_gen.lint.configuration_rules import place
from scf_gen.lint.context import Context
from scf_gen.lint.finding import Found, Rename
from scf_gen.lint.functions import Functions, functions
from scf_gen.lint.handler_file import handler_of, handler_source, handler_text, is_registered, sources_of
from scf_gen.lint.package import File
from scf_gen.lint.protocol import protocol_of
from scf_gen.lint.rule import check_of
from scf_gen.lint.source import found_at, matches, tree_of
from scf_gen.lint.wording import shown

# API CreateFunction, "Handler": each part.
_DOCUMENTED_PART = r"[A-Za-z][A-Za-z0-9_-]{0,58}[A-Za-z]"
_KEY = ("function", "handler")


@check_of("SCF101")
def form(context: Context) -> Iterator[Found]:
    """A handler that is not file.function (INIT-HANDLER)."""
    text = handler_text(context)
    if text is None or is_registered(context):
        return
    try:
        Handler.parse(text)
    except BadAnswer as error:
        yield _at_key(context, error.message, error.hint)


@check_of("SCF102")
def undocumented_form(context: Context) -> Iterator[Found]:
    """A handler that only a Custom Runtime may have (INIT-HANDLER)."""
    handler = handler_of(context)
    if handler and not all(re.fullmatch(_DOCUMENTED_PART, part) for part in (handler.file, handler.function)):
        yield _at_key(context, f"handler {shown(str(handler))} is not of the form that SCF documents")


@check_of("SCF103")
def file_missing(context: Context) -> Iterator[Found]:
    """The handler's file is not at the root (INIT-HANDLER)."""
    handler, sources = handler_of(context), sources_of(context)
    if handler and sources and not any(source.file or source.miscased for source in sources):
        name = f"{handler.file}.{sources[0].language.suffix}"
        names = {name for source in sources for name in source.names}
        elsewhere = sorted(path for path in context.package.files if path.rpartition("/")[2] in names)
        hint = f"{shown(elsewhere[0])} lies in a folder: move it to the root" if elsewhere else ""
        message = f"there is no {shown(name)} at the root, which handler {shown(str(handler))} names"
        yield _at_key(context, message, hint)
    elif handler and (found := handler_source(context)) and not (found[0].is_regular or found[0].is_link):
        file = found[0]
        message = f"{shown(file.path)} is no file, which handler {shown(str(handler))} names"
        yield Found(message, file.path, hint="put a file in its place")


@check_of("SCF104")
def file_case(context: Context) -> Iterator[Found]:
    """The handler's file has its name in another case (INIT-HANDLER)."""
    handler, sources = handler_of(context), sources_of(context)
    if handler and sources and not any(source.file for source in sources):
        for source in sources:
            if file := source.miscased:
                right = next(name for name in source.names if name.casefold() == file.path.casefold())
                edits = (Rename(file.path, right),) if file.is_regular else ()
                yield Found(f"{file.path} is not {right}, which handler {handler} names", file.path, edits=edits)


@check_of("SCF105")
def function_missing(context: Context) -> Iterator[Found]:
    """The handler's file defines no such function (INIT-HANDLER)."""
    text, handler = handler_text(context), handler_of(context)
    if text and is_registered(context):
        yield from _unregistered(context, text)
    if handler is None or (found := handler_source(context)) is None:
        return
    file, language = found
    known = functions(file, language.source, context.cache)
    if known and not known.opaque and handler.function not in known.places:
        message = f"{file.path} defines no function {shown(handler.function)}"
        yield _missing(message, handler.function, known, file.path)


@check_of("SCF106")
def arity(context: Context) -> Iterator[Found]:
    """A function that cannot be called as handlers are (HANDLER-CONTEXT)."""
    handler = handler_of(context)
    if handler is None or (found := handler_source(context)) is None or not found[0].is_regular:
        return
    file, source = found[0], found[1].source
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


def _unregistered(context: Context, text: str) -> Iterator[Found]:
    """Whole handlers are registered, in any file of the language."""
    if (language := context.language) is None:
        return
    files = [file for file in context.package.top.values() if file.suffix == language.suffix]
    every = [found for file in files if (found := functions(file, language.source, context.cache))]
    known = Functions({name: at for one in every for name, at in one.places.items()}, any(one.opaque for one in every))
    if known.opaque:
        return
    if known.places and text not in known.places:
        hint = unknown_name_hint(text, sorted(known.places))
        yield _at_key(context, f"no file registers the handler {shown(text)}", hint)
    elif not known.places and language.source.registry and _is_idle(language.source.registry, files, context):
        yield _at_key(context, "no file registers any handler", f"register {shown(text)} in one of them")


def _is_idle(registry: str, files: Sequence[File], context: Context) -> bool:
    """Whether what registers handlers is defined, and nothing calls it or hands it on."""
    codes = [protocol_of(context).code(file) for file in files]
    places = [found for code in codes for found in re.finditer(registry.encode(), code)]
    return sum(bool(found["defined"]) for found in places) == len(places) == 1


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
