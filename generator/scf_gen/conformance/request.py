"""Reading a request of the scripted runtime API, in any form that HTTP allows."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked; `old` is one of HTTP/1.0, which knows neither chunks nor interim answers."""

    method: str
    path: str
    body: bytes
    old: bool
    closes: bool


async def read_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request | None:
    """The next request, or None at the end; raises ValueError for what is no HTTP, and what the connection does."""
    line = await reader.readline()
    if not line.endswith(b"\n"):
        return None
    method, target, version = line.decode().split()
    headers: dict[str, str] = {}
    while header := (await reader.readline()).decode().strip():
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip().lower()
    if headers.get("expect") == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if headers.get("transfer-encoding") == "chunked":
        body = await _read_chunks(reader)
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    old = version == "HTTP/1.0"
    closes = old or "close" in headers.get("connection", "")
    # RFC 9112 3.2.2: a server takes http://host/path, too.
    path = urlsplit(target).path if "://" in target else target
    return Request(method, path, body, old, closes)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    chunks = []
    while size := int((await reader.readline()).partition(b";")[0], 16):
        chunks.append(await reader.readexactly(size))
        await reader.readline()
    while (await reader.readline()).strip():
        pass  # a trailer
    return b"".join(chunks)
