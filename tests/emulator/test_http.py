"""The HTTP server's patience: what a client may send, and how long it may take."""

import asyncio
import contextlib
import gc
import socket

import psutil
import pytest
import uvloop
from scf_gen.emulator.http import Listener
from scf_gen.emulator.http_message import Limits, Request, Response

SMALL = Limits(body_bytes=10)
HEAD = b"POST /path?a=1 HTTP/1.1\r\nHost: here\r\nX-Twice: 1\r\nx-twice: 2\r\n"


def exchange(*pieces, limits=SMALL):
    """What a client that sends the pieces, one a read of the server, gets until it is hung up on."""

    def echo(request: Request) -> Response:
        words = (request.method, request.path, request.query, request.headers.get(b"x-twice"), request.body)
        return Response("200 OK", (), repr((*words, request.oversize)).encode())

    async def talk():
        async with Listener(echo, limits) as listener:
            reader, writer = await asyncio.open_connection(listener.host, listener.port)
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            received = await reader.read()
            writer.close()
            return received

    return asyncio.run(asyncio.wait_for(talk(), 20))


def test_a_request_is_read_whole():
    received = exchange(HEAD + b"Connection: close\r\nContent-Length: 4\r\n\r\nbody")
    assert received.endswith(repr(("POST", "/path", b"a=1", b"1, 2", b"body", False)).encode())


UPGRADE = HEAD + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
LAST = HEAD.replace(b"POST", b"GET") + b"Connection: close\r\n\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        [UPGRADE + b"Content-Length: 4\r\n\r\nbody" + LAST],
        [UPGRADE + b"Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n", LAST],
        [UPGRADE[:-9], UPGRADE[-9:] + b"Content-Length: 4\r\n", b"\r\nbo", b"dy" + LAST],
    ],
    ids=["with a length", "in chunks", "in pieces"],
)
def test_the_offer_of_another_protocol_is_passed_over(pieces):
    """As Java's HttpClient makes it, with each request."""
    first, second = (
        repr((method, "/path", b"a=1", b"1, 2", body, False)).encode()
        for method, body in (("POST", b"body"), ("GET", b""))
    )
    received = exchange(*pieces)
    assert first in received
    assert received.endswith(second)


def test_a_request_with_more_body_than_it_said_is_answered_before_the_rest_is_refused():
    """As a client sends it that counts characters, not bytes."""
    received = exchange(HEAD + b"Content-Length: 3\r\n\r\nbody")
    assert received.startswith(b"HTTP/1.1 200 OK")
    assert b"HTTP/1.1 400 " in received


def test_a_proxy_is_refused():
    assert exchange(b"CONNECT here:80 HTTP/1.1\r\nHost: here\r\n\r\n").startswith(b"HTTP/1.1 400 ")


def test_of_a_body_over_the_limit_nothing_is_kept():
    received = exchange(HEAD + b"Connection: close\r\nContent-Length: 11\r\n\r\n" + b"x" * 11)
    assert received.endswith(b"b'', True)")


@pytest.mark.parametrize("piece", [b"", b"GET / HT", HEAD, HEAD + b"Content-Length: 9\r\n\r\nbody"])
def test_a_client_that_takes_too_long_is_hung_up_on(piece):
    received = exchange(piece, limits=Limits(10, idle_s=0.1, request_s=0.1))
    assert received.startswith(b"HTTP/1.1 408 " if piece else b"")


def test_a_connection_that_is_not_used_is_closed():
    received = exchange(HEAD + b"Content-Length: 0\r\n\r\n", limits=Limits(10, idle_s=0.1))
    assert received.startswith(b"HTTP/1.1 200 OK")


def test_a_head_without_end_is_refused():
    assert exchange(HEAD, b"X: " + b"x" * 100, limits=Limits(10, head_bytes=100)).startswith(b"HTTP/1.1 431 ")


async def turn(number):
    """That many turns of the loop."""
    for _ in range(number):
        await asyncio.sleep(0)


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
@pytest.mark.parametrize("later", range(-5, 6))
def test_a_connection_that_comes_as_the_listener_ends_is_closed(new_loop, later):
    """It comes so many turns of the loop after the end has begun; or before, and has got this far or that."""

    async def connect_around_the_end(client):
        async def connect():
            await turn(5 + later)
            with contextlib.suppress(ConnectionRefusedError):
                client.connect((listener.host, listener.port))

        async with asyncio.TaskGroup() as group, Listener(lambda _: Response("200 OK", (), b""), SMALL) as listener:
            group.create_task(connect())
            await turn(5)

    def held():
        with socket.socket() as client:
            runner.run(connect_around_the_end(client))
        return psutil.Process().num_fds()

    gc.disable()  # it would close what was forgotten
    try:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            assert held() == held()
    finally:
        gc.enable()
