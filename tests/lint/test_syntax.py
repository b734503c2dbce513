"""Rule 404: where and in which words a syntax error of Python is told, and what is none."""

import pytest


@pytest.mark.parametrize(
    ("source", "finding"),
    [
        ("x = call(1,\n         [2)\n", "2:12 closing parenthesis ')' does not match opening parenthesis '['"),
        ("x = call(1,\n    2\ny = 3\n", "1:9 '(' was never closed"),
        ("if True\n    pass\n", "1:8 expected ':'"),
        ("x = 'abc\n", "1:5 unterminated string literal (detected at line 1)"),
        ("if True:\npass\n", "2:1 expected an indented block after 'if' statement on line 1"),
        ("# coding: latin-1\nx = (\n", "2:5 '(' was never closed"),
    ],
)
def test_an_error_is_told_as_python_does(function, told, source, finding):
    place, _, message = finding.partition(" ")
    assert told(function({"index.py": source}, base="python"), "SCF404") == [
        f"SCF404 index.py:{place} Python cannot read this: {message}"
    ]


@pytest.mark.parametrize(
    "source",
    [
        'x = "\\d"\n',  # a warning, in some versions
        "type X = int\n",  # newer than the Python that runs scf-gen may be
        "def first[T](names: list[T]) -> T: ...\n",
        "x = f'{names['a']}'\n",
        "async = 1\n",  # a name up to Python 3.6
        "print 'a'\n",
        "x = " + "(" * 150 + "1" + ")" * 150 + "\n",
        "x = '''\n" + "[" * 200_000,
    ],
)
def test_what_another_python_may_read_is_left_alone(function, told, source):
    assert told(function({"index.py": source}, base="python"), "SCF404") == []
