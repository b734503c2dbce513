"""Where a command looks for the API, and what it says of an address that leads nowhere."""

import pytest
from scf_gen.cloud.endpoint import Endpoint

KEYS = ("--region", "ap-guangzhou", "--secret-id", "id", "--secret-key", "key")


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("", "https://scf.tencentcloudapi.com"),
        ("scf.example.com", "https://scf.example.com"),
        ("http://scf.example.com/", "http://scf.example.com"),
        ("127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("localhost:9000", "http://localhost:9000"),
        ("https://127.0.0.1:9000", "https://127.0.0.1:9000"),
    ],
)
def test_an_endpoint_is_an_address(given, address):
    assert str(Endpoint.parse(given)) == address


def test_an_encrypted_request_to_the_local_scf_says_what_it_speaks(scf_gen, there, faulty):
    host = faulty.url.removeprefix("http://")
    done = scf_gen("list", "--endpoint", f"https://{host}", *KEYS)
    assert done.status == 3
    assert done.err.splitlines()[-1] == f"hint: a local SCF speaks plain HTTP: http://{host}"
    assert "trying again" not in done.err


def test_a_host_that_there_is_not_is_not_tried_again(scf_gen):
    done = scf_gen("list", "--endpoint", "http://nosuch.invalid", *KEYS)
    assert done.status == 3
    assert "trying again" not in done.err
    assert done.err.splitlines()[-1].startswith("hint: see whether --endpoint is right")


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:65536", "http://127.0.0.1:99999", "ftp://x", "http://"])
def test_an_address_that_cannot_be_is_refused(scf_gen, endpoint):
    done = scf_gen("list", "--endpoint", endpoint, *KEYS)
    assert (done.status, len(done.err.splitlines())) == (2, 1)


def test_an_empty_key_is_not_replaced_by_the_environments(scf_gen, monkeypatch):
    monkeypatch.setenv("TENCENTCLOUD_SECRET_ID", "id")
    monkeypatch.setenv("TENCENTCLOUD_SECRET_KEY", "key")
    done = scf_gen("list", "--endpoint", "http://127.0.0.1:1", "--region", "ap-guangzhou", "--secret-id", "")
    assert (done.status, done.err) == (2, "error: --secret-id and --secret-key belong together, and one is missing\n")
