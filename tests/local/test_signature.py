"""Who may ask: TC3-HMAC-SHA256, by Tencent's own sample and over HTTP."""

import hashlib
import hmac
import http.client
import json
import time
from contextlib import closing

import pytest
from local.running import SECRET_ID, SECRET_KEY, Client, serving
from scf_gen.core.credentials import Credential
from scf_gen.emulator.http_message import Request
from scf_gen.local.api.signature import verify
from scf_gen.local.refusal import Refusal
from tencentcloud.common.credential import Credential as SdkCredential
from tencentcloud.common.exception import TencentCloudSDKException

# The worked example of "Signature v3".
SAMPLE = Request(
    method="POST",
    path="/",
    body=rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}',
    oversize=False,
    headers={
        b"content-type": b"application/json; charset=utf-8",
        b"host": b"cvm.tencentcloudapi.com",
        b"x-tc-timestamp": b"1551113065",
        b"authorization": b"TC3-HMAC-SHA256 "
        b"Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        b"SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
    },
)
SAMPLE_PAIR = Credential("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE")


def test_tencents_sample_is_accepted():
    verify(SAMPLE, SAMPLE_PAIR, "cvm", 1551113065)


@pytest.mark.parametrize("off_s", [-300, 300])
def test_clocks_may_differ_by_five_minutes(off_s):
    verify(SAMPLE, SAMPLE_PAIR, "cvm", 1551113065 + off_s)
    with pytest.raises(Refusal, match=r"AuthFailure\.SignatureExpire"):
        verify(SAMPLE, SAMPLE_PAIR, "cvm", 1551113065 + off_s + (1 if off_s > 0 else -1))


def signed(
    body=b'{"Limit": 1}',
    *,
    secret_id=SECRET_ID,
    key=SECRET_KEY,
    off_s=0,
    names="content-type;host",
    service="scf",
    date=None,
    **headers,
):
    """The headers of a call of ListFunctions, signed by the rules as they are written."""
    timestamp = int(time.time()) + off_s
    date = date or time.strftime("%Y-%m-%d", time.gmtime(timestamp))
    headers = {
        "content-type": "application/json",
        "host": "127.0.0.1:9000",
        "x-tc-action": "ListFunctions",
        "x-tc-version": "2018-04-16",
        "x-tc-region": "ap-signature",
        "x-tc-timestamp": str(timestamp),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    payload = b"UNSIGNED-PAYLOAD" if "x-tc-content-sha256" in headers else body
    lines = "".join(f"{name}:{headers[name].strip().lower()}\n" for name in names.split(";"))
    canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(payload).hexdigest()}"
    scope = f"{date}/{service}/tc3_request"
    to_sign = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    derived = f"TC3{key}".encode()
    for part in scope.split("/"):
        derived = hmac.digest(derived, part.encode(), "sha256")
    signature = hmac.digest(derived, to_sign.encode(), "sha256").hex()
    headers["authorization"] = (
        f"TC3-HMAC-SHA256 Credential={secret_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return headers


def without(absent):
    return {name: value for name, value in signed().items() if name != absent}


def code_of(server, headers, body=b'{"Limit": 1}', path="/"):
    with closing(http.client.HTTPConnection(server.endpoint)) as connection:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        assert answer.status == 200
        response = json.loads(answer.read())["Response"]
    assert response["RequestId"]
    return response["Error"]["Code"] if "Error" in response else "accepted"


@pytest.mark.parametrize(
    ("sign", "code"),
    [
        (signed, "accepted"),
        (lambda: signed(names="content-type;host;x-tc-action"), "accepted"),
        (lambda: signed(content_type="Application/JSON"), "accepted"),
        (lambda: signed(x_tc_content_sha256="UNSIGNED-PAYLOAD"), "accepted"),
        (lambda: signed(key="another"), "AuthFailure.SignatureFailure"),
        (lambda: signed(b'{"Limit": 2}'), "AuthFailure.SignatureFailure"),
        (lambda: signed(service="cvm"), "AuthFailure.SignatureFailure"),
        (lambda: signed(date="2019-02-25"), "AuthFailure.SignatureFailure"),
        (lambda: signed(names="host"), "AuthFailure.SignatureFailure"),
        (lambda: signed(secret_id="AKIDother"), "AuthFailure.SecretIdNotFound"),
        (lambda: signed(off_s=-310), "AuthFailure.SignatureExpire"),
        (lambda: signed(off_s=310), "AuthFailure.SignatureExpire"),
        (lambda: signed(x_tc_timestamp="soon"), "AuthFailure.SignatureExpire"),
        (lambda: signed(x_tc_token="of somebody"), "AuthFailure.TokenFailure"),
        (lambda: {**signed(), "authorization": "SKIP"}, "AuthFailure.InvalidAuthorization"),
        (lambda: {**signed(), "authorization": "TC3-HMAC-SHA256 Credential="}, "AuthFailure.InvalidAuthorization"),
        (lambda: {**signed(), "authorization": signed()["authorization"].upper()}, "AuthFailure.InvalidAuthorization"),
        (lambda: without("authorization"), "AuthFailure.InvalidAuthorization"),
        (lambda: without("x-tc-timestamp"), "MissingParameter"),
        (lambda: {**signed(), "host": "127.0.0.1:9001"}, "AuthFailure.SignatureFailure"),
        (lambda: signed(service="127"), "accepted"),  # as the SDK for Node.js does
        (lambda: signed(x_tc_version="2017-03-12"), "NoSuchVersion"),
        (lambda: signed(x_tc_region=""), "MissingParameter"),
        (lambda: signed(x_tc_region="../etc"), "UnsupportedRegion"),
        (lambda: signed(x_tc_action="CreateTrigger"), "UnsupportedOperation"),
        (lambda: signed(x_tc_action="__class__"), "InvalidAction"),
    ],
)
def test_who_is_let_in(server, sign, code):
    assert code_of(server, sign()) == code


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"Limit": "1"}', b'{"Limit": true}'])
def test_a_body_that_is_no_call(server, body):
    assert code_of(server, signed(body), body) in {"InvalidRequest", "InvalidParameter"}


def test_another_content_type_than_json(server):
    assert code_of(server, signed(content_type="text/plain")) == "InvalidRequest"


@pytest.mark.parametrize("action", ["CreateFunction", "DeleteFunction", "Invoke"])
def test_without_the_key_nothing_is_done(server, client, region, action):
    client.create("kept")
    thief = server.client(region, key="wrong")
    with pytest.raises(TencentCloudSDKException, match="SignatureFailure"):
        thief.call(action, FunctionName="kept")
    assert client.call("GetFunctionLogs", FunctionName="kept")["TotalCount"] == 0
    assert [each["FunctionName"] for each in client.call("ListFunctions")["Functions"]] == ["kept"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:9000", 200),
        ("localhost", 200),
        ("[::1]:80", 200),
        ("scf.tencentcloudapi.com", 200),
        ("scf.ap-guangzhou.tencentcloudapi.com", 200),
        ("rebinding.example:9000", 421),
        ("127.0.0.1.example", 421),
        ("localhost.example", 421),
        ("", 421),
    ],
)
def test_the_names_that_a_server_answers_to(server, host, status):
    with closing(http.client.HTTPConnection(server.endpoint)) as connection:
        connection.putrequest("POST", "/", skip_host=True)
        connection.putheader("Host", host)
        connection.putheader("Content-Length", "0")
        connection.endheaders()
        with connection.getresponse() as answer:
            assert answer.status == status


NO_KEYS = dict.fromkeys(("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"), "")


def test_the_pair_of_the_sdks_profile_file_is_accepted(tmp_path):
    (tmp_path / ".tencentcloud").mkdir()
    (tmp_path / ".tencentcloud" / "credentials").write_text("[default]\nsecret_id = AKIDown\nsecret_key = own\n")
    with serving(tmp_path / "data", environ={**NO_KEYS, "HOME": str(tmp_path)}) as server:
        client = Client(server.endpoint, "ap-profile", SdkCredential("AKIDown", "own"))
        assert client.call("ListFunctions")["TotalCount"] == 0
        assert "made a pair" not in server.log()
        assert not (tmp_path / "data" / "credentials").exists()


def test_a_pair_is_made_at_the_first_start_and_kept(tmp_path):
    quiet = {**NO_KEYS, "HOME": str(tmp_path)}
    with serving(tmp_path / "data", environ=quiet) as first:
        path = tmp_path / "data" / "credentials"
        assert path.stat().st_mode & 0o777 == 0o600
        made = path.read_text()
        pair = dict(line.removeprefix("export ").split("=") for line in made.splitlines())
        credential = SdkCredential(pair["TENCENTCLOUD_SECRET_ID"], pair["TENCENTCLOUD_SECRET_KEY"])
        assert Client(first.endpoint, "ap-made", credential).call("ListFunctions")["TotalCount"] == 0
        assert str(path) in first.log()
        assert first.stop() == 0
        assert pair["TENCENTCLOUD_SECRET_KEY"] not in first.log()
    with serving(tmp_path / "data", environ=quiet) as second:
        assert path.read_text() == made
        assert "made a pair" not in second.log()


def test_temporary_keys_want_their_token(tmp_path):
    environ = {"TENCENTCLOUD_SECRET_ID": "ASIA", "TENCENTCLOUD_SECRET_KEY": "key", "TENCENTCLOUD_TOKEN": "token"}
    with serving(tmp_path / "data", environ=environ) as server:
        for token, accepted in (("token", True), ("another", False), (None, False)):
            client = Client(server.endpoint, "ap-token", SdkCredential("ASIA", "key", token))
            if accepted:
                assert client.call("ListFunctions")["TotalCount"] == 0
            else:
                with pytest.raises(TencentCloudSDKException, match="TokenFailure"):
                    client.call("ListFunctions")


def test_half_a_pair_is_wrong_usage(scf_gen, tmp_path):
    done = scf_gen("serve", "--data-dir", tmp_path / "data", "--secret-id", "AKID")
    assert (done.status, done.out) == (2, "")
    assert "--secret-id and --secret-key belong together" in done.err
    assert not (tmp_path / "data").exists()
