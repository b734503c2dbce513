"""Rules 1xx: what is said of handlers, and what is not."""

import pytest

SCRIPT = "{name}() {{\n  echo hello\n}}\n"


def config(handler, lang="bash"):
    return f'[function]\nlang = "{lang}"\nhandler = "{handler}"\n'


@pytest.mark.parametrize(
    ("handler", "message"),
    [
        ("index", "SCF101 scf.toml:3:1 handler 'index' is not file.function"),
        (".main", "SCF101 scf.toml:3:1 handler '.main' is not file.function"),
        ("index.", "SCF101 scf.toml:3:1 handler 'index.' is not file.function"),
        ("a.b.c", "SCF101 scf.toml:3:1 handler 'a.b.c' is not file.function"),
        ("../index.main", "SCF101 scf.toml:3:1 handler '../index.main' holds a path"),
        ("index.ma\\u0007in", "SCF101 scf.toml:3:1 handler 'index.ma\\x07in' holds a control character"),
        ("", "SCF101 scf.toml:3:1 handler '' is not file.function"),
        (
            "other.main_handler",
            "SCF103 scf.toml:3:1 there is no other.sh at the root, which handler other.main_handler names",
        ),
        ("INDEX.main_handler", "SCF104 index.sh:0:1 index.sh is not INDEX.sh, which handler INDEX.main_handler names"),
        ("index.other", "SCF105 index.sh:0:1 index.sh defines no function other"),
        ("index.main_hander", "SCF105 index.sh:1:1 index.sh defines no function main_hander"),
    ],
)
def test_a_wrong_handler_is_told_at_its_place(function, told, handler, message):
    assert told(function({"scf.toml": config(handler)}), "SCF1") == [message]


def test_forms_that_scf_documents_otherwise_are_an_info(function, told):
    folder = function({"scf.toml": config("i.main_handler"), "i.sh": SCRIPT.format(name="main_handler")})
    assert told(folder, "SCF1") == ["SCF102 scf.toml:3:1 handler i.main_handler is not of the form that SCF documents"]


def test_a_bootstrap_that_reads_no_handler_may_have_any(function, told):
    files = {"bootstrap": "#!/bin/bash\nexec ./runtime/bin/server\n", "scf.toml": config("whatever")}
    assert told(function(files), "SCF1") == []


def test_a_handler_may_name_a_file_of_the_package(function, told):
    files = {"scf.toml": config("hello.wasm"), "hello.wasm": b"\0asm"}
    assert told(function(files), "SCF1") == []


def test_a_language_that_is_not_known_is_left_alone(function, told):
    files = {"scf.toml": config("main.run", lang="forth"), "index.sh": None, "main.fs": ": run ;"}
    assert told(function(files), "SCF1") == []


def test_without_scf_toml_the_default_is_only_assumed_where_its_file_is(function, told):
    assert told(function({"index.sh": None, "main.sh": "true\n"}), "SCF1") == []
    assert told(function({"index.sh": "true\n"}), "SCF1") == [
        "SCF105 index.sh:0:1 index.sh defines no function main_handler"
    ]


@pytest.mark.parametrize(
    "script",
    [
        "source lib.sh\n",
        ". lib.sh\n",
        "if true; then . lib.sh; fi\n",
        "[[ -f lib.sh ]] && source lib.sh\n",
        'eval "main_handler() { true; }"\n',
        SCRIPT.format(name="function main_handler"),
        "main_handler() { if\n",  # the grammar is lost
        "x" * 600_000,
        b"main_handler() {\n  echo \xff\xfe\n}\n",
    ],
)
def test_a_script_that_may_define_the_function_is_not_accused(function, told, script):
    assert told(function({"index.sh": script}), "SCF105") == []


@pytest.mark.parametrize(
    ("module", "is_told"),
    [
        ("def main_handler(event, context):\n    return event\n", False),
        ("async def main_handler(event, context):\n    return event\n", False),
        ("@decorate\ndef main_handler(event, context):\n    return event\n", False),
        ("main_handler = lambda event, context: event\n", False),
        ("from app import main_handler\n", False),
        ("from app import run as main_handler\n", False),
        ("from app import *\n", False),
        (
            "try:\n    import json\n    def main_handler(event, context): return 1\nexcept ImportError:\n    pass\n",
            False,
        ),
        ("globals()['main_' + 'handler'] = print\n", False),
        ("class A:\n    def main_handler(self, event, context):\n        return event\n", True),
        ("def other(event, context):\n    def main_handler(): pass\n", True),
        ("# def main_handler(event, context):\n", True),
    ],
)
def test_python_modules_define_handlers_in_many_ways(function, told, module, is_told):
    assert bool(told(function({"index.py": module}, base="python-wrapper"), "SCF105")) == is_told


@pytest.mark.parametrize(
    ("parameters", "is_told"),
    [
        ("event, context", False),
        ("event, context=None", False),
        ("event: dict, context: dict", False),
        ("*args", False),
        ("event, *args", False),
        ("event, context, **more", False),
        ("event, context, /", False),
        ("event, context, more=None", False),
        ("", True),
        ("event", True),
        ("event: dict", True),
        ("event=None", True),
        ("event, context, more", True),
        ("event: dict, context: dict, more: int", True),
    ],
)
def test_a_python_handler_takes_event_and_context(function, told, parameters, is_told):
    found = told(
        function({"index.py": f"def main_handler({parameters}):\n    return 1\n"}, base="python-wrapper"), "SCF106"
    )
    expected = f"SCF106 index.py:1:17 main_handler({parameters}) is called with two arguments, event and context"
    assert found == ([expected] if is_told else [])


def test_columns_count_characters(function, told):
    script = "größe() { :; }; mian_handler() { :; }\n"
    assert told(function({"index.sh": script}), "SCF105") == [
        "SCF105 index.sh:1:17 index.sh defines no function main_handler"
    ]
    files = {"scf.toml": config("index.größe", lang="python"), "index.py": "def größe(event):\n    return event\n"}
    assert told(function({"index.sh": None, **files}, base="python-wrapper"), "SCF106") == [
        "SCF106 index.py:1:10 größe(event) is called with two arguments, event and context"
    ]


def test_only_the_wrapper_of_scf_gen_is_known_to_call_with_two_arguments(function, told):
    files = {"index.py": "def main_handler(event):\n    return event\n", "scf_runtime.py": None, "main.py": "_HANDLER"}
    assert told(function(files, base="python-wrapper"), "SCF106") == []


def test_a_language_of_ones_own_gets_the_rules_by_its_data(function, told, tmp_path, monkeypatch):
    folder = tmp_path / "languages" / "toy"
    folder.mkdir(parents=True)
    (folder / "language.toml").write_text(
        'title = "Toy"\nsummary = "A toy"\nsuffix = "toy"\n[test]\ncommand = ["true"]\n'
        "[source]\npattern = '(?m)^to (?P<name>\\w+)$'\nopaque = '(?m)^load '\nsuffixes = [\"toi\"]\n"
    )
    monkeypatch.setenv("SCF_GEN_TEMPLATES", str(folder.parent))
    files = {"scf.toml": config("index.main", lang="toy"), "index.toi": "to draw\nto mian\n"}
    assert told(function(files), "SCF1") == ["SCF105 index.toi:2:4 index.toi defines no function main"]
    assert told(function(files | {"index.toi": "load more\n"}), "SCF1") == []


def test_registered_handlers_are_looked_for_in_all_files(function, told, tmp_path, monkeypatch):
    folder = tmp_path / "languages" / "toy"
    folder.mkdir(parents=True)
    (folder / "language.toml").write_text(
        'title = "Toy"\nsummary = "A toy"\nsuffix = "toy"\ncompiled = true\n[test]\ncommand = ["true"]\n'
        "[source]\nregistered = true\npattern = 'Handle\\(\"(?P<name>[^\"]*)\"'\nopaque = 'Handle\\([^\"]'\n"
    )
    monkeypatch.setenv("SCF_GEN_TEMPLATES", str(folder.parent))
    files = {"scf.toml": config("index.main", lang="toy"), "a.toy": 'Handle("index.draw")', "b.toy": ""}
    assert told(function(files), "SCF1") == ["SCF105 scf.toml:3:1 no file registers the handler index.main"]
    assert told(function(files | {"b.toy": 'Handle("index.main")'}), "SCF1") == []
    assert told(function(files | {"b.toy": "Handle(name)"}), "SCF1") == []
    assert told(function(files | {"a.toy": ""}), "SCF1") == []
