"""A generated project of each language, with the handler that does what its event says."""

import shutil
from collections.abc import Iterator

import pytest
from scf_gen.bundle.build import build
from scf_gen.cli.subject import local_programs
from scf_gen.core.function import Function
from scf_gen.languages import toolbox
from scf_gen.languages.language import Language
from wrappers.subject import CONFORMANCE, HANDLER, LANGUAGES, Subject, WarmFunction, generate


@pytest.fixture(scope="session", params=LANGUAGES, ids=lambda language: language.lang)
def language(request: pytest.FixtureRequest) -> Language:
    return request.param


@pytest.fixture(scope="session")
def subject(language: Language, tmp_path_factory: pytest.TempPathFactory) -> Subject:
    """A project that is shared: no test may write into it."""
    code = generate(language, tmp_path_factory.mktemp("project"))
    shutil.copy(language.folder / f"{CONFORMANCE}.{language.suffix}", code)
    build(code, language)
    toolbox.require(language, "run")
    function = Function(
        name=code.name,
        lang=language.lang,
        handler=HANDLER,
        timeout_s=10,
        init_timeout_s=10,
        env={"GREETING": "hello 😀"},
    )
    return Subject(language, code, function, local_programs(language))


@pytest.fixture(scope="module")
def warm(subject: Subject) -> Iterator[WarmFunction]:
    with WarmFunction(subject) as function:
        yield function
