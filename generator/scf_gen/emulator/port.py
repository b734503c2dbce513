"""Closing a server's port without losing a connection that is just being made."""

import asyncio


async def close_port(server: asyncio.Server) -> None:
    """Close the port; each connection that has been accepted by then has its protocol.

    A transport that asyncio makes after close(), for a connection that it accepted before, fails, and keeps the socket
    open until it is collected (python/cpython#109564). So no more are accepted first; the next turn of the loop
    makes the transports that are due, and the one after it tells their protocols.
    """
    try:
        for listening in server.sockets:
            asyncio.get_running_loop().remove_reader(listening.fileno())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    finally:
        server.close()
