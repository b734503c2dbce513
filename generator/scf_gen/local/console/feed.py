"""What happens, as Server-Sent Events for one page: many together, never more than the page can take."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from scf_gen.emulator.http_stream import Stream
from scf_gen.local.console.replies import SAFE
from scf_gen.local.news import News
from scf_gen.local.version import Name

_GATHER_S = 0.04
_BEAT_S = 10.0
# A page that is to hear more than this at once asks for the state instead; in messages, and in characters of a log.
_MANY, _MUCH = 2000, 8 << 20
_HEADERS = (("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"), *SAFE)


class Feed:
    """Sends a page the news of `topics`; `boot` tells it if the server is another one than before."""

    def __init__(self, news: News, topics: tuple[Name, ...], boot: str) -> None:
        self.stream = Stream(_HEADERS, self._closed)
        self._loop = asyncio.get_running_loop()
        self._waiting: list[dict[str, Any]] = []
        self._chars = 0
        self._flush: asyncio.TimerHandle | None = None
        self._stops = [news.listen(topic, self._hear) for topic in topics]
        self._send("hello", {"boot": boot})
        self._beat = self._loop.call_later(_BEAT_S, self._beat_now)

    def _hear(self, name: Name, kind: str, data: Mapping[str, Any]) -> None:
        last = self._waiting[-1] if self._waiting else {}
        self._chars += len(data.get("text", ""))
        if self._chars > _MUCH:  # the page will ask for the state
            self._waiting.clear()
        elif kind == "log" and last.get("kind") == "log" and last["request_id"] == data["request_id"]:
            last["pieces"].append(data["text"])
        elif kind == "log":
            self._waiting.append({"kind": kind, "request_id": data["request_id"], "pieces": [data["text"]]})
        else:
            self._waiting.append({"kind": kind, "name": name.function, **data})
        if not self._flush:
            self._flush = self._loop.call_later(_GATHER_S, self._flush_now)

    def _flush_now(self) -> None:
        self._flush = None
        waiting, self._waiting = self._waiting, []
        chars, self._chars = self._chars, 0
        if len(waiting) > _MANY or chars > _MUCH:
            self._send("resync", {})
            return
        for message in waiting:
            if message["kind"] == "log":
                message["text"] = "".join(message.pop("pieces"))
        self._send("news", waiting)

    def _beat_now(self) -> None:
        self._send("beat", {})
        self._beat = self._loop.call_later(_BEAT_S, self._beat_now)

    def _send(self, event: str, data: Any) -> None:
        # JSON has no bare line ends, which would end the message.
        text = f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
        self.stream.write(text.encode(errors="replace"))

    def _closed(self) -> None:
        self._beat.cancel()
        if self._flush:
            self._flush.cancel()
        for stop in self._stops:
            stop()
