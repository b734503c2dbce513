"""scf-gen package looks for faults in what SCF would get, before it is written."""

import os
import zipfile

import pytest
from scf_gen.lint.example import Example


@pytest.fixture
def function(tmp_path):
    folder = tmp_path / "fn"
    folder.mkdir()
    Example({}).write(folder)
    return folder


def test_a_function_without_faults_is_packed_without_a_word(scf_gen, function):
    assert (scf_gen("package", function).status, scf_gen("package", function).err) == (0, "")


def test_an_error_is_told_and_the_earlier_package_stays(scf_gen, function):
    assert scf_gen("package", function).status == 0
    before = (function / "fn.zip").read_bytes()
    (function / "index.sh").write_text("main_handle() { :; }\n")
    done = scf_gen("package", function)
    assert (done.status, done.out) == (1, "")
    assert done.err.splitlines()[-2:] == [
        f"error: {function} has an error, so it is not packed",
        "hint: --no-lint packs it all the same",
    ]
    assert done.err.startswith(f"{function}/index.sh:1:1: SCF105 ")
    assert scf_gen("package", function, "-o", function.parent / "out.zip").err == done.err
    assert (function / "fn.zip").read_bytes() == before
    assert {path.name for path in function.iterdir()} == {"bootstrap", "index.sh", "fn.zip"}


def test_without_lint_it_is_packed(scf_gen, function):
    (function / "index.sh").write_text("main_handle() { :; }\n")
    assert (scf_gen("package", "--no-lint", function).status, scf_gen("package", function).status) == (0, 1)


def test_a_warning_is_told_and_packed(scf_gen, function):
    (function / "index.sh").write_text('main_handler() {\n  cat $1\n  jq . "$1"\n}\n')
    done = scf_gen("package", function)
    assert done.status == 0
    assert "SCF403" in done.err
    assert zipfile.is_zipfile(function / "fn.zip")


def test_what_packing_mends_is_no_fault(scf_gen, function):
    (function / "bootstrap").chmod(0o644)
    assert scf_gen("package", function).status == 0


def test_what_stays_out_is_no_fault_of_the_folder_either(scf_gen, function):
    key = "-----BEGIN RSA PRIVATE KEY-----\n" + "A" * 64 + "\n-----END RSA PRIVATE KEY-----\n"
    (function / "local.pem").write_text(key)
    assert "SCF508" in scf_gen("lint", function).out
    (function / ".scfignore").write_text("*.pem\n")
    assert scf_gen("lint", function).out == ""
    assert scf_gen("package", function).status == 0


def test_a_compiled_handler_is_looked_for_in_its_sources(scf_gen, tmp_path):
    scf_gen("new", "fn", "--lang", "go", "--no-input", "--output-dir", tmp_path)
    settings = tmp_path / "fn" / "scf.toml"
    settings.write_text(settings.read_text().replace("index.main_handler", "index.handle"))
    done = scf_gen("package", tmp_path / "fn")
    assert (done.status, (tmp_path / "fn" / "fn.zip").exists()) == (1, False)
    assert done.err.splitlines()[:2] == [
        f"{settings}:4:1: SCF105 no file registers the handler index.handle",
        "  did you mean index.main_handler?",
    ]


def leave_out(name):
    return lambda folder: (folder / ".scfignore").write_text(f"{name}\n")


REFUSED = {
    "a dead link": (lambda folder: (folder / "a").symlink_to("b"), "SCF503"),
    "a link in a circle": (lambda folder: (folder / "a").symlink_to("a"), "SCF503"),
    "a link that leads outside": (lambda folder: (folder / "a").symlink_to(".."), "SCF503"),
    "a folder in itself": (lambda folder: (folder / "a").symlink_to("."), "SCF503"),
    "the handler's file is left out": (leave_out("index.sh"), "SCF510"),
    "bootstrap is left out": (leave_out("bootstrap"), "SCF510"),
    "no pattern in .scfignore": (leave_out("!"), "SCF510"),
    "no pattern in exclude": (
        lambda folder: (folder / "scf.toml").write_text('[package]\nexclude = ["!"]\n'),
        "SCF510",
    ),
    ".scfignore is not UTF-8": (lambda folder: (folder / ".scfignore").write_bytes(b"caf\xe9\n"), "SCF510"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_the_linter_tells_as_an_error_what_is_refused(scf_gen, function, case):
    make, code = REFUSED[case]
    (function / "scf.toml").write_text('[function]\nlang = "bash"\nhandler = "index.main_handler"\n')
    make(function)
    assert scf_gen("package", function).status != 0
    done = scf_gen("lint", function)
    assert (done.status, code in done.out, "1 error in 1 package" in done.err) == (1, True, True)


def test_the_linter_does_not_fail_for_what_is_only_left_out(scf_gen, function):
    os.mkfifo(function / "pipe")
    assert scf_gen("package", function).status == 0
    done = scf_gen("lint", function)
    assert (done.status, "SCF509" in done.out) == (0, True)


def test_a_pipe_as_the_handlers_file_is_refused_by_both(scf_gen, function):
    (function / "index.sh").unlink()
    os.mkfifo(function / "index.sh")
    (function / "scf.toml").write_text('[function]\nlang = "bash"\nhandler = "index.main_handler"\n')
    assert scf_gen("package", function).status == 1
    done = scf_gen("lint", function)
    assert (done.status, "SCF103" in done.out) == (1, True)
