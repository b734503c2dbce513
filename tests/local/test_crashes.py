"""A server that is killed in the middle of its writes: what it acknowledged is there, and nothing is half."""

import base64
import hashlib
import itertools
import os
import random
import threading
import time
import urllib.request
from dataclasses import dataclass, field

from local.running import SECRET_ID, SECRET_KEY, Client, bootstrap, serving, zipped
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException

KILLS = int(os.environ.get("SCF_GEN_KILLS", "20"))
WRITERS = 3
WRITES = 5  # of all writers, at the most, before the moment of a kill is chosen
LAST_S = 0.05
PATIENCE_S = 60


@dataclass(frozen=True)
class State:
    """What can be seen of a function."""

    sha256: str
    description: str
    versions: int


@dataclass
class Writer:
    """Changes functions of a region of its own; `possible` holds the states that each may be found in.

    There are two, before and after, while a change is not acknowledged, and one otherwise; None is no function.
    """

    number: int
    chance: random.Random
    possible: dict[str, set[State | None]] = field(default_factory=dict)
    events: list[tuple[str, str, str]] = field(default_factory=list)
    serials: itertools.count = field(default_factory=itertools.count)

    def client(self, endpoint):
        return Client(endpoint, f"ap-writer-{self.number}", Credential(SECRET_ID, SECRET_KEY))

    def write_until_killed(self, endpoint, acknowledged):
        client = self.client(endpoint)
        try:
            while True:
                self.write(client)
                acknowledged.release()
        except TencentCloudSDKException as error:
            if error.code != "ClientNetworkError":
                raise

    def write(self, client):
        name = f"fn-{self.chance.randrange(4)}"
        [before] = self.possible.get(name, {None})
        if before is None:
            data, sha256 = self.fresh_code()
            after = State(sha256, f"new {next(self.serials)}", 1)
            self.change(client, name, after, "CreateFunction", Code=data, Runtime="CustomRuntime", Timeout=10)
            return
        assert client.settled(name) == "Active"
        action = self.chance.choice(["code", "configuration", "publish", "event", "event", "delete"])
        if action == "code":
            data, sha256 = self.fresh_code()
            self.change(
                client, name, State(sha256, before.description, before.versions), "UpdateFunctionCode", Code=data
            )
        elif action == "configuration":
            after = State(before.sha256, f"changed {next(self.serials)}", before.versions)
            self.change(client, name, after, "UpdateFunctionConfiguration")
        elif action == "publish":
            self.change(client, name, State(before.sha256, before.description, before.versions + 1), "PublishVersion")
        elif action == "delete":
            self.events = [event for event in self.events if event[0] != name]
            self.change(client, name, None, "DeleteFunction")
        else:
            body = str(next(self.serials))
            self.events.append((name, client.invoke(name, body, InvocationType="Event")["FunctionRequestId"], body))

    def change(self, client, name, after, action, **parameters):
        self.possible[name] = {*self.possible.get(name, {None}), after}
        if after and action in ("CreateFunction", "UpdateFunctionConfiguration"):
            parameters["Description"] = after.description
        client.call(action, FunctionName=name, **parameters)
        self.possible[name] = {after}

    def fresh_code(self):
        padding = self.chance.randbytes(self.chance.choice([10, 100_000]))
        data = zipped({"bootstrap": bootstrap(), "padding": padding})
        return {"ZipFile": base64.b64encode(data).decode()}, hashlib.sha256(data).hexdigest()

    def check(self, endpoint):
        """Everything is in a possible state, and whole; from now on only in that."""
        client = self.client(endpoint)
        listed = client.call("ListFunctions", Limit=100)["Functions"]
        assert {function["FunctionName"] for function in listed} <= set(self.possible)
        for name, possible in self.possible.items():
            found = self.look(client, name)
            assert found in possible, (name, found, possible)
            self.possible[name] = {found}
        for name, request_id, body in self.events:
            if self.possible[name] != {None}:
                self.check_event(client, name, request_id, body)

    def look(self, client, name):
        if not client.call("ListFunctions", SearchKey=name)["TotalCount"]:
            return None
        assert client.settled(name) == "Active"
        told = client.call("GetFunction", FunctionName=name)
        address = client.call("GetFunctionAddress", FunctionName=name)
        with urllib.request.urlopen(address["Url"]) as answer:
            data = answer.read()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (told["CodeSize"], address["CodeSha256"])
        versions = client.call("ListVersionByFunction", FunctionName=name)["TotalCount"]
        return State(address["CodeSha256"], told["Description"], versions)

    def check_event(self, client, name, request_id, body):
        while True:
            asked = client.call("GetRequestStatus", FunctionName=name, FunctionRequestId=request_id)
            running = [each for each in asked["Data"] if each["RetCode"] == 1]
            if not running:
                break
        assert asked["Data"], f"{request_id} is lost"
        assert {(each["RetCode"], each["RetMsg"]) for each in asked["Data"]} == {(0, body)}


def test_what_was_acknowledged_survives_kill_9(tmp_path):
    chance = random.Random(KILLS)
    writers = [Writer(number, random.Random(number)) for number in range(WRITERS)]
    for _ in range(KILLS):
        with serving(tmp_path / "data", "--no-sandbox") as server:
            for writer in writers:
                writer.check(server.endpoint)
            acknowledged = threading.Semaphore(0)
            threads = [
                threading.Thread(target=writer.write_until_killed, args=(server.endpoint, acknowledged))
                for writer in writers
            ]
            for thread in threads:
                thread.start()
            for _ in range(chance.randint(1, WRITES)):
                assert acknowledged.acquire(timeout=PATIENCE_S)
            time.sleep(chance.uniform(0, LAST_S))  # so that it is killed at any moment of a write
            server.process.kill()
            for thread in threads:
                thread.join()
    with serving(tmp_path / "data") as server:
        for writer in writers:
            writer.check(server.endpoint)
        assert server.stop() == 0
    assert list((tmp_path / "data" / "incoming").iterdir()) == []
