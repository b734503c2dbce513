import pytest
from scf_gen.core.function import Function
from scf_gen.errors import FunctionInvalid


def test_what_scf_toml_does_not_say_keeps_its_default():
    assert Function.from_toml("") == Function()
    assert Function().handler == "index.main_handler"


def test_values_of_variables_are_never_shown():
    with pytest.raises(FunctionInvalid, match="BAD-KEY") as error:
        Function.from_toml('[function.env]\nPASSWORD = "hunter2"\nBAD-KEY = "b"')
    assert "hunter2" not in error.value.message


def test_the_function_table_is_read():
    function = Function.from_toml(
        '[function]\nname = "my-fn"\nlang = "bash"\nhandler = "app.run"\nmemory_mb = 256\ntimeout_s = 10\n'
        'init_timeout_s = 20\n[function.env]\nKEY = "value"\n[package]\nexclude = []\n'
    )
    assert function == Function("my-fn", "bash", "app.run", 256, 10, 20, {"KEY": "value"})


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[function", "scf.toml is no TOML: Expected"),
        ("[function]\nname = 'one'\nname = 'two'", r"scf.toml is no TOML: the key is there twice"),
        ("function = 3", r"\[function\] has to be a table"),
        ('[function]\nname = "1st"', "function.name has to be 2 to 60 letters"),
        ('[function]\nname = "trailing-"', "function.name"),
        ("[function]\ntimeout_s = 901", "function.timeout_s has to be .* 1 to 900, found 901"),
        ('[function]\ntimeout_s = "3"', "function.timeout_s"),
        ("[function]\ntimeout_s = true", "function.timeout_s"),
        ("[function]\ninit_timeout_s = 2", "function.init_timeout_s has to be .* 3 to 300"),
        ("[function]\nmemory_mb = 100", "function.memory_mb has to be 64, or 128 to 3072"),
        ("[function]\nhandler = 3", "function.handler"),
        ("[function.env]\nKEY = 3", "function.env has to be a table of texts, in quotes; 'KEY' is none"),
        ('[function.env]\n1KEY = "x"', "function.env has a fault: .*'1KEY'"),
        ('[function.env]\nEMPTY = ""', "function.env has a fault: environment variable EMPTY is empty"),
        ('[function.env]\nSCF_REGION = "x"', "function.env has a fault: .*prefix"),
    ],
)
def test_a_broken_scf_toml_names_the_place(text, complaint):
    with pytest.raises(FunctionInvalid, match=complaint):
        Function.from_toml(text)
