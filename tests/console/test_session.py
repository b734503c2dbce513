"""Who gets in, and what a request has to bring; without a browser, which would not ask such things."""

import http.client
import json
import re
from dataclasses import dataclass, field

import pytest
from console.browsing import LINK
from local.running import serving

PAGES = ("/", "/create", "/function/ap-guangzhou/default/hello", "/function/ap-guangzhou/default/hello/log")
JSON = {"Content-Type": "application/json"}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Visitor:
    """A client that can say anything."""

    endpoint: str
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        connection = http.client.HTTPConnection(self.endpoint, timeout=20)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, {"Host": self.endpoint, **self.headers, **names})
        answer = connection.getresponse()
        found = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        connection.close()
        return found

    def do(self, what: str, values: dict[str, object], **headers: str) -> Answer:
        return self.ask(
            f"/console/{what}", "POST", json.dumps(values).encode(), Content_Type="application/json", **headers
        )


@pytest.fixture
def stranger(server):
    return Visitor(server.endpoint)


@pytest.fixture
def link(tmp_path):
    """The path of a link that nobody has used, and its server."""
    with serving(tmp_path / "data") as running:
        yield running, LINK.findall(running.log())[-1].partition(running.endpoint)[2]


@pytest.fixture
def guest(link):
    """Somebody who is signed in."""
    running, path = link
    visitor = Visitor(running.endpoint)
    visitor.headers["Cookie"] = visitor.ask(path).headers["set-cookie"].partition(";")[0]
    page = visitor.ask("/").text
    visitor.token = re.search('name="csrf-token" content="([0-9a-f]+)"', page)[1]
    return visitor


@pytest.mark.parametrize("path", PAGES)
def test_without_a_session_a_page_says_how_to_sign_in(stranger, path):
    answer = stranger.ask(path)
    assert answer.status == 401
    assert "scf-gen serve" in answer.text
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "csrf-token" not in answer.text


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/console/functions"), ("GET", "/console/events"), ("POST", "/console/call")]
)
def test_without_a_session_nothing_is_told(stranger, method, path):
    assert stranger.ask(path, method).status == 401


def test_a_link_signs_in_once(link):
    running, path = link
    visitor = Visitor(running.endpoint)
    first = visitor.ask(path)
    assert first.status == 200
    again = visitor.ask(path)
    assert (again.status, "This link does not sign in any more" in again.text) == (403, True)
    assert f"console at http://{running.endpoint}/sign-in?token=…" in again.text
    empty = visitor.ask("/sign-in?token=")
    assert (empty.status, "any more" in empty.text) == (403, False)
    cookie = first.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}


def test_a_link_that_was_used_is_followed_by_another(link):
    running, path = link
    visitor = Visitor(running.endpoint)
    visitor.ask(path)
    while len(LINK.findall(running.log())) < 2:
        pass
    second = LINK.findall(running.log())[1].partition(running.endpoint)[2]
    assert visitor.ask(second).status == 200


def test_a_browser_that_guesses_does_not_use_up_a_link(link):
    running, path = link
    visitor = Visitor(running.endpoint)
    assert visitor.ask(path, Sec_Purpose="prefetch;prerender").status == 503
    assert visitor.ask(path).status == 200


def test_a_session_of_another_server_does_not_count(guest, server):
    cookie = guest.headers["Cookie"].partition("=")[2]
    port = server.endpoint.rpartition(":")[2]
    assert Visitor(server.endpoint).ask("/", Cookie=f"scf-console-{port}={cookie}").status == 401


@pytest.mark.parametrize("value", ["", "x", "x.9999999999.00", "x.99.99.99", '"', "é"])
def test_a_made_up_cookie_does_not_count(stranger, value):
    port = stranger.endpoint.rpartition(":")[2]
    assert stranger.ask("/", Cookie=f"scf-console-{port}={value}").status == 401


def test_what_a_page_has_done_needs_its_token(guest):
    asked = {"action": "ListFunctions", "region": "ap-guangzhou", "parameters": {}}
    assert guest.do("call", asked).status == 403
    assert guest.do("call", asked, X_CSRF_Token="0" * 64).status == 403
    assert guest.do("call", asked, X_CSRF_Token=guest.token).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_another_site_can_have_nothing_done(guest, headers):
    asked = {"action": "ListFunctions", "region": "ap-guangzhou", "parameters": {}}
    assert guest.do("call", asked, X_CSRF_Token=guest.token, **headers).status == 403


def test_a_name_that_leads_here_is_not_enough(guest):
    assert guest.ask("/", Host="rebound.example").status == 421


def test_the_session_outlives_the_server(link, guest):
    running, _ = link
    assert running.stop() == 0
    port = running.endpoint.rpartition(":")[2]
    with serving(running.data_folder, "--port", port):
        assert guest.ask("/").status == 200


def test_an_action_is_that_of_the_cloud_api(guest):
    def code(action: str, **parameters: object) -> str:
        answer = guest.do("call", {"action": action, "region": "r", "parameters": parameters}, X_CSRF_Token=guest.token)
        return json.loads(answer.body)["Response"]["Error"]["Code"]

    assert code("GetFunction", FunctionName="none") == "ResourceNotFound.Function"
    assert code("GetFunction") == "MissingParameter"
    assert code("Nonsense") == "InvalidAction"
    assert code("CreateTrigger") == "UnsupportedOperation"


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("call", {"action": 1}),
        ("call", {"action": "ListFunctions", "region": "Not A Region"}),
        ("call", {"action": "ListFunctions", "parameters": []}),
        ("run", {"name": "../../etc", "event": "{}"}),
        ("run", {"name": "hello", "event": 5}),
        ("run", {"name": "hello"}),
        ("run", {"name": "hello", "event": "{}", "request_id": "not-one"}),
        ("sample", {"lang": "--help", "function": "hello"}),
        ("sample", {"lang": "../bash", "function": "hello"}),
        ("save-test-event", {"name": "hello", "event_name": "<b>", "body": "{}"}),
    ],
)
def test_what_will_not_do_is_refused(guest, what, values):
    answer = guest.do(what, values, X_CSRF_Token=guest.token)
    assert "Error" in json.loads(answer.body)["Response"]


def test_broken_bodies_are_refused(guest):
    headers = {**guest.headers, **JSON, "X-CSRF-Token": guest.token}
    for body in (b"", b"{", b"[]", b"\xff", b"[" * 100_000):
        answer = Visitor(guest.endpoint, headers).ask("/console/call", "POST", body)
        assert json.loads(answer.body)["Response"]["Error"]["Code"] == "InvalidRequest"


def test_static_files_come_with_their_type_and_once(stranger):
    for name, kind in (("console.css", "text/css"), ("dom.js", "text/javascript"), ("icon.svg", "image/svg+xml")):
        answer = stranger.ask(f"/static/{name}")
        assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, kind)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert stranger.ask(f"/static/{name}", If_None_Match=answer.headers["etag"]).status == 304


@pytest.mark.parametrize(
    "path", ["/static/../session.py", "/static/%2e%2e/session.py", "/static/", "/nothing", "/function/a/b"]
)
def test_there_is_nothing_else(stranger, path):
    assert stranger.ask(path).status == 404
    assert stranger.ask(path, Accept="text/html").status == 404
