"""Rules 6xx: what is said of `scf.toml`, and where."""

import pytest
from scf_gen.core import contract
from scf_gen.core.function import Function
from scf_gen.errors import FunctionInvalid

F = "[function]\n"


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        # 601
        (b'a = 1\nb = "\xff"\n', ["SCF601 scf.toml:2:1 scf.toml is not UTF-8: invalid start byte"]),
        ("a = " + "[" * 5000, ["SCF601 scf.toml:0:1 scf.toml is nested too deep"]),
        ("#" * 70_000, ["SCF601 scf.toml:0:1 scf.toml cannot be read: it is longer than 64 KB"]),
        ("a." * 5000 + "b = 1", ["SCF601 scf.toml:0:1 scf.toml cannot be read: a line has more than 200 dots"]),
        # 602 to 605
        (F + 'name = "x"', ["SCF602 scf.toml:2:1 name has to be " + contract.NAME_RULE + ", found 'x'"]),
        (F + "name = 3", ["SCF602 scf.toml:2:1 name has to be " + contract.NAME_RULE + ", found 3"]),
        (
            F + "timeout_s = 1.5",
            ["SCF603 scf.toml:2:1 timeout_s has to be a whole number of seconds from 1 to 900, found 1.5"],
        ),
        (
            F + "timeout_s = true",
            ["SCF603 scf.toml:2:1 timeout_s has to be a whole number of seconds from 1 to 900, found True"],
        ),
        (F + "timeout_s = 900\ninit_timeout_s = 300\nmemory_mb = 3072", []),
        (
            F + "init_timeout_s = 2",
            ["SCF604 scf.toml:2:1 init_timeout_s has to be a whole number of seconds from 3 to 300, found 2"],
        ),
        (
            F + "memory_mb = 3200",
            ["SCF605 scf.toml:2:1 memory_mb has to be 64, or 128 to 3072 in steps of 128 (MB), found 3200"],
        ),
        # 606
        (
            F + 'env = {A = "1", "2B" = "", QCLOUD_X = "y"}',
            [
                "SCF606 scf.toml:2:17 environment variable '2B' is no name SCF takes",
                "SCF606 scf.toml:2:28 environment variable QCLOUD_X starts with a prefix that SCF keeps for itself",
            ],
        ),
        ('[function.env]\nA = "\\u0000"', ["SCF606 scf.toml:2:1 environment variable A holds a NUL byte"]),
        (
            'function.env.SCF_A = "1"',
            ["SCF606 scf.toml:1:1 environment variable SCF_A starts with a prefix that SCF keeps for itself"],
        ),
        (
            'function = {env = {"GRÖSSE" = "1", SCF_A = "1"}}',
            [
                "SCF606 scf.toml:1:20 environment variable 'GRÖSSE' is no name SCF takes",
                "SCF606 scf.toml:1:36 environment variable SCF_A starts with a prefix that SCF keeps for itself",
            ],
        ),
        # 607: "LONG" has four bytes, and é two
        ('[function.env]\nLONG = "' + "é" * 2046 + '"', []),
        (
            '[function.env]\nLONG = "' + "é" * 2047 + '"',
            ["SCF607 scf.toml:1:2 the environment variables have 4,098 bytes, of 4,096"],
        ),
        # 608
        (F + "handlr = 1", ["SCF608 scf.toml:2:1 unknown key handlr in [function]"]),
        ("[functions]", ["SCF608 scf.toml:1:2 unknown table [functions]"]),
        ("timeout_s = 3", ["SCF608 scf.toml:1:1 timeout_s stands outside its table"]),
        ('"a b" = 3', ["SCF608 scf.toml:1:1 unknown key 'a b'"]),
        ('[deploy]\nrole = "x"\nlayers = []', []),
        ('[deploy]\nnamespce = "x"', ["SCF608 scf.toml:2:1 unknown key namespce in [deploy]"]),
        ("[[function.x]]\na = 1", ["SCF608 scf.toml:1:3 unknown key x in [function]"]),
        # 609
        (F + 'lang = "Bash"', ["SCF609 scf.toml:2:1 unknown language 'Bash'"]),
        (F + "lang = 1", ["SCF609 scf.toml:2:1 lang has to be text, found 1"]),
        (F + "handler = 1", ["SCF609 scf.toml:2:1 handler has to be text, found 1"]),
        (F + 'env = "A=1"', ["SCF609 scf.toml:2:1 env has to be a table of texts"]),
        (F + "env.PORT = 80", ["SCF609 scf.toml:2:1 environment variable PORT has to be text"]),
        ("function = 3", ["SCF609 scf.toml:1:1 [function] has to be a table"]),
        ("[[function]]", ["SCF609 scf.toml:1:3 [function] has to be a table"]),
        ('[lint]\nselect = "SCF2"', ["SCF609 scf.toml:2:1 select has to be a list of texts, found 'SCF2'"]),
        (
            "[package]\ninterpreter = 3.9",
            ['SCF609 scf.toml:2:1 interpreter has to be a version such as "3.9", found 3.9'],
        ),
        (
            '[deploy]\nregion = "Guangzhou"',
            [
                "SCF609 scf.toml:2:1 region has to be the short name of a region, such as ap-guangzhou, found "
                "'Guangzhou'"
            ],
        ),
        ("[template]\nversion = 1", ["SCF609 scf.toml:2:1 version has to be text, found 1"]),
        # what has no fault
        ("\ufeff" + F + 'name = "hello"', []),
        (F + 'name = "hello" # scf-gen\n[template]\nversion = "1"', []),
        ('[package]\ninterpreter = "3.9"\n[deploy]\nendpoint = "http://127.0.0.1:9000"', []),
        ("", []),
    ],
    ids=lambda value: str(value)[:30] if not isinstance(value, list) else "",
)
def test_what_is_said_of_a_configuration(function, told, text, findings):
    assert told(function({"scf.toml": text}), "SCF6") == findings


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[function]\nname = hello", "2:8"),
        (b"\n\na = @", "3:5"),
        ('a = 1\nb = """\n', "2:1"),
        ("a = " + "9" * 5000, "0:1"),
    ],
    ids=repr,
)
def test_what_is_no_toml_is_told_where_it_goes_wrong(function, told, text, place):
    """In Python's own words, which change."""
    [finding] = told(function({"scf.toml": text}), "SCF6")
    assert finding.startswith(f"SCF601 scf.toml:{place} scf.toml cannot be read: ")


def test_the_value_of_a_variable_is_never_shown(function, told):
    folder = function({"scf.toml": '[function.env]\nSCF_KEY = "hunter2"\nPIN = 1234\n'})
    assert not any("hunter2" in line or "1234" in line for line in told(folder, "SCF6"))


def test_limits_are_those_that_invoke_holds(function, told):
    """One table of rules: what the linter finds, `invoke` refuses, and the other way round."""
    for line in (
        "memory_mb = 100",
        "timeout_s = 0",
        "init_timeout_s = 2",
        'name = "-"',
        "memory_mb = 64",
        "timeout_s = 1",
    ):
        text = F + line
        found = told(function({"scf.toml": text}), "SCF6")
        try:
            Function.from_toml(text)
        except FunctionInvalid:
            assert found
        else:
            assert not found


def test_an_integer_too_long_for_python_is_a_fault_of_the_file():
    with pytest.raises(FunctionInvalid):
        Function.from_toml("a = " + "9" * 5000)
