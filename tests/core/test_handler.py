import pytest
from scf_gen.core.handler import Handler
from scf_gen.errors import BadAnswer


def test_a_handler_has_a_file_and_a_function():
    handler = Handler.parse("index.main_handler")
    assert (handler.file, handler.function) == ("index", "main_handler")
    assert str(handler) == "index.main_handler"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("index", "is not file.function"),
        ("", "is not file.function"),
        (".main", "is not file.function"),
        ("index.", "is not file.function"),
        ("a.b.c", "is not file.function"),
        ("index..main", "is not file.function"),
        ("src/index.main", "holds a path"),
        ("..\\index.main", "holds a path"),
        ("index.main\n", "holds a control character"),
        ("in\x1bdex.main", "holds a control character"),
    ],
)
def test_other_forms_are_refused_with_a_hint(text, complaint):
    with pytest.raises(BadAnswer, match=complaint) as error:
        Handler.parse(text)
    assert "file.function" in error.value.hint
