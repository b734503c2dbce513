"""Rules 107 and 108, and 105 for Go: what is loaded, and what the linter says nothing of."""

import pytest

NODE = "exports.main_handler = async (event) => event;\n"
PYTHON = "def main_handler(event, context):\n    return event\n"
BASH = "main_handler() {\n  echo hello\n}\n"


@pytest.fixture
def node(function):
    def write(code, files=None, **more):
        return function({"index.js": code + NODE, **(files or {})}, base="node", **more)

    return write


@pytest.fixture
def python(function):
    def write(code, files=None, **more):
        return function({"index.py": code + PYTHON, **(files or {})}, base="python-wrapper", **more)

    return write


@pytest.mark.parametrize(
    "code",
    [
        "if (process.env.MORE) require('./more');\n",
        "const more = process.env.MORE && require('./more');\n",
        "const more = process.env.MORE ? require('./more') : {};\n",
        "try {\n  require('./more');\n} catch {}\n",
        "const later = () => require('./more');\n",
        "class Later { static more = require('./more'); }\n",
        "require(process.env.MORE);\n",
        "require(`./${process.env.MORE}`);\n",
        "require('/opt/more');\n",
        "require('../../opt/more');\n",
        "require('#more');\n",
        "require('node:some-future-module');\n",
        "require('module-alias/register');\nrequire('@/more');\n",
        "require('ts-node').register();\nrequire('./more');\n",
        "// require('./more');\n",
    ],
)
def test_what_may_not_run_or_may_be_elsewhere_in_node_is_left_alone(node, told, code):
    assert told(node(code), "SCF107") == []


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("./more", "more.js"),
        ("./more", "more.json"),
        ("./more", "more.node"),
        ("./more", "more/index.js"),
        ("./more", "more/index.json"),
        ("./more", "more/package.json"),
        ("./more.cjs", "more.cjs"),
        ("more", "node_modules/more/package.json"),
        ("more/deep", "node_modules/more/deep.js"),
        ("more", "node_modules/more.js"),
        ("@me/more", "node_modules/@me/more/index.js"),
        ("more", "runtime/lib/node_modules/more/index.js"),
    ],
)
def test_all_that_node_finds_is_there(node, told, name, file):
    assert told(node(f"require('{name}');\n", {file: ""}), "SCF107") == []


@pytest.mark.parametrize("file", ["more.mjs", "more.cjs", "more/main.js", "lib/more.js"])
def test_what_node_does_not_try_is_not(node, told, file):
    assert told(node("require('./more');\n", {file: ""}), "SCF107") == ["SCF107 index.js:1:10 there is no ./more"]


def test_a_link_may_lead_to_it(node, told):
    folder = node("require('./more/one');\nrequire('ajv');\n", links={"more": "lib", "node_modules": "lib"})
    assert told(folder, "SCF107") == []


def test_a_file_that_no_package_holds_is_not_there(node, told):
    folder = node("require('./more');\n", {"more.js": "", ".scfignore": "more.js\n"})
    assert told(folder, "SCF107") == ["SCF107 index.js:1:10 ./more is more.js, which no package holds"]


def test_a_package_is_found_by_what_names_it(node, told, packed):
    code, manifest = "require('ajv');\n", {"package.json": '{"name": "me", "dependencies": {"ajv": "^8"}}'}
    assert told(node(code, manifest), "SCF107") == []
    assert told(packed(node(code, manifest)), "SCF107") == ["SCF107 index.js:1:10 ajv is not in the package"]
    assert told(packed(node("require('me/lib');\n", manifest)), "SCF107") == []


def test_the_hint_of_a_file_taken_for_a_package(node, scf_gen):
    folder = node("require('lib/more');\n", {"lib/more.js": ""})
    assert "./lib/more is the function's own file" in scf_gen("lint", folder).out


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    import more\nexcept ImportError:\n    more = None\n",
        "if True:\n    import more\n",
        "def later():\n    import more\n",
        "import sys\nsys.path.append('/opt/python')\nimport more\n",
        "import sys\nsys.modules['more'] = sys\nimport more\n",
        "import _more\n",
        "import os.path, tomllib, distutils.util, asyncore, macpath, compression.zstd\n",
    ],
)
def test_what_may_not_run_or_may_be_elsewhere_in_python_is_left_alone(python, told, code):
    assert told(python(code), "SCF107") == []


@pytest.mark.parametrize(
    ("code", "files"),
    [
        ("import more\n", {"more.so": b"\x7fELF"}),
        ("import more\n", {"more.abi3.so": b"\x7fELF"}),
        ("import more\n", {"more.cpython-310-x86_64-linux-gnu.so": b"\x7fELF"}),
        ("import more\n", {"more/one.py": ""}),
        ("import more.one\n", {"more/two.py": ""}),
        ("import more.one\n", {"more/__init__.py": "__path__.append('/opt/more')\n"}),
        ("import more.one\n", {"more/__init__.py": "", "more-1.dist-info/METADATA": ""}),
        ("import more.one\n", {"more.py": ""}),
        ("import more\n", {"runtime/lib/python3.10/site-packages/more/__init__.py": ""}),
        ("import more\n", {"requirements.txt": "more==1\n"}),
        ("import more\n", {"poetry.lock": ""}),
        ("import more\n", {"scf.toml": '[function.env]\nPYTHONPATH = "/opt/python"\n'}),
        ("from . import more\n", {"__init__.py": ""}),
        ("import more\n", {"more.py": "from lib import one\n", "lib/one.py": "import json\n"}),
    ],
)
def test_what_python_finds_or_may_find_is_there(python, told, code, files):
    assert told(python(code, files), "SCF107") == []


def test_a_program_as_bootstrap_may_set_anything(python, told):
    assert told(python("import more\n", {"bootstrap": b"\x7fELF\0", "loop.py": "_HANDLER"}), "SCF107") == []


def test_files_that_are_loaded_are_looked_into(python, told):
    files = {
        "lib/__init__.py": "from .db import read\n",
        "lib/db.py": "import gone\nread = 1\n",
        "other.py": "import no\n",
    }
    assert told(python("from lib import db\n", files), "SCF107") == [
        "SCF107 lib/db.py:1:8 gone is not in the package, and requirements.txt names no packages"
    ]


def test_a_loop_of_files_ends(python, told):
    assert (
        told(python("import one\n", {"one.py": "import two\n", "two.py": "import one\nimport index\n"}), "SCF107") == []
    )


@pytest.mark.parametrize(
    "code",
    [
        ". /opt/lib.sh\n",
        ". lib.sh\n",
        '. "$folder/lib.sh"\n',
        ". ./lib.sh || true\n",
        ". ./lib.sh 2>/dev/null\n",
        "[[ ! -f ./lib.sh ]] || . ./lib.sh\n",
        "if [[ $more ]]; then . ./lib.sh; fi\n",
        "cd lib\n. ./lib.sh\n",
        "load() { . ./lib.sh; }\n",
        ". ./*.sh\n",
        "bash ./lib.sh\n",
    ],
)
def test_what_may_not_run_or_may_be_elsewhere_in_bash_is_left_alone(function, told, code):
    assert told(function({"index.sh": code + BASH}), "SCF107") == []


@pytest.mark.parametrize(
    "path",
    [
        "./lib.sh",
        '"./lib.sh"',
        '"$(dirname "$0")/lib.sh"',
        "$(dirname $0)/lib.sh",
        '"${0%/*}/lib.sh"',
        '"${BASH_SOURCE[0]%/*}/lib.sh"',
        '"${BASH_SOURCE%/*}"/lib.sh',
        '"$(dirname "${BASH_SOURCE[0]}")/lib.sh"',
        '"$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/lib.sh"',
    ],
)
def test_the_ways_of_bash_to_name_a_file_beside_it(function, told, path):
    folder = function({"index.sh": f"source {path}\n{BASH}"})
    assert told(folder, "SCF107") == [f"SCF107 index.sh:1:8 there is no {path}"]
    (folder / "lib.sh").write_text("true\n")
    assert told(folder, "SCF107") == []


@pytest.mark.parametrize(
    ("kind", "code", "files"),
    [
        (
            "module",
            "import { createRequire } from 'module';\nconst require = createRequire('/opt/');\nrequire('fs');\n",
            {},
        ),
        ("module", "if (typeof module !== 'undefined') module.exports = {};\n", {}),
        ("commonjs", "import('fs');\n", {}),
        ("commonjs", "// import fs from 'fs';\n", {}),
        ("", "import fs from 'fs';\n", {"runtime/bin/node": b"\x7fELF"}),
        ("", "import fs from 'fs';\n", {"package.json": "{"}),
        ("module", "import './lib/one.js';\n", {"lib/one.js": "exports.one = 1;\n", "lib/package.json": "{}"}),
    ],
)
def test_a_file_that_may_be_what_it_is_read_as(function, told, kind, code, files):
    export = (
        "exports.main_handler = async (event) => event;\n" if kind == "commonjs" else "export const main_handler = 1;\n"
    )
    manifest = {"package.json": f'{{"type": "{kind}"}}'} if kind else {}
    assert told(function({"index.js": code + export, **manifest, **files}, base="node"), "SCF108") == []


GO = 'func Handle(name string, handler func()) {}\nvar name = os.Getenv("_HANDLER")\n\n// Handle(\n'


@pytest.mark.parametrize(
    ("code", "is_told"),
    [
        ("", True),
        ("package main\n\nfunc handler() {}\n\n// Handle(\n", True),
        ('package main\n\nfunc init() {\n\tHandle("index.main_handler", handler)\n}\n', False),
        ("package main\n\nvar register = Handle\n", False),
        ("package main\n\nfunc init() {\n\tlib.Register(Handle)\n}\n", False),
    ],
)
def test_go_that_registers_nothing(function, told, code, is_told):
    config = '[function]\nlang = "go"\n'
    files = {"scf.toml": config, "index.sh": None, "index.go": code, "main.go": f"package main\n\n{GO}"}
    expected = ["SCF105 scf.toml:1:2 no file registers any handler"]
    assert told(function(files), "SCF105") == (expected if is_told else [])
