"""Deploying to a local SCF: only what differs is sent, and what was sent is what runs."""

import json
import random

import pytest
from cloud.settings import settings

LANGUAGES = ["bash", "python", "node", "go"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_from_nothing_to_a_function_there_and_back(lang, scf_gen, there, faulty):
    assert scf_gen("new", "hello", "--lang", lang).status == 0
    deployed = there("deploy", "hello")
    assert (deployed.status, deployed.out.splitlines()[0].split()[:2]) == (0, ["hello", "created"])
    again = there("deploy", "hello")
    assert again.out.startswith("hello  unchanged  ")
    assert faulty.changes == ["CreateFunction"]
    invoked = there("invoke", "--remote", "hello", "-d", '{"key1":"v"}')
    assert invoked.status == 0
    assert '{"key1":"v"}' in invoked.out
    assert "START RequestId:" in invoked.err
    logged = there("logs", "hello")
    assert logged.out.startswith("START RequestId:")
    assert logged.out.count("\nEND RequestId:") == 1
    assert "hello  Active  CustomRuntime  Event  " in there("list").out
    assert there("delete", "hello", "--yes").status == 0
    assert there("list").out == ""


def sent(faulty) -> dict[str, object]:
    """The last call that was not a question."""
    return next(parameters for action, parameters in reversed(faulty.calls) if not action.startswith(("Get", "List")))


def test_a_change_of_content_or_of_a_mode_alone_is_sent(there, faulty, project):
    assert there("deploy", project).status == 0
    (project / "data.txt").chmod(0o755)
    assert there("deploy", project).out.startswith("echo  code  (")
    assert there("deploy", project).out.startswith("echo  unchanged  (")
    (project / "data.txt").write_text("other data")
    assert there("deploy", project).out.startswith("echo  code  (")
    assert faulty.changes == ["CreateFunction", "UpdateFunctionCode", "UpdateFunctionCode"]


def test_a_file_that_was_only_touched_is_not_sent(there, faulty, project):
    assert there("deploy", project).status == 0
    (project / "data.txt").write_text((project / "data.txt").read_text())
    assert there("deploy", project).out.startswith("echo  unchanged  (")
    assert faulty.changes == ["CreateFunction"]


def test_changed_settings_alone_send_no_code_but_with_the_handler(there, faulty, project):
    there("deploy", project, "--env", "A=1", "--env", "B=2")
    (project / ".scfignore").write_text("scf.toml\n")
    there("deploy", project, "--env", "A=1", "--env", "B=2")
    faulty.calls.clear()
    settings(project, memory_mb=256, timeout_s=7, env='A = "changed"\nC = "3"')
    done = there("deploy", project)
    changed = "memory_mb 128 → 256, timeout_s 3 → 7, variable C added, variable A changed, variable B removed"
    assert done.out.startswith(f"echo  {changed}  (")
    assert faulty.changes == ["UpdateFunctionConfiguration"]
    assert "InitTimeout" not in sent(faulty)
    settings(project, memory_mb=256, timeout_s=7, handler="other.handler", env='A = "changed"\nC = "3"')
    assert there("deploy", project).out.startswith("echo  handler index.main_handler → other.handler  (")
    assert faulty.changes == ["UpdateFunctionConfiguration", "UpdateFunctionCode"]


def test_variables_arrive_and_all_of_them_can_be_taken_away(there, faulty, project):
    (project / "bootstrap").write_text((project / "bootstrap").read_text().replace("said $event", "A is ${A-unset}"))
    there("deploy", project, "--env", "A=x y")
    assert "\nA is x y\n" in there("invoke", "--remote", "echo").err
    assert there("deploy", project).out.startswith("echo  variable A removed  (")
    assert sent(faulty)["Environment"] == {"Variables": [{"Key": "", "Value": ""}]}
    assert "\nA is unset\n" in there("invoke", "--remote", "echo").err
    assert there("deploy", project).out.startswith("echo  unchanged  (")


def test_a_published_version_keeps_what_it_had(there, project):
    assert there("deploy", project, "--publish").out.splitlines()[-1] == "version 1"
    (project / "bootstrap").write_text((project / "bootstrap").read_text().replace("said", "now said"))
    assert there("deploy", project, "--publish").out.splitlines()[-1] == "version 2"
    for version, word in (("1", "\nsaid"), ("2", "\nnow said"), ("$LATEST", "\nnow said")):
        assert word in there("invoke", "--remote", "echo", "--qualifier", version).err
    assert there("invoke", "--remote", "echo", "--qualifier", "3").status == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda _, folder: (folder / "data.txt").write_text("other"),
        lambda _, folder: settings(folder, memory_mb=256),
        lambda _, folder: settings(folder, handler="other.handler"),
        lambda client, _: client.call("UpdateFunctionConfiguration", FunctionName="echo", Role="other"),
    ],
    ids=["code", "a setting", "the handler", "what scf.toml does not know"],
)
def test_a_version_is_published_when_something_has_changed_and_else_not(there, faulty, server, region, project, change):
    def publish(*options: str) -> str:
        return there("deploy", project, "--publish", *options).out.splitlines()[-1]

    (project / ".scfignore").write_text("scf.toml\n")  # so that a setting is no code
    assert [publish(), publish(), publish()] == ["version 1", "version 1  unchanged", "version 1  unchanged"]
    assert there("deploy", project, "--publish", "--dry-run").out == ""
    change(server.client(region), project)
    server.client(region).settled("echo")
    assert publish("--dry-run").startswith("PublishVersion ")
    assert [publish(), publish()] == ["version 2", "version 2  unchanged"]
    assert faulty.actions.count("PublishVersion") == 2


@pytest.mark.parametrize("action", ["ListVersionByFunction", "GetFunctionAddress"])
def test_where_the_api_tells_too_little_of_versions_one_is_published(there, faulty, project, action):
    there("deploy", project, "--publish")
    faulty.faults[action] += [("UnauthorizedOperation.CAM", "not yours")] * 3
    assert there("deploy", project, "--publish").out.splitlines()[-1] == "version 2"


def test_the_newest_of_many_versions_counts(there, server, region, project):
    there("deploy", project)
    for _ in range(22):
        server.client(region).call("PublishVersion", FunctionName="echo")
    assert there("deploy", project, "--publish").out.splitlines()[-1] == "version 22  unchanged"


def test_a_dry_run_shows_the_calls_and_makes_none(there, faulty, project):
    first = there("deploy", project, "--dry-run", "--publish", "--env", "TOKEN=hush")
    created, published = first.out.splitlines()
    action, _, parameters = created.partition(" ")
    assert (action, published.split()[0]) == ("CreateFunction", "PublishVersion")
    shown = json.loads(parameters)
    assert shown["Environment"] == {"Variables": [{"Key": "TOKEN", "Value": "…"}]}
    assert shown["Code"]["ZipFile"].split()[1:3] == ["bytes,", "sha256"]
    assert faulty.changes == []
    assert "hush" not in first.out + first.err
    there("deploy", project)
    assert there("deploy", project, "--dry-run").out == ""
    settings(project, memory_mb=256)
    calls = [line.split()[0] for line in there("deploy", project, "--dry-run").out.splitlines()]
    assert calls == ["UpdateFunctionConfiguration", "UpdateFunctionCode"]
    assert faulty.changes == ["CreateFunction"]


def test_what_a_dry_run_shows_is_what_is_sent(there, faulty, project):
    _, _, shown = there("deploy", project, "--dry-run").out.partition(" ")
    there("deploy", project)
    assert {**json.loads(shown), "Code": None} == {**sent(faulty), "Code": None}


def test_a_zip_is_sent_as_it_is(scf_gen, there, project):
    assert scf_gen("package", project, "-o", "some.zip").status == 0
    done = there("deploy", "some.zip")
    assert done.out.startswith("echo  created  (")
    assert done.out.splitlines()[1] == scf_gen("package", project).out.splitlines()[1]
    assert there("deploy", project).out.startswith("echo  unchanged  (")


def test_a_zip_is_linted_too(scf_gen, there, faulty, project):
    (project / "bootstrap").write_text("echo\n")
    assert scf_gen("package", project, "-o", "some.zip", "--no-lint").status == 0
    done = there("deploy", "some.zip")
    assert (done.status, done.out, faulty.changes) == (1, "", [])
    assert "some.zip/bootstrap:1:1: SCF205 " in done.err
    assert there("deploy", "some.zip", "--no-lint").status == 0


def test_without_scf_toml_only_code_is_deployed(there, project):
    there("deploy", project)
    settings(project, memory_mb=512, handler="own.handler")
    there("deploy", project)
    (project / "scf.toml").unlink()
    done = there("deploy", project)
    assert done.out.startswith("echo  code  (")
    assert "only code is deployed" in done.err
    assert there("deploy", project, "--env", "A=1").status == 2
    settings(project, memory_mb=512, handler="own.handler")
    assert there("deploy", project).out.startswith("echo  code  (")


def test_it_takes_region_and_namespace_from_scf_toml(scf_gen, faulty, server, project, monkeypatch):
    monkeypatch.delenv("TENCENTCLOUD_REGION")
    with (project / "scf.toml").open("a") as config:
        config.write(f'[deploy]\nregion = "test-toml"\nnamespace = "ours"\nendpoint = "{faulty.url}"\n')
    server.client("test-toml").call("CreateNamespace", Namespace="ours")
    assert "(test-toml, namespace ours)" in scf_gen("deploy", project).out
    assert "said" in scf_gen("invoke", "--remote", "echo").err
    monkeypatch.chdir(project)
    assert scf_gen("list").out.startswith("echo  Active")
    assert scf_gen("invoke", "--remote").status == 0
    assert scf_gen("list", "--namespace", "default").out == ""
    assert scf_gen("delete", "echo", "--yes").status == 0


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        (lambda folder: (folder / "bootstrap").unlink(), 3, "has no bootstrap"),
        (
            lambda folder: (folder / "bootstrap").write_text("echo\n"),
            1,
            "so it is not deployed\nhint: --no-lint deploys",
        ),
        (lambda folder: settings(folder, timeout_s=0), 3, "timeout_s"),
        (lambda folder: (folder / "scf.toml").write_text("[deploy]\nregion = 'A B'"), 3, "deploy.region has to be"),
        (
            lambda folder: (folder / "scf.toml").write_text("[deploy]\nendpoint = 'ftp://x'"),
            3,
            "deploy.endpoint has to",
        ),
        (lambda folder: (folder / "noise").write_bytes(noise(8_000_000)), 3, "COS"),
        (lambda folder: (folder / "scf.toml").unlink() or folder.rename("1"), 3, "can be no function's"),
    ],
)
def test_what_cannot_be_deployed_is_told_and_nothing_is_sent(there, faulty, project, change, status, message):
    change(project)
    done = there("deploy", project if project.exists() else "1")
    assert (done.status, done.out) == (status, "")
    assert message in done.err
    assert faulty.changes == []


def noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)
