"""Requests of browsers: pages, their parts, and what their scripts ask and do."""

import asyncio
import hmac
import uuid
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import parse_qs

from scf_gen.core.credentials import Credential
from scf_gen.emulator.http_message import Later, Request, Response
from scf_gen.emulator.http_stream import Stream
from scf_gen.errors import ScfGenError
from scf_gen.local.api import admission
from scf_gen.local.api.front import perform
from scf_gen.local.console import assets, pages, replies
from scf_gen.local.console.asked import Asked
from scf_gen.local.console.deeds import DEEDS
from scf_gen.local.console.feed import Feed
from scf_gen.local.console.questions import QUESTIONS
from scf_gen.local.console.session import LASTS_S, Headers, Session, Sessions, cookie_name
from scf_gen.local.refusal import Refusal
from scf_gen.local.scf import LocalScf

Answer = Response | Stream | Later

_SCRIPTS = "/console/"
_SIGNED_OUT = "This browser is not signed in, or not any more."


class Site:
    """The console of `scf`; `close` ends what is under way. `on_link` gets the path of each new link that signs in."""

    def __init__(self, scf: LocalScf, credential: Credential, on_link: Callable[[str], None]) -> None:
        self._scf = scf
        self._credential = credential
        self._sessions = Sessions(scf.settings.data_folder, on_link)
        self._boot = uuid.uuid4().hex
        self._work: set[asyncio.Task[None]] = set()

    def new_link(self) -> str:
        """The path of a link that signs in once."""
        return self._sessions.new_link()

    def knows(self, headers: Headers) -> bool:
        """Whether such a request comes from somebody who is signed in."""
        return self._sessions.of(headers) is not None

    async def close(self) -> None:
        """Wait for nothing more."""
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)

    def handle(self, request: Request) -> Answer | None:
        """The answer; None for what the console has nothing to do with."""
        if request.path.startswith(_SCRIPTS):
            return self._answer_script(request)
        if request.method != "GET":
            return None
        if request.path.startswith(assets.PREFIX):
            return assets.serve(request)
        if request.path == "/sign-in":
            return self._sign_in(request)
        return self._page(request)

    # pages

    def _page(self, request: Request) -> Response | None:
        found = pages.find(request.path)
        if not found:
            wants_page = b"text/html" in request.headers.get(b"accept", b"")
            return replies.page(pages.render("missing.html"), "404 Not Found") if wants_page else None
        session = self._sessions.of(request.headers)
        if not session:
            return _how_to_sign_in(request, "401 Unauthorized")
        template, values = found
        return replies.page(pages.render(template, csrf_token=session.csrf_token, **values))

    def _sign_in(self, request: Request) -> Response:
        if b"sec-purpose" in request.headers:  # a browser that guesses where its user will go must not use up the link
            return replies.page("", "503 Service Unavailable")
        token = parse_qs(request.query.decode("latin-1")).get("token", [""])[0]
        value = self._sessions.redeem(token)
        if not value:
            # Whoever is signed in already need not be told that a link works once.
            if self._sessions.of(request.headers):
                return replies.page(pages.render("signed_in.html"))
            return _how_to_sign_in(request, "403 Forbidden", is_spent=bool(token))
        cookie = f"{cookie_name(request.headers)}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={LASTS_S}"
        # A page that leads on, not a redirect: after a link from elsewhere no strict cookie would come with that.
        return replies.page(pages.render("signed_in.html"), headers=(("Set-Cookie", cookie),))

    # scripts

    def _answer_script(self, request: Request) -> Answer:
        session = self._sessions.of(request.headers)
        what = request.path.removeprefix(_SCRIPTS)
        if not session:
            return replies.not_told("AuthFailure.UnauthorizedOperation", _SIGNED_OUT, "401 Unauthorized")
        if request.method == "GET" and what == "events":
            return self._listen(request)
        if request.method == "GET" and what in QUESTIONS:
            return self._start(self._ask(what, request))
        if request.method == "POST" and (what == "call" or what in DEEDS):
            refused = _fault(request, session)
            return refused or self._start(self._call(request) if what == "call" else self._do(what, request))
        return replies.not_told("InvalidAction", "The console knows no such question.", "404 Not Found")

    def _listen(self, request: Request) -> Response | Stream:
        try:
            name = Asked.of(request).name
        except Refusal as refusal:
            return replies.not_told(refusal.code, refusal.message)
        topics = (name, name._replace(namespace="", function=""))
        return Feed(self._scf.news, topics, self._boot).stream

    async def _ask(self, what: str, request: Request) -> Response:
        return replies.told(await QUESTIONS[what](self._scf, Asked.of(request)))

    async def _do(self, what: str, request: Request) -> Response:
        asked = await asyncio.to_thread(Asked.of, request)
        return replies.told(await DEEDS[what](self._scf, asked))

    async def _call(self, request: Request) -> Response:
        """An action of the cloud API, as it stands there, but for the signature."""
        asked = await asyncio.to_thread(Asked.of, request)
        action, region = asked.text("action"), asked.name.region
        parameters = asked.values.get("parameters", {})
        call = admission.check(action, region, parameters, str(uuid.uuid4()), self._credential, asked.host)
        answer = await perform(self._scf, call)
        return Response(answer.status, (*answer.headers, *replies.SAFE), answer.body)

    def _start(self, work: Coroutine[Any, Any, Response]) -> Later:
        """Do it to the end, also if the page is closed meanwhile."""
        later = Later(lambda _: None)

        async def answer() -> None:
            later.answer(await self._guard(work))

        task = asyncio.get_running_loop().create_task(answer())
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return later

    async def _guard(self, work: Coroutine[Any, Any, Response]) -> Response:
        try:
            return await work
        except Refusal as refusal:
            return replies.not_told(refusal.code, refusal.message)
        except (ScfGenError, OSError) as error:
            hint = f": {error.hint}" if isinstance(error, ScfGenError) and error.hint else ""
            return replies.not_told("InternalError.System", f"The local SCF could not do it: {error}{hint}.")
        except Exception as error:  # noqa: BLE001 - a page must not wait for ever for what is a bug
            self._scf.warn(f"this is a bug in scf-gen: console: {type(error).__name__}: {error}")
            return replies.not_told("InternalError", "The local SCF has a bug; its log says more.")


def _how_to_sign_in(request: Request, status: str, *, is_spent: bool = False) -> Response:
    host = request.headers.get(b"host", b"").decode("latin-1")
    return replies.page(pages.render("sign_in.html", host=host, is_spent=is_spent), status)


def _fault(request: Request, session: Session) -> Response | None:
    """Why nothing is done: it does not come from one of the console's own pages, or is too much."""
    if not _is_own_page(request, session):
        return replies.not_told("AuthFailure.UnauthorizedOperation", "Only the console may ask this.", "403 Forbidden")
    if request.oversize:
        return replies.not_told("RequestSizeLimitExceeded", "That is more than 50 MB.", "413 Payload Too Large")
    return None


def _is_own_page(request: Request, session: Session) -> bool:
    """Whether one of the console's own pages asks: by its token, and by where the browser says it comes from."""
    headers = request.headers
    origin = headers.get(b"origin", b"")
    return (
        hmac.compare_digest(headers.get(b"x-csrf-token", b""), session.csrf_token.encode())
        and origin in (b"", b"http://" + headers.get(b"host", b""))
        and headers.get(b"sec-fetch-site", b"same-origin") == b"same-origin"
    )
