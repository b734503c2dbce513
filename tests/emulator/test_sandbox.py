"""What only the sandbox gives: SCF's file system and limits."""

import json
import sys
from pathlib import Path

import pytest
from scf_gen.emulator import sandbox as sandbox_module
from scf_gen.emulator.sandbox import find_sandbox

ANSWER = "ready(); next(); {script}\nimport json; response(json.dumps(result)); next()"


@pytest.fixture
def sandbox():
    found, reason = find_sandbox()
    assert found, reason
    return found


def result_of(invoke, bootstrap, script):
    [outcome] = invoke(bootstrap(ANSWER.format(script=script)), timeout_s=30)
    return json.loads(outcome.body)


def test_the_code_is_at_var_user_and_read_only(bootstrap, invoke):
    script = """
import errno
result = [os.getcwd(), sorted(os.listdir("."))]
for path in ("/var/user/new", "/var/new", "/new", "/opt/new", "/usr/new"):
    try: open(path, "w")
    except OSError as error: result.append(errno.errorcode[error.errno])
"""
    folder, files, *errors = result_of(invoke, bootstrap, script)
    assert (folder, files) == ("/var/user", ["bootstrap"])
    assert set(errors) <= {"EROFS", "ENOENT"}
    assert errors[0] == "EROFS"


def test_tmp_is_its_own_and_lives_as_long_as_the_instance(bootstrap, invoke, tmp_path):
    (tmp_path / "of-this-machine").touch()
    script = """
ready()
while True:
    next(); seen = os.listdir("/tmp"); open(f"/tmp/{len(seen)}", "w"); response(",".join(sorted(seen)))
"""
    assert [outcome.body for outcome in invoke(bootstrap(script), b"1", b"2", b"3")] == [b"", b"0", b"0,1"]


def test_tmp_holds_512_mb_and_no_more(bootstrap, invoke):
    script = "disk = os.statvfs('/tmp'); result = disk.f_blocks * disk.f_frsize"
    assert result_of(invoke, bootstrap, script) == 512 * 1024 * 1024


def test_homes_are_empty_but_for_the_toolchain(bootstrap, invoke):
    script = "result = [os.path.exists('/root/.bashrc'), os.path.exists('/root/.ssh'), os.path.exists(sys.executable)]"
    assert result_of(invoke, bootstrap, script) == [False, False, True]


def test_an_interpreter_is_seen_by_the_name_it_is_called_by(tmp_path, invoke):
    own = tmp_path / "tools" / "bin" / "own-python"
    own.parent.mkdir(parents=True)
    own.symlink_to(Path(sys.executable).resolve())
    code = tmp_path / "code"
    code.mkdir()
    (code / "bootstrap").write_text(f"#!{own}\nprint('it runs')")
    (code / "bootstrap").chmod(0o755)
    assert b"it runs\n" in invoke(code)[0].log


def test_it_sees_no_process_of_this_machine(bootstrap, invoke):
    script = "result = len([name for name in os.listdir('/proc') if name.isdigit()])"
    assert result_of(invoke, bootstrap, script) <= 2


def test_1024_files_may_be_open(bootstrap, invoke):
    script = "import resource; result = resource.getrlimit(resource.RLIMIT_NOFILE)"
    assert result_of(invoke, bootstrap, script) == [1024, 1024]


def test_memory_is_the_functions_own(bootstrap, invoke):
    [small] = invoke(bootstrap("ready(); next(); response('x'); next()"))
    [large] = invoke(bootstrap("ready(); next(); block = b'x' * 100_000_000; response('x'); next()"))
    assert 90_000_000 < large.memory_bytes - small.memory_bytes < 110_000_000


@pytest.mark.parametrize(
    ("bwrap", "complaint"), [(None, "not installed"), ("/bin/false", "does not let"), ("/no/such", "does not start")]
)
def test_where_it_cannot_run_one_line_says_so(scf_gen, seed, monkeypatch, bwrap, complaint):
    monkeypatch.setattr(sandbox_module.shutil, "which", lambda _: bwrap)
    monkeypatch.setattr(sandbox_module, "_bundled", lambda: None)
    find_sandbox.cache_clear()
    try:
        done = scf_gen("invoke", seed, "-d", "1")
    finally:
        find_sandbox.cache_clear()
    assert (done.status, done.out) == (0, "Echoing request: '1'")
    assert "runs without SCF's file system and limits: " in done.err
    assert complaint in done.err
