"""Networks, servers and accounts that are not as they should be: one line each, and nothing done twice for it."""

import os
import re
from pathlib import Path

import pytest
from cloud.faulty import THROTTLED
from cloud.settings import settings
from scf_gen.cloud import client, deployed, faults

FAILED_CREATE = {"Status": "CreateFailed", "StatusReasons": [{"ErrorCode": "Bad", "ErrorMessage": "code\n is bad"}]}
FAILED_UPDATE = {"Status": "UpdateFailed", "StatusReasons": None, "StatusDesc": "no reason"}


def becomes(**fields: object):
    """A change of an answer."""
    return lambda response: response.update(fields)


def one_line(done, status: int = 3) -> str:
    """The complaint, if it is one, after what was told of tries before it."""
    assert (done.status, done.out) == (status, "")
    lines = [line for line in done.err.splitlines() if not line.endswith("; trying again")]
    assert lines[0].startswith("error: ")
    assert all(line.startswith("hint: ") for line in lines[1:])
    assert len(lines) <= 2
    return "\n".join(lines)


@pytest.mark.parametrize("fault", ["drop", "lose", "500", "html", "not json", "no response", "cut", THROTTLED])
@pytest.mark.parametrize("action", ["GetFunction", "CreateFunction"])
def test_a_fault_that_passes_does_no_harm(there, faulty, project, action, fault):
    faulty.faults[action] += [fault, fault]
    done = there("deploy", project)
    assert done.status == 0
    assert "trying again" in done.err
    assert "said" in there("invoke", "--remote", "echo").err
    assert there("deploy", project).out.startswith("echo  unchanged")


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("drop", "no answer from http://127.0.0.1:"),
        ("500", ': HTTP 500, text/plain: "upstream is down"\nhint: it is a fault of the server; try again later'),
        ("429", ': HTTP 429, text/plain: "slowly"\nhint: it wants fewer requests at once; try again in a while'),
        ("html", ': HTTP 200, text/html: "<html>Welcome to this hotel</html>"\nhint: see whether --endpoint and'),
        ("not json", """: HTTP 200, application/json: "{"Response":"\n"""),
        ("no response", ': HTTP 200, application/json: "[1, 2, 3]"\n'),
        ("null", """: HTTP 200, application/json: "{"Response": null}"\n"""),
        ("error of another kind", ': Error is not an object: HTTP 200, application/json: "{'),
        ("empty", ": HTTP 200: an empty body\n"),
        ("bytes", ': HTTP 200, application/octet-stream: "?�?[2J"\n'),
        ("deep", ": HTTP 200, application/json: " + '"[[['),
        ("cut", "no answer from http://127.0.0.1:"),
        (THROTTLED, "RequestLimitExceeded.UinLimitExceeded: too many requests (RequestId of-the-test)"),
    ],
)
def test_a_fault_that_stays_is_told_in_a_line(there, faulty, fault, message):
    faulty.faults["ListFunctions"] += [fault] * 9
    assert message in one_line(there("list"))
    assert faulty.actions == ["ListFunctions"] * 4


@pytest.mark.parametrize(
    ("action", "command", "fields", "fault"),
    [
        ("ListFunctions", ["list"], {"Functions": "x"}, "Functions is not a list"),
        ("ListFunctions", ["list"], {"Functions": ["x"]}, "an item of Functions is not an object"),
        ("ListFunctions", ["list"], {"TotalCount": 1.5}, "TotalCount is not a whole number"),
        ("ListFunctions", ["list"], {"TotalCount": None}, "there is no TotalCount"),
        ("Invoke", ["invoke", "--remote", "echo"], {"Result": 5}, "Result is not an object"),
        ("Invoke", ["invoke", "--remote", "echo"], {"Result": None}, "there is no Result"),
        ("Invoke", ["invoke", "--remote", "echo"], {"Result": {"Duration": True}}, "Duration is not a number"),
        ("GetFunctionLogs", ["logs", "echo"], {"Data": {}}, "Data is not a list"),
        ("GetFunction", ["delete", "echo", "--yes"], {"Status": 1}, "Status is not text"),
        (
            "GetFunction",
            ["deploy", "echo"],
            {"Environment": {"Variables": [1]}},
            "an item of Variables is not an object",
        ),
    ],
)
def test_an_answer_of_another_shape_is_told_in_a_line(there, faulty, deployed, action, command, fields, fault):
    faulty.faults[action] += [becomes(**fields)] * 4
    complaint = one_line(there(*command))
    assert f"is no answer of the cloud API: {fault}: HTTP 200, application/json: " in complaint


def test_an_error_of_the_request_is_not_tried_again(there, faulty):
    faulty.faults["ListFunctions"] += ["401"]
    assert ': HTTP 401, text/plain: "who are you?"' in one_line(there("list"))
    assert faulty.actions == ["ListFunctions"]


def test_a_server_that_answers_with_what_it_was_sent_gives_no_secret_away(there, faulty, project, monkeypatch):
    settings(project, env="PASSWORD = 'hush \"hush\"'")
    faulty.faults["CreateFunction"] += ["echo"] * 4
    monkeypatch.setattr(faults, "_SHOWN", 4000)
    complaint = one_line(there("deploy", project, "--secret-id", "AKIDlocal", "--secret-key", "key-of-the-tests"))
    assert '"Key": "PASSWORD", "Value": "…"' in complaint
    assert "Credential=…/" in complaint
    assert "hush" not in complaint


def test_what_is_deployed_already_is_told_where_only_the_version_is_missing(there, faulty, project):
    faulty.faults["PublishVersion"] += ["500"]
    message, hint = one_line(there("deploy", project, "--publish")).splitlines()
    assert message.startswith("error: echo is deployed, but maybe without a version: PublishVersion: what ")
    assert hint.endswith("try again later; scf-gen deploy --publish makes the version if it is missing")


def test_a_server_that_does_not_answer_is_given_up(there, faulty, monkeypatch):
    monkeypatch.setattr(client, "ANSWER_S", 0.1)
    faulty.faults["ListFunctions"] += ["slow"] * 4
    assert "it took too long" in one_line(there("list"))


def test_nobody_there_is_told_at_once(scf_gen):
    done = scf_gen("list", "--endpoint", "http://127.0.0.1:1")
    assert one_line(done).splitlines() == [
        "error: ListFunctions: no answer from http://127.0.0.1:1: Connection refused",
        "hint: is it running? scf-gen serve is a local SCF",
    ]


def test_a_host_that_does_not_exist(scf_gen):
    assert "no answer from https://nobody.invalid: " in one_line(
        scf_gen("list", "--endpoint", "https://nobody.invalid", "--secret-id", "a", "--secret-key", "b")
    )


@pytest.mark.parametrize("fault", ["lose", "drop", "500"])
def test_an_invocation_whose_fate_is_unknown_is_not_repeated(there, faulty, project, fault):
    there("deploy", project)
    faulty.faults["Invoke"] += [fault]
    one_line(there("invoke", "--remote", "echo"))
    assert faulty.actions.count("Invoke") == 1


def test_a_version_whose_fate_is_unknown_is_not_published_again(there, faulty, project):
    faulty.faults["PublishVersion"] += ["lose"]
    one_line(there("deploy", project, "--publish"))
    assert there("deploy", project, "--publish").out.splitlines()[-1] == "version 1  unchanged"
    assert faulty.actions.count("PublishVersion") == 1


def test_a_throttled_invocation_is_repeated(there, faulty, project):
    there("deploy", project)
    faulty.faults["Invoke"] += [THROTTLED] * 3
    assert there("invoke", "--remote", "echo").status == 0


def test_a_removal_whose_answer_was_lost_is_done(there, faulty, project):
    there("deploy", project)
    faulty.faults["DeleteFunction"] += ["lose"]
    assert there("delete", "echo", "--yes").status == 0


def test_a_deployment_that_died_between_create_and_active_goes_on(there, faulty, project):
    faulty.faults["GetFunction"] += [lambda _: None, *["drop"] * 4]
    one_line(there("deploy", project))  # it has not got further than CreateFunction
    faulty.faults["GetFunction"] += [becomes(Status="Creating")] * 2
    assert there("deploy", project).out.startswith("echo  unchanged")
    assert faulty.changes.count("CreateFunction") == 1


def test_a_creation_that_failed_says_why_and_what_to_do(there, faulty, project):
    faulty.faults["GetFunction"] += [lambda _: None, becomes(Status="Creating"), becomes(**FAILED_CREATE)]
    faulty.faults["GetFunction"] += [becomes(**FAILED_CREATE)]
    assert one_line(there("deploy", project)).splitlines() == [
        "error: echo is CreateFailed after CreateFunction: Bad: code is bad",
        "hint: mend that, then scf-gen delete echo, and deploy again",
    ]
    assert "could not be created: Bad: code is bad" in one_line(there("deploy", project))


def test_an_update_that_failed_says_why_and_is_made_again(there, faulty, project):
    there("deploy", project)
    (project / "data.txt").write_text("more")
    faulty.faults["GetFunction"] += [lambda _: None, becomes(**FAILED_UPDATE)]
    assert "echo is UpdateFailed after UpdateFunctionCode: no reason" in one_line(there("deploy", project))
    faulty.faults["GetFunction"] += [becomes(**FAILED_UPDATE)]
    assert there("deploy", project).out.startswith("echo  code, for it is UpdateFailed  (")


def test_a_function_that_is_being_changed_is_waited_for(there, faulty, project):
    there("deploy", project)
    (project / "data.txt").write_text("more")
    faulty.faults["UpdateFunctionCode"] += [("FailedOperation.UpdateFunctionCode", "it is Updating")]
    faulty.faults["GetFunction"] += [lambda _: None, *[becomes(Status="Updating")] * 3]
    assert there("deploy", project).out.startswith("echo  code  (")


def test_an_update_that_is_refused_for_good_is_not_repeated(there, faulty, project):
    there("deploy", project)
    (project / "data.txt").write_text("more")
    faulty.faults["UpdateFunctionCode"] += [("FailedOperation.UpdateFunctionCode", "no")]
    assert "UpdateFunctionCode was refused: FailedOperation" in one_line(there("deploy", project))
    assert faulty.actions.count("UpdateFunctionCode") == 1


def test_a_function_that_never_becomes_active(there, faulty, project, monkeypatch):
    monkeypatch.setattr(deployed, "DEADLINE_S", 0.1)
    faulty.faults["GetFunction"] += [lambda _: None, *[becomes(Status="Creating")] * 20]
    assert "echo is still Creating after 0.1 seconds" in one_line(there("deploy", project))


def test_code_of_which_the_api_tells_nothing_is_sent(there, faulty, project):
    there("deploy", project)
    faulty.faults["GetFunctionAddress"] += [("UnauthorizedOperation.CAM", "not yours")]
    assert there("deploy", project).out.startswith("echo  code  (")


@pytest.mark.parametrize("fields", [{"Runtime": "Python3.6"}, {"Type": "HTTP"}])
def test_a_function_of_another_kind_is_left_alone(there, faulty, project, fields):
    there("deploy", project)
    (project / "data.txt").write_text("more")
    faulty.faults["GetFunction"] += [becomes(**fields)]
    assert "SCF cannot change either" in one_line(there("deploy", project))
    assert faulty.changes == ["CreateFunction"]


def test_settings_that_the_api_does_not_tell_are_set(there, faulty, project):
    there("deploy", project)
    faulty.faults["GetFunction"] += [becomes(Environment=None, InitTimeout=None, Handler=None)]
    done = there("deploy", project)
    assert done.out.startswith("echo  init_timeout_s None → 10  (")


def test_a_variable_without_a_value_is_taken_for_an_empty_one(there, faulty, deployed):
    faulty.faults["GetFunction"] += [becomes(Environment={"Variables": [{"Key": "A"}, {"Key": "B", "Value": None}]})]
    assert there("deploy", deployed).out.startswith("echo  variable A removed, variable B removed  (")


def test_an_error_is_seen_whatever_its_content_type(there, faulty):
    faulty.faults["ListFunctions"] += ["charset"]
    assert "InternalError: odd" in one_line(there("list"))


def test_a_message_cannot_move_the_cursor(there, faulty):
    faulty.faults["ListFunctions"] += [("InternalError", "a\x1b[2J\r\nb" + "x" * 5000)]
    line = one_line(there("list"))
    assert "a?[2J bxxx" in line
    assert len(line) < 700


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--secret-id", "AKIDwrong", "--secret-key", "k"], "AuthFailure.SecretIdNotFound"),
        (["--secret-id", "AKIDlocal", "--secret-key", "wrong"], "AuthFailure.SignatureFailure"),
        (["--secret-id", "ä\u4e2d", "--secret-key", "k"], ""),
        (["--namespace", "nowhere"], "ResourceNotFound.Namespace"),
    ],
)
def test_keys_and_places_that_are_refused(there, project, options, message):
    assert message in one_line(there("deploy", project, *options))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--secret-id", "only"], "belong together"),
        (["--secret-id", " a", "--secret-key", "k"], "the keys cannot be used: secret id should not contain spaces"),
        (["--region", "Not A Region"], "--region 'Not A Region' has to be"),
        (["--namespace", "a/b"], "--namespace 'a/b' has to be"),
        (["--endpoint", "http://x/path"], "--endpoint 'http://x/path' has to be"),
        (["--endpoint", "http://user@x"], "has to be a host"),
    ],
)
def test_options_that_cannot_be(scf_gen, options, message):
    assert message in one_line(scf_gen("list", *options), status=2)


@pytest.mark.parametrize(
    ("variable", "complaint"),
    [("A=" + "x" * 4096, "EnvironmentExceededLimit"), ("A=", "environment variable A is empty")],
)
def test_variables_that_scf_would_refuse_are_refused_before_a_request(there, faulty, project, variable, complaint):
    done = there("deploy", project, "--dry-run", "--env", variable)
    assert (done.status, done.out) == (2, "")
    assert complaint in done.err
    assert not faulty.calls


def test_no_region_and_a_bad_one(scf_gen, monkeypatch):
    monkeypatch.setenv("TENCENTCLOUD_REGION", "A B")
    assert "error: TENCENTCLOUD_REGION 'A B' has to be" in one_line(scf_gen("list"), status=2)
    monkeypatch.delenv("TENCENTCLOUD_REGION")
    assert "which region?" in one_line(scf_gen("list"), status=2)


class TestWithoutKeys:
    @pytest.fixture(autouse=True)
    def _no_keys(self, monkeypatch, tmp_path):
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        monkeypatch.delenv("TENCENTCLOUD_SECRET_ID")
        monkeypatch.delenv("TENCENTCLOUD_SECRET_KEY")

    def test_it_says_where_a_local_scf_has_them(self, there):
        assert "source .scf/credentials" in one_line(there("list"), status=2)

    def test_the_sdks_profile_file_is_used(self, there):
        self.write("[default]\nsecret_id = AKIDlocal\nsecret_key = key-of-the-tests\n")
        assert there("list").status == 0

    @pytest.mark.parametrize(
        "text", ["no section", "[other]\nsecret_id = a\n", "[default]\nsecret_id =\n", "\0\n[", ""]
    )
    def test_a_profile_file_without_a_pair(self, there, text):
        self.write(text)
        assert "such a file has [default]" in one_line(there("list"), status=2)

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("secret_key = TOPSECRET\n", 1),
            ("[default]\nsecret_id = a\nsecret_key TOPSECRET\n", 3),
            ("[default]\nsecret_key = TOPSECRET\nsecret_key = TOPSECRET2\n", 3),
            ("[default]\nsecret_key = TOPSECRET\n[default]\n", 3),
        ],
    )
    @pytest.mark.parametrize("options", [[], ["--debug"]])
    def test_what_stands_in_a_broken_profile_file_is_not_told(self, scf_gen, text, line, options):
        self.write(text)
        done = scf_gen(*options, "list")
        assert f"credentials, line {line}: such a file has" in done.err
        assert "TOPSECRET" not in done.out + done.err

    def write(self, text):
        folder = Path(os.environ["HOME"]) / ".tencentcloud"
        folder.mkdir(parents=True)
        (folder / "credentials").write_text(text)


def test_the_token_of_temporary_keys_is_sent(there, monkeypatch):
    monkeypatch.setenv("TENCENTCLOUD_TOKEN", "a-token")
    assert "AuthFailure.TokenFailure" in one_line(there("list"))


def test_a_proxy_is_not_asked_for_a_server_on_this_machine(there, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert there("list").status == 0


def test_no_key_is_ever_printed(there, faulty, project):
    faulty.faults["GetFunction"] += ["drop"] * 4
    for done in (there("deploy", project), there("deploy", project, "--dry-run"), there("deploy", project)):
        assert not re.search("key-of-the-tests|AKIDlocal", done.out + done.err)
