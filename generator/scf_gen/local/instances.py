"""The instances that run, each with somebody who watches it, and the transcripts of the last invocations."""

import codecs
import itertools
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from scf_gen.core.contract import NEXT_PATH
from scf_gen.emulator.http_message import Request, Response
from scf_gen.emulator.instance import Instance, Status
from scf_gen.emulator.pool import Watcher
from scf_gen.local.news import News
from scf_gen.local.transcript import Place, Transcript
from scf_gen.local.version import Name, Version

_TRANSCRIPTS = 500


class InstanceWatcher:
    """Watches one instance, and tells of it as news."""

    def __init__(self, number: int, version: Version, instances: "Instances", news: News) -> None:
        self.number = number
        self.name = version.name
        self._version = version.version
        self._instances = instances
        self._news = news
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._instance: Instance | None = None
        self._since_s = time.time()
        self._invocations = 0
        self._transcript: Transcript | None = None
        self._request_id = ""
        self._resting: tuple[Transcript, Place] | None = None

    def log(self, data: bytes) -> None:
        """A piece of the log."""
        if self._news.heard(self.name) and self._instance:
            text = self._decoder.decode(data)
            self._news.tell(self.name, "log", request_id=self._instance.request_id, text=text)

    def exchange(self, request: Request, response: Response) -> None:
        """An answer of the runtime API."""
        if self._resting and request.path != NEXT_PATH:
            (transcript, place), self._resting = self._resting, None
            transcript.exchange(place, request, response)
            self._tell_step(transcript, place)
            transcript.enter(place.next, Status.IDLE)
            self._tell_step(transcript, place.next)
        elif self._transcript:
            place = self._transcript.place()
            self._transcript.exchange(place, request, response)
            self._tell_step(self._transcript, place)

    def status(self, instance: Instance) -> None:
        """A new status."""
        self._instance = instance
        self._since_s = time.time()
        if self._request_id != instance.request_id:
            self._begin(instance.request_id)
        if self._transcript:
            place = self._transcript.place()
            if instance.status is Status.IDLE:
                # What made it so is told of when the answer leaves, maybe after the next event; it stands here.
                self._resting = self._transcript, place
            else:
                self._transcript.enter(place, instance.status)
                self._tell_step(self._transcript, place)
        if instance.status is Status.DEAD:
            self._instances.forget(self)
        if self._news.heard(self.name):
            self._news.tell(self.name, "instance", **self.as_json())

    def as_json(self) -> Mapping[str, Any]:
        """Its form for a page; memory in bytes."""
        instance = self._instance
        return {
            "number": self.number,
            "version": self._version,
            "status": instance.status if instance else Status.STARTING,
            "since_s": self._since_s,
            "request_id": self._request_id,
            "invocations": self._invocations,
            "pid": instance.pid if instance else 0,
            "memory_bytes": instance.memory_bytes if instance else 0,
        }

    def _begin(self, request_id: str) -> None:
        self._request_id = request_id
        self._invocations += 1
        self._transcript = Transcript(request_id, self.name, self._version, self.number)
        self._instances.begin(self, self._transcript)
        self._news.tell_widely(self.name, "begun", request_id=request_id, version=self._version)

    def _tell_step(self, transcript: Transcript, place: Place) -> None:
        if self._news.heard(self.name) and place.number < len(transcript.steps):
            step = transcript.steps[place.number].as_json()
            self._news.tell(self.name, "step", request_id=transcript.request_id, index=place.number, step=step)


class Instances:
    """What runs now, for whoever asks; what it does is news: "begun", "instance", "log" and "step"."""

    def __init__(self, news: News) -> None:
        self._news = news
        self._numbers = itertools.count(1)
        self._running: dict[int, InstanceWatcher] = {}
        self._transcripts: OrderedDict[str, Transcript] = OrderedDict()

    def watcher(self, version: Version) -> Callable[[], Watcher]:
        """Makes the watcher of each instance of a version."""
        return lambda: InstanceWatcher(next(self._numbers), version, self, self._news)

    def of(self, name: Name) -> list[Mapping[str, Any]]:
        """The instances of a function, the oldest first."""
        return [watcher.as_json() for watcher in self._running.values() if watcher.name == name]

    def transcript(self, request_id: str) -> Transcript | None:
        """That of an invocation, if it was one of the last."""
        return self._transcripts.get(request_id)

    def transcripts(self, name: Name) -> list[Transcript]:
        """Those of a function's invocations that are remembered, the newest first."""
        return [transcript for transcript in reversed(self._transcripts.values()) if transcript.name == name]

    def begin(self, watcher: InstanceWatcher, transcript: Transcript) -> None:
        """Its instance has an event."""
        self._running[watcher.number] = watcher
        self._transcripts[transcript.request_id] = transcript
        if len(self._transcripts) > _TRANSCRIPTS:
            self._transcripts.popitem(last=False)

    def forget(self, watcher: InstanceWatcher) -> None:
        """Its instance has ended."""
        self._running.pop(watcher.number, None)
