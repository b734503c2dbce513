"""The event stream of a page: what is told together, what is too much, and what becomes of those who do not listen."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from scf_gen.emulator.http import Listener
from scf_gen.emulator.http_message import Limits
from scf_gen.local.console.feed import Feed
from scf_gen.local.news import News
from scf_gen.local.version import Name

HELLO = Name("region", "default", "hello")
LARGEST_BYTES = 16 << 20
ASK = b"GET /console/events HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Told(News):
    """News that say when somebody has stopped listening."""

    def __init__(self) -> None:
        super().__init__()
        self.left = asyncio.Event()

    def listen(self, topic, listener):
        stop = super().listen(topic, listener)

        def leave() -> None:
            stop()
            self.left.set()

        return leave


class Listening:
    """A page that listens to one function."""

    def __init__(self, news: Told) -> None:
        self.news = news
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    def answer(self, _):
        return Feed(self.news, (HELLO,), "boot").stream

    async def message(self) -> tuple[str, object]:
        text = (await self.reader.readuntil(b"\n\n")).decode()
        event, _, data = text.partition("\n")
        return event.removeprefix("event: "), json.loads(data.removeprefix("data: "))


@asynccontextmanager
async def listening(news: Told | None = None) -> AsyncIterator[Listening]:
    page = Listening(news or Told())
    async with Listener(page.answer, Limits(0)) as listener, asyncio.timeout(20):
        page.reader, page.writer = await asyncio.open_connection("127.0.0.1", listener.port, limit=LARGEST_BYTES)
        page.writer.write(ASK)
        head = await page.reader.readuntil(b"\r\n\r\n")
        assert b"text/event-stream" in head
        assert b"Content-Length" not in head
        assert await page.message() == ("hello", {"boot": "boot"})
        yield page
        page.writer.close()


def test_news_of_a_moment_come_together_and_a_log_in_one_piece():
    async def scene():
        async with listening() as page:
            page.news.tell(HELLO, "begun", request_id="1")
            page.news.tell(HELLO, "log", request_id="1", text="a\n")
            page.news.tell(HELLO, "log", request_id="1", text="b <\u2028> é\n")
            page.news.tell(Name("region", "default", "other"), "log", request_id="2", text="not told")
            event, messages = await page.message()
            assert event == "news"
            assert [message["kind"] for message in messages] == ["begun", "log"]
            assert messages[1]["text"] == "a\nb <\u2028> é\n"

    asyncio.run(scene())


def test_too_much_at_once_becomes_one_request_to_look_again():
    async def scene():
        async with listening() as page:
            for number in range(3000):
                page.news.tell(HELLO, "ended", request_id=str(number))
            assert await page.message() == ("resync", {})

    asyncio.run(scene())


def test_who_hangs_up_is_not_told_any_more():
    async def scene():
        async with listening() as page:
            assert page.news.heard(HELLO)
            page.writer.close()
            await page.news.left.wait()
            assert not page.news.heard(HELLO)

    asyncio.run(scene())


def test_who_does_not_read_is_hung_up_on_and_others_are_told():
    async def scene():
        news = Told()
        async with listening(news) as page, listening(news) as other:
            page.writer.transport.pause_reading()
            while not news.left.is_set():
                news.tell(HELLO, "log", request_id="1", text="x" * (4 << 20))
                # Whoever reads has it when it was sent: what is told faster becomes a request to look again.
                event, [message] = await other.message()
                assert (event, len(message["text"])) == ("news", 4 << 20)
            assert news.heard(HELLO)

    asyncio.run(scene())
