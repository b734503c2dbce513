"""Packages that a project names are installed for SCF, into the ZIP alone, by the language's own tool."""

import base64
import hashlib
import io
import json
import os
import re
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from scf_gen.languages import catalog, toolbox

MANYLINUX = "manylinux_2_17_x86_64.manylinux2014_x86_64"


@pytest.fixture
def project(scf_gen, tmp_path) -> Callable[[str], Path]:
    """Generates a project of a language."""

    def generate(lang: str, folder: str = "here") -> Path:
        assert scf_gen("new", "fn", "--lang", lang, "--output-dir", tmp_path / folder).status == 0
        return tmp_path / folder / "fn"

    return generate


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "fn.zip"
    }


def names(project: Path) -> set[str]:
    with zipfile.ZipFile(project / "fn.zip") as archive:
        return set(archive.namelist())


# --- Python, by pip


def wheel(folder: Path, name: str, tag: str, files: dict[str, str], needs: str = "") -> None:
    """A wheel such as a package index has."""
    info = f"{name}-1.0.dist-info"
    contents = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needs}",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name}-tool = {name}:main\n",
    }
    digests = {
        path: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        for path, text in contents.items()
    }
    record = "".join(f"{path},sha256={digest},\n" for path, digest in digests.items())
    with zipfile.ZipFile(folder / f"{name}-1.0-{tag}.whl", "w") as archive:
        for path, text in {**contents, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(path, text)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels, for pip to take instead of an index."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    wheel(folder, "greeting", "py3-none-any", {"greeting/__init__.py": "WORD = 'hello'\n", "index.py": "wrong"})
    for python in ("310", "39"):
        for system in (MANYLINUX, "manylinux_2_28_x86_64", "macosx_11_0_arm64", "musllinux_1_1_x86_64"):
            tag = f"cp{python}-cp{python}-{system}"
            wheel(folder, "compiled", tag, {"compiled.py": f"TAG = {tag!r}\n"})
    wheel(folder, "modern", "cp310-cp310-manylinux_2_28_x86_64", {"modern.py": ""})
    return folder


def test_python_packages_are_in_the_zip_and_not_in_the_project(scf_gen, project, index, tmp_path):
    function = project("python")
    (function / "requirements.txt").write_text("# what it needs\n\ngreeting==1.0\n")
    (function / "index.py").write_text(
        "import greeting\ndef main_handler(event, context):\n    return greeting.WORD + str(event['n'])\n"
    )
    before = tree(function)
    done = scf_gen("package", "--no-lint", function)
    assert (done.status, done.err) == (0, f"installing what {function}/requirements.txt names\n")
    assert tree(function) == before
    assert names(function) >= {"greeting/__init__.py", "greeting-1.0.dist-info/METADATA", "index.py"}
    assert not [name for name in names(function) if name.startswith("bin/") or name.endswith(("RECORD", ".pyc"))]
    done = scf_gen("invoke", function / "fn.zip", "-d", '{"n": 1}')
    assert (done.status, done.out) == (0, "hello1"), done.err


@pytest.mark.parametrize(("line", "tag"), [("", "cp310-cp310"), ('interpreter = "3.9"', "cp39-cp39")])
def test_wheels_are_those_of_centos_7_and_of_the_python_there(scf_gen, project, index, line, tag):
    function = project("python")
    (function / "requirements.txt").write_text("compiled\n")
    with (function / "scf.toml").open("a") as config:
        config.write(f"[package]\n{line}\n")
    assert scf_gen("package", "--no-lint", function).status == 0
    with zipfile.ZipFile(function / "fn.zip") as archive:
        assert archive.read("compiled.py").decode() == f"TAG = '{tag}-{MANYLINUX}'\n"


def test_markers_are_read_for_the_python_on_scf(scf_gen, project, index):
    """Whichever Python runs pip, one of the two would be wrong."""
    for version in ("3.6", "3.10", "3.99"):
        name = f"for{version.replace('.', '')}"
        wheel(index, name, "py3-none-any", {f"{name}.py": ""})
    needs = "".join(
        f"Requires-Dist: for{version.replace('.', '')}; python_version == '{version}' and sys_platform == 'linux'\n"
        for version in ("3.6", "3.10", "3.99")
    )
    wheel(index, "choosy", "py3-none-any", {"choosy.py": ""}, needs)
    function = project("python")
    (function / "requirements.txt").write_text("choosy\nfor36; python_full_version >= '3.11'\n")
    for line, chosen in (("", "for310.py"), ('interpreter = "3.6"', "for36.py")):
        with (function / "scf.toml").open("a") as config:
            config.write(f"[package]\n{line}\n" if line else "")
        assert scf_gen("package", "--no-lint", function).status == 0
        assert [name for name in names(function) if re.fullmatch(r"for\d+\.py", name)] == [chosen]


def test_a_package_that_centos_7_cannot_load_is_refused(scf_gen, project, index):
    function = project("python")
    assert scf_gen("package", "--no-lint", function).status == 0
    before = (function / "fn.zip").read_bytes()
    (function / "requirements.txt").write_text("modern\n")
    done = scf_gen("package", "--no-lint", function)
    assert (done.status, done.out) == (1, "")
    assert "error: the installation of packages in" in done.err
    assert "manylinux2014" in done.err
    assert (function / "fn.zip").read_bytes() == before


def test_a_line_that_is_no_requirement_is_told_with_its_place(scf_gen, project, index):
    function = project("python")
    (function / "requirements.txt").write_text("greeting\nno requirement at all\n")
    done = scf_gen("package", "--no-lint", function)
    assert (done.status, done.out) == (1, "")
    assert "(from line 2 of requirements.txt)" in done.err
    error, hint = done.err.splitlines()[-2:]
    assert error == f"error: the installation of packages in {function}/requirements.txt failed with status 1"
    assert hint.startswith("hint: the lines above say what is wrong: ")


def test_installed_twice_the_bytes_are_the_same(scf_gen, project, index):
    packages = []
    for folder in ("here", "there"):
        function = project("python", folder)
        (function / "requirements.txt").write_text("greeting\ncompiled\n")
        assert scf_gen("package", "--no-lint", function).status == 0
        packages.append((function / "fn.zip").read_bytes())
    assert packages[0] == packages[1]


def test_what_is_installed_can_be_trimmed(scf_gen, project, index):
    function = project("python")
    (function / "requirements.txt").write_text("greeting\n")
    with (function / "scf.toml").open("a") as config:
        config.write('[package]\nexclude = ["*.dist-info/", "!/bin/*"]\n')
    assert scf_gen("package", "--no-lint", function).status == 0
    assert not [name for name in names(function) if ".dist-info" in name]
    assert "bin/greeting-tool" in names(function)


def test_a_file_in_the_way_of_an_installed_folder_is_named(scf_gen, project, index):
    function = project("python")
    (function / "requirements.txt").write_text("greeting\n")
    (function / "greeting").write_text("")
    done = scf_gen("package", "--no-lint", function)
    assert done.status == 3
    assert f"{function}/greeting is a file" in done.err


def test_requirements_of_comments_alone_need_no_pip(scf_gen, project):
    function = project("python")
    (function / "requirements.txt").write_text("# nothing yet\n\n")
    done = scf_gen("package", "--no-lint", function)
    assert (done.status, done.err) == (0, "")


# --- Node.js, by npm


def tarball(path: Path, files: dict[str, str], executable: str = "") -> str:
    """A package as npm has it; gives its integrity."""
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(text)
            info.mode = 0o755 if name == executable else 0o644
            archive.addfile(info, io.BytesIO(text.encode()))
    return "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


@pytest.fixture
def node(project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that names a package, and another one for its tests."""
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_offline", "true")
    function = project("node")
    manifest = json.loads((function / "package.json").read_text())
    manifest |= {"dependencies": {"greeting": "file:greeting.tgz"}, "devDependencies": {"judge": "file:judge.tgz"}}
    (function / "package.json").write_text(json.dumps(manifest))
    tarball(
        function / "greeting.tgz",
        {
            "package.json": json.dumps({"name": "greeting", "version": "1.0.0", "bin": {"greet": "greet.js"}}),
            "index.js": "exports.word = 'hello'",
            "greet.js": "#!/usr/bin/env node\n",
            "tool": "not a script",
        },
        executable="tool",
    )
    tarball(function / "judge.tgz", {"package.json": json.dumps({"name": "judge", "version": "1.0.0"})})
    npm = toolbox.require(catalog.language("node"), "package")["npm"].path
    subprocess.run([npm, "install", "--silent", "--package-lock-only"], cwd=function, check=True)
    (function / "index.js").write_text(
        "const { word } = require('greeting');\nexports.main_handler = async (event) => word + event.n;\n"
    )
    (function / ".scfignore").write_text(f"{(function / '.scfignore').read_text()}\n*.tgz\n")
    return function


def test_node_packages_are_in_the_zip_and_not_in_the_project(scf_gen, node):
    before = tree(node)
    done = scf_gen("package", "--no-lint", node)
    assert done.status == 0, done.err
    assert f"installing what {node}/package.json names" in done.err
    assert tree(node) == before
    with zipfile.ZipFile(node / "fn.zip") as archive:
        modes = {
            entry.filename.removeprefix("node_modules/"): entry.external_attr >> 16 & 0o777
            for entry in archive.infolist()
            if entry.filename.startswith("node_modules/")
        }
    files = {"package.json": 0o644, "index.js": 0o644, "greet.js": 0o755, "tool": 0o755}
    assert modes == {f"greeting/{name}": mode for name, mode in files.items()}
    done = scf_gen("invoke", node / "fn.zip", "-d", '{"n": 1}')
    assert (done.status, done.out) == (0, "hello1"), done.err


def test_what_npm_installed_for_this_machine_is_not_packed(scf_gen, node):
    for name in ("greeting/old.js", "judge/index.js", ".bin/judge"):
        (node / "node_modules" / name).parent.mkdir(parents=True, exist_ok=True)
        (node / "node_modules" / name).write_text("")
    before = tree(node)
    assert scf_gen("package", "--no-lint", node).status == 0
    assert tree(node) == before
    packed = {name for name in names(node) if name.startswith("node_modules/")}
    assert {name.split("/")[1] for name in packed} == {"greeting"}
    assert "node_modules/greeting/old.js" not in packed


def test_without_a_lock_the_projects_own_packages_are_taken_or_missed(scf_gen, node):
    (node / "package-lock.json").unlink()
    done = scf_gen("package", "--no-lint", node)
    assert (done.status, done.out) == (3, "")
    assert "there is neither package-lock.json nor node_modules" in done.err
    assert "hint: npm install" in done.err
    (node / "node_modules" / "greeting").mkdir(parents=True)
    (node / "node_modules" / "greeting" / "index.js").write_text("")
    (node / "node_modules" / ".bin").mkdir()
    (node / "node_modules" / ".bin" / "greet").symlink_to("../greeting/index.js")
    assert scf_gen("package", "--no-lint", node).status == 0
    assert {name for name in names(node) if "node_modules" in name} == {"node_modules/greeting/index.js"}


def test_a_lock_that_does_not_fit_is_npms_to_tell(scf_gen, node):
    manifest = json.loads((node / "package.json").read_text())
    manifest["dependencies"]["other"] = "file:other.tgz"
    (node / "package.json").write_text(json.dumps(manifest))
    done = scf_gen("package", "--no-lint", node)
    assert (done.status, done.out) == (1, "")
    assert "npm error" in done.err
    assert "the installation of packages in" in done.err


def test_an_index_out_of_reach_is_one_of_the_reasons(scf_gen, node, monkeypatch):
    (node / "package.json").write_text('{"dependencies": {"greeting": "1"}}')
    entry = {"version": "1.0.0", "resolved": "http://127.0.0.1:9/g.tgz", "integrity": f"sha512-{'A' * 86}=="}
    packages = {"": {"dependencies": {"greeting": "1"}}, "node_modules/greeting": entry}
    (node / "package-lock.json").write_text(json.dumps({"lockfileVersion": 3, "packages": packages}))
    monkeypatch.setenv("npm_config_offline", "false")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    done = scf_gen("package", "--no-lint", node)
    assert (done.status, done.out) == (1, "")
    assert "ECONNREFUSED" in done.err
    assert "hint: the lines above say what is wrong: if the index cannot be reached, try again when it can" in done.err


def test_npm_does_not_wait_a_minute_for_an_index_out_of_reach(node, monkeypatch):
    language = catalog.language("node")
    npm = toolbox.require(language, "package")["npm"].path
    environ = {**os.environ, **dict(language.vendor.command.env)}
    for setting, milliseconds in (("mintimeout", b"2000\n"), ("maxtimeout", b"10000\n")):
        command = [npm, "config", "get", f"fetch-retry-{setting}"]
        assert subprocess.check_output(command, cwd=node, env=environ) == milliseconds


def test_packages_for_tests_alone_need_no_npm(scf_gen, node, monkeypatch):
    manifest = json.loads((node / "package.json").read_text())
    del manifest["dependencies"]
    (node / "package.json").write_text(json.dumps({**manifest, "dependencies": {}}))
    assert scf_gen("package", "--no-lint", node).err == ""


UNREADABLE = {
    "{": "it is no JSON: line 1, column 2: expecting property name",
    "": "it is no JSON: line 1, column 1: expecting value",
    '{\n  "name": "fn"\n  "version": "1"\n}': "it is no JSON: line 3, column 3: expecting ',' delimiter",
    '{"version": NaN}': "it is no JSON: NaN is no value",
    "[" * 100_000: "it is nested too deeply",
    '{"n": %s}' % ("9" * 5000): "a number has too many digits",
    "[]": "it has to be an object, and is a list",
    "null": "it has to be an object, and is null",
    '{"dependencies": ["ajv"]}': "dependencies has to be an object of names and versions, and is a list",
    '{"optionalDependencies": "ajv"}': "optionalDependencies has to be an object of names and versions, and",
    '{"dependencies": {"ajv": 8}}': "dependencies has 'ajv' with a number where its version should be",
}


@pytest.mark.parametrize("lock", ["", "{}"], ids=["without a lock", "with a lock"])
@pytest.mark.parametrize("manifest", UNREADABLE, ids=UNREADABLE.values())
def test_a_manifest_that_cannot_be_read_is_refused_before_anything_is_done(scf_gen, project, manifest, lock):
    function = project("node")
    (function / "package.json").write_text(manifest)
    if lock:
        (function / "package-lock.json").write_text(lock)
    done = scf_gen("package", "--no-lint", function)
    assert done.refuses(3, f"error: {function}/package.json does not say which packages to install: ")
    assert UNREADABLE[manifest] in done.err
    assert done.err.splitlines()[1:] == ["hint: mend package.json, or remove it"]
    assert not (function / "fn.zip").exists()


@pytest.mark.parametrize(
    "manifest",
    ['\ufeff{"type": "commonjs"}', '{"dependencies": {}}', '{"dependencies": null, "optionalDependencies": []}', "{}"],
)
def test_a_manifest_without_packages_needs_no_npm(scf_gen, project, manifest):
    function = project("node")
    (function / "package.json").write_text(manifest, "utf-8")
    done = scf_gen("package", "--no-lint", function)
    assert (done.status, done.err) == (0, "")


def test_a_table_that_only_looks_so_names_no_packages(scf_gen, project):
    """A pattern would find it anywhere."""
    function = project("node")
    (function / "package.json").write_text('{"config": {"dependencies": {"greeting": "1"}}}')
    assert scf_gen("package", "--no-lint", function).err == ""


# --- Any language


@pytest.mark.parametrize(("lang", "manifest"), [("python", "requirements.txt"), ("node", "package.json")])
def test_a_folder_where_packages_should_be_named_is_told(scf_gen, tmp_path, lang, manifest):
    assert scf_gen("new", "fn", "--lang", lang, "--output-dir", tmp_path).status == 0
    (tmp_path / "fn" / manifest).unlink(missing_ok=True)
    (tmp_path / "fn" / manifest).mkdir()
    done = scf_gen("package", "--no-lint", tmp_path / "fn")
    assert (done.status, done.out) == (3, "")
    assert done.err.startswith(f"error: {tmp_path}/fn/{manifest} is no file, so it names no packages\n")
    assert not (tmp_path / "fn" / "fn.zip").exists()


def test_a_language_says_how_its_packages_are_installed(scf_gen, tmp_path, monkeypatch):
    language = tmp_path / "languages" / "toy"
    language.mkdir(parents=True)
    (language / "language.toml").write_text(
        'title = "Toy"\nsummary = "A toy"\nsuffix = "toy"\n[test]\ncommand = ["true"]\n'
        '[package]\nexclude = ["*.draft"]\n'
        '[vendor]\nmanifest = "wants"\npattern = "thing"\ninterpreter = "1.0"\nfolder = "things"\nexclude = ["b"]\n'
        'command = ["sh", "-c", "mkdir $1/things && cp wants $1/things/a && echo $2 $EXTRA >$1/things/b$2", "-", '
        '"{staging}", "{interpreter}"]\nhint = "ask"\nlock = "wants"\n[vendor.env]\nEXTRA = "more"\n'
    )
    monkeypatch.setenv("SCF_GEN_TEMPLATES", str(language.parent))
    function = tmp_path / "fn"
    function.mkdir()
    for name in ("bootstrap", "a.draft"):
        (function / name).write_text("#!/bin/sh\n")
    (function / "wants").write_text("a thing")
    (function / "scf.toml").write_text('[function]\nname = "fn"\nlang = "toy"\n')
    assert scf_gen("package", "--no-lint", function).status == 0
    assert names(function) == {"bootstrap", "scf.toml", "wants", "things/a", "things/b1.0"}
    with zipfile.ZipFile(function / "fn.zip") as archive:
        assert archive.read("things/b1.0") == b"1.0 more\n"
    (function / "scf.toml").write_text('[function]\nname = "fn"\nlang = "toy"\n[package]\ninterpreter = "2"\n')
    assert scf_gen("package", "--no-lint", function).status == 0
    assert "things/b2" in names(function)


def test_a_tool_that_is_missing_is_named(scf_gen, project, monkeypatch):
    function = project("python")
    (function / "requirements.txt").write_text("greeting\n")
    monkeypatch.setattr(toolbox, "search_path", lambda _: ("/nowhere",))
    done = scf_gen("package", "--no-lint", function)
    assert (done.status, done.out) == (3, "")
    assert "python3 3.6 or newer is not here; Python needs it to package" in done.err
    assert "pip 21" in done.err


def test_nothing_is_left_in_the_folder_of_temporary_files(scf_gen, project, index, tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    function = project("python")
    for requirement, status in (("greeting", 0), ("modern", 1)):
        (function / "requirements.txt").write_text(requirement)
        assert scf_gen("package", "--no-lint", function).status == status
    assert list(temporary.iterdir()) == []
