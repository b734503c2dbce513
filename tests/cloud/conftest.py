"""A server between client and local SCF that may misbehave, and small projects."""

import os
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cloud.faulty import Faulty
from cloud.settings import settings
from local.running import SECRET_ID, SECRET_KEY, Running, bootstrap
from scf_gen.cloud import client


@pytest.fixture(autouse=True)
def _surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys, a region of its own, and an empty folder."""
    for name in os.environ:
        if name.startswith("TENCENTCLOUD_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TENCENTCLOUD_SECRET_ID", SECRET_ID)
    monkeypatch.setenv("TENCENTCLOUD_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("TENCENTCLOUD_REGION", f"test-{uuid.uuid4().hex}")
    monkeypatch.setattr(client, "WAITS_S", (0.001, 0.001, 0.001))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


@pytest.fixture
def region() -> str:
    return os.environ["TENCENTCLOUD_REGION"]


@pytest.fixture
def faulty(server: Running) -> Iterator[Faulty]:
    with Faulty(server.endpoint) as between:
        thread = threading.Thread(target=between.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield between
        between.over.set()
        between.shutdown()
        thread.join()


@pytest.fixture
def there(scf_gen: Callable[..., object], faulty: Faulty) -> Callable[..., object]:
    """Runs a command against the server in between."""
    return lambda command, *args: scf_gen(command, "--endpoint", faulty.url, *args)


@pytest.fixture
def project() -> Path:
    """A function named echo, in the folder of that name."""
    folder = Path("echo")
    folder.mkdir()
    (folder / "bootstrap").write_text(bootstrap('echo "said $event" >&2'))
    (folder / "bootstrap").chmod(0o755)
    (folder / "data.txt").write_text("data")
    settings(folder)
    return folder


@pytest.fixture
def deployed(there: Callable[..., Any], project: Path) -> Path:
    """The same, deployed."""
    assert there("deploy", project).status == 0
    return project
