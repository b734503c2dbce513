"""Who may import whom, and which outside library has which one home."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "generator" / "scf_gen"

# Layer: what it may import besides itself and errors.
LAYERS = {
    "errors": set(),
    "core": set(),
    "languages": {"core"},
    "archive": {"core"},
    "scaffold": {"core", "languages", "archive"},
    "lint": {"core", "languages", "archive"},
    "bundle": {"core", "languages", "archive"},
    "emulator": {"core", "languages", "archive"},
    "bench": {"core", "languages", "archive", "emulator"},
    "cloud": {"core", "languages", "archive"},
    "conformance": {"core", "languages", "archive", "emulator", "bundle"},
    "local": {"core", "languages", "archive", "emulator", "bundle", "lint", "scaffold"},
    "cli": {
        *("core", "languages", "archive", "scaffold", "lint", "bundle"),
        *("emulator", "bench", "cloud", "conformance", "local"),
    },
    "__main__": {"cli"},
    "__init__": set(),
}

HOMES = {
    "cookiecutter": {"scaffold/render.py"},
    "jinja2": {"local/console/pages.py"},
    "click": {"cli"},
    "deflate": {"archive/writer.py"},
    "dotenv": {"cli/variables.py"},
    "httptools": {"emulator/http.py"},
    "pathspec": {"archive/ignore.py"},
    "zipfile": {"archive", "bundle/package.py", "lint/example.py", "lint/zip_file.py", "local/console/code_view.py"},
    "psutil": {"emulator"},
    "subprocess": {"languages/toolbox.py", "bundle/tool.py", "emulator/sandbox.py", "lint/shellcheck.py"},
    "tree_sitter": {"lint/source.py", "lint/places.py"},
    "elftools": {"lint/elf.py"},
    "sqlite3": {"local/store"},
    "uvloop": {"cli/emulation.py"},
    "watchfiles": {"cli/watching.py"},
    "tencentcloud": {"cloud/client.py", "cloud/credentials.py"},
    "socket": {"emulator", "conformance/server.py"},
}

MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse((PACKAGE / path).read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_imports_only_lower_layers(path):
    layer = path.parts[0].removesuffix(".py")
    allowed = LAYERS[layer] | {layer, "errors"}
    reached = {name.split(".")[1] for name in imports(path) if name.startswith("scf_gen.")}
    assert reached <= allowed


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_an_outside_library_is_imported_only_at_its_home(path):
    for name in {name.split(".")[0] for name in imports(path)} & set(HOMES):
        assert any(str(path).startswith(home) for home in HOMES[name]), f"{name} in {path}"
