"""`--fix` and `--diff`: what they change, and what they leave alone."""

import os
import stat
import subprocess

import pytest
from scf_gen.lint import change, rule
from scf_gen.lint.file import stamp
from scf_gen.lint.finding import Found, Rename, Replace, SetMode
from scf_gen.lint.fixer import mend
from scf_gen.lint.runner import Plan

CRLF = {"crlf": ["bootstrap"], "modes": {"bootstrap": "644"}}
PLAN = Plan(select=("SCF2",))


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def contents(folder):
    return {path.name: (mode(path), path.read_bytes()) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def check(monkeypatch):
    """Puts a check of the test's own in the place of one of the rules."""
    return lambda code, function: monkeypatch.setitem(rule.CHECKS, code, function)


def test_fix_mends_and_tells_what_is_left(scf_gen, function):
    folder = function({"index.sh": "main_handler() {\n  echo $1\n}\n"}, **CRLF)
    done = scf_gen("lint", folder, "--fix", "--select", "SCF2,SC2086")
    assert done.status == 0
    assert done.out.startswith(f"{folder}/index.sh:2:8: SC2086 ")
    assert done.err.splitlines() == [
        f"mended {folder}/bootstrap: SCF202 bootstrap is not executable",
        f"mended {folder}/bootstrap: SCF203 bootstrap has CRLF line ends",
        "1 info in 1 package; mended 2",
    ]
    assert mode(folder / "bootstrap") == 0o755
    assert b"\r" not in (folder / "bootstrap").read_bytes()


def test_the_exit_status_is_that_of_what_is_left(scf_gen, function):
    folder = function({"bootstrap": "#!/bin/bash\nif\n"}, {"bootstrap": "644"})
    assert scf_gen("lint", folder, "--fix").status == 1
    assert mode(folder / "bootstrap") == 0o755


def test_crlf_of_a_bootstrap_is_one_finding_that_fix_mends(scf_gen, function):
    folder = function({"bootstrap": '#!/bin/bash\nprintf "%s\\n" \\\n  "$1"\necho $2\n'}, crlf=["bootstrap"])
    codes = ("--select", "SCF2,SC")
    before = scf_gen("lint", folder, *codes)
    assert [line.split()[1] for line in before.out.splitlines()[::2]] == ["SCF203", "SC2086"]
    assert before.err == "1 error, 1 info in 1 package; --fix mends 1 of them\n"
    assert scf_gen("lint", folder, "--fix", *codes).err.endswith("1 info in 1 package; mended 1\n")


def test_only_what_is_selected_is_mended(scf_gen, function):
    folder = function(**CRLF)
    scf_gen("lint", folder, "--fix", "--select", "SCF202")
    assert b"\r" in (folder / "bootstrap").read_bytes()


def test_nothing_is_written_where_nothing_is_to_be_mended(scf_gen, function):
    folder = function()
    before = {path: (mode(path), stamp(path.stat())) for path in folder.iterdir()}
    assert scf_gen("lint", folder, "--fix").status == 0
    assert {path: (mode(path), stamp(path.stat())) for path in folder.iterdir()} == before


def test_several_packages_keep_their_order(scf_gen, function):
    bad = {"bootstrap": "#!/bin/bash\nif\n"}
    folders = [function(bad, {"bootstrap": "644"}, name="b"), function(bad, name="a"), function(bad, name="c", **CRLF)]
    before = [line.split(":")[0] for line in scf_gen("lint", *folders).out.splitlines() if not line.startswith(" ")]
    after = [
        line.split(":")[0] for line in scf_gen("lint", "--fix", *folders).out.splitlines() if not line.startswith(" ")
    ]
    assert list(dict.fromkeys(after)) == list(dict.fromkeys(before))


def test_the_diff_is_one_that_git_applies(scf_gen, function, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = function({"bootstrap": "#!/bin/bash\r\necho a\r\n\r\necho b"}, {"bootstrap": "644"})
    before = contents(folder)
    done = scf_gen("lint", "fn", "--diff", "--select", "SCF2")
    assert done.status == 1
    assert done.stdout.startswith(
        b"diff --git a/fn/bootstrap b/fn/bootstrap\nold mode 100644\nnew mode 100755\n"
        b"--- a/fn/bootstrap\n+++ b/fn/bootstrap\n@@ -1,4 +1,4 @@\n-#!/bin/bash\r\n"
    )
    assert done.err == "--fix would mend 2 of 2 findings\n"
    assert contents(folder) == before
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "apply"], input=done.stdout, check=True)
    patched = contents(folder)
    (folder / "bootstrap").write_bytes(before["bootstrap"][1])
    (folder / "bootstrap").chmod(0o644)
    scf_gen("lint", "fn", "--fix", "--select", "SCF2")
    assert contents(folder) == patched


def test_the_diff_shows_new_names_and_odd_ones(scf_gen, function, check, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    check("SCF201", lambda context: _renamed(context, "start\n.sh", "bootstrap"))
    function({"bootstrap": None, "start\n.sh": "echo\n"})
    shown = scf_gen("lint", "fn", "--diff", "--select", "SCF201").out
    assert shown == (
        'diff --git "a/fn/start\\012.sh" b/fn/bootstrap\nsimilarity index 100%\n'
        'rename from "fn/start\\012.sh"\nrename to fn/bootstrap\n'
    )


def _renamed(context, old, new):
    if old in context.package.files:
        yield Found("misnamed", old, edits=(Rename(old, new),))


def test_a_file_is_renamed(function, check):
    check("SCF201", lambda context: _renamed(context, "scf_bootstrap", "bootstrap"))
    folder = function({"bootstrap": None, "scf_bootstrap": "#!/bin/bash\n"})
    assert mend([folder], PLAN, write=True).undone == []
    assert sorted(path.name for path in folder.iterdir()) == ["bootstrap", "index.sh"]
    assert mode(folder / "bootstrap") == 0o755  # SCF202 sees it by its new name


def test_a_name_that_is_taken_is_refused(function, check):
    check("SCF201", lambda context: _renamed(context, "scf_bootstrap", "bootstrap"))
    folder = function({"scf_bootstrap": "#!/bin/bash\n"})
    before = contents(folder)
    mended = mend([folder], PLAN, write=True)
    assert [one.found.message for one in mended.report.findings] == ["misnamed"]
    assert contents(folder) == before


def replaces(*edits, once="abc"):
    """A check that finds an edit each, as long as the file has its first content."""

    def check(context):
        file = context.package.files["x.txt"]
        if file.content == once.encode():
            yield from (
                Found("wrong", "x.txt", 1, edits=edit if isinstance(edit, tuple) else (edit,)) for edit in edits
            )

    return check


@pytest.mark.parametrize(
    ("edits", "result"),
    [
        ([Replace("x.txt", 0, 1, b"A"), Replace("x.txt", 2, 3, b"C")], "AbC"),
        ([Replace("x.txt", 2, 3, b"C"), Replace("x.txt", 0, 1, b"A")], "AbC"),
        ([Replace("x.txt", 0, 2, b"AB"), Replace("x.txt", 1, 3, b"XX")], "ABc"),
        ([Replace("x.txt", 0, 1, b"A"), Replace("x.txt", 0, 1, b"A")], "Abc"),
        ([Replace("x.txt", 1, 1, b"-"), Replace("x.txt", 1, 1, b"-")], "a-bc"),
        ([(Replace("x.txt", 0, 1, b"A"), Replace("x.txt", 0, 2, b"B"))], "abc"),
        ([(Replace("x.txt", 0, 1, b"A"), Replace("gone.txt", 0, 1, b"B"))], "abc"),
        ([Replace("x.txt", 2, 9, b"")], "abc"),
        ([Replace("x.txt", 0, 3, b"")], ""),
    ],
)
def test_edits_never_overlap_and_come_all_or_none(function, check, edits, result):
    check("SCF201", replaces(*edits))
    folder = function({"x.txt": "abc"})
    mend([folder], PLAN, write=True)
    assert (folder / "x.txt").read_text() == result


def test_rules_that_undo_each_other_come_to_an_end(function, check):
    def swap(context):
        content = context.package.files["x.txt"].content
        yield Found("wrong", "x.txt", edits=(Replace("x.txt", 0, 1, b"b" if content == b"a" else b"a"),))

    check("SCF201", swap)
    mended = mend([function({"x.txt": "a"})], PLAN, write=True)
    assert [finding.code for finding in mended.report.findings] == ["SCF201"]


def test_a_link_is_not_followed(function, check, tmp_path):
    outside = tmp_path / "outside"
    outside.write_bytes(b"#!/bin/bash\r\necho\r\n")
    outside.chmod(0o644)
    check("SCF201", lambda _: [Found("wrong", "bootstrap", edits=(SetMode("bootstrap", 0o755),))])
    folder = function({"bootstrap": None}, links={"bootstrap": str(outside)})
    mend([folder], PLAN, write=True)
    assert (mode(outside), outside.read_bytes()) == (0o644, b"#!/bin/bash\r\necho\r\n")
    assert (folder / "bootstrap").is_symlink()


def test_a_zip_is_left_as_it_is(scf_gen, function, packed):
    archive = packed(function(modes={"bootstrap": "644"}))
    before = archive.read_bytes()
    done = scf_gen("lint", archive, "--fix", "--select", "SCF2")
    assert done.status == 1
    assert "SCF202" in done.out
    assert f"left {archive} as it is: --fix mends folders; mend the folder and pack it again" in done.err
    assert archive.read_bytes() == before


def test_mode_and_owner_are_kept(function):
    folder = function(crlf=["bootstrap"], modes={"bootstrap": "751"})
    bootstrap = folder / "bootstrap"
    if os.geteuid() == 0:
        os.chown(bootstrap, 1234, 2345)
    owner = (bootstrap.stat().st_uid, bootstrap.stat().st_gid)
    mend([folder], PLAN, write=True)
    status = bootstrap.stat()
    assert b"\r" not in bootstrap.read_bytes()
    assert (mode(bootstrap), status.st_uid, status.st_gid) == (0o751, *owner)
    assert sorted(path.name for path in folder.iterdir()) == ["bootstrap", "index.sh"]


def test_what_changed_in_between_is_not_lost(scf_gen, function, monkeypatch):
    folder = function(crlf=["bootstrap"])
    carry_out = change.Change.carry_out

    def late(self):
        (folder / "bootstrap").write_bytes(b"#!/bin/bash\r\nsaved by an editor\r\n")
        return carry_out(self)

    monkeypatch.setattr(change.Change, "carry_out", late)
    done = scf_gen("lint", folder, "--fix", "--select", "SCF2")
    assert done.status == 1
    assert f"left {folder}/bootstrap as it is: it has changed meanwhile" in done.err
    assert "mended 0" in done.err
    assert "SCF203" in done.out
    assert b"saved by an editor" in (folder / "bootstrap").read_bytes()


def test_a_write_that_fails_leaves_the_file_and_nothing_else(scf_gen, function, monkeypatch):
    folder = function(crlf=["bootstrap"])
    before = contents(folder)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    done = scf_gen("lint", folder, "--fix", "--select", "SCF2")
    assert done.status == 1
    assert "as it is: No space left on device" in done.err
    assert contents(folder) == before


def test_a_large_file_gets_its_mode_but_no_other_content(function):
    folder = function(modes={"bootstrap": "644"})
    long = b"#!/bin/bash\r\n" + b"#" * (9 << 20)
    (folder / "bootstrap").write_bytes(long)
    mend([folder], PLAN, write=True)
    assert mode(folder / "bootstrap") == 0o755
    assert (folder / "bootstrap").read_bytes() == long


def test_a_checkout_on_windows_is_mended_as_a_whole(scf_gen, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert scf_gen("new", "hello", "--lang", "bash").status == 0
    texts = {path: path.read_bytes() for path in (tmp_path / "hello").rglob("*") if path.is_file()}
    for path, text in texts.items():
        path.write_bytes((b"\xef\xbb\xbf" if path.name == "index.sh" else b"") + text.replace(b"\n", b"\r\n"))
    done = scf_gen("lint", "hello")
    assert [line.split()[1] for line in done.out.splitlines() if not line.startswith(" ")] == [
        "SCF203",
        "SCF407",
        "SCF406",
        "SCF406",
    ]
    assert "1 warning in 1 package" in done.err  # tests/run.sh does not run on SCF
    assert scf_gen("lint", "hello", "--fix").status == 0
    mended = {path.name for path, text in texts.items() if path.read_bytes() == text}
    assert {"bootstrap", "index.sh", "run.sh"} <= mended


def test_shell_files_of_others_are_left_as_they_are(scf_gen, function):
    folder = function({"node_modules/a/run.sh": "true\n"}, crlf=["node_modules/a/run.sh"])
    assert "SCF406" in scf_gen("lint", folder, "--fix").out
    assert (folder / "node_modules/a/run.sh").read_bytes() == b"true\r\n"
