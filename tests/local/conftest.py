"""A server that the tests share, and its clients."""

import uuid
from collections.abc import Callable, Iterator

import pytest
from local.running import Client, Running, serving
from tencentcloud.common.exception import TencentCloudSDKException


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for all tests that do not stop it; each takes a region of its own."""
    with serving(tmp_path_factory.mktemp("local") / "data") as running:
        yield running


@pytest.fixture
def region() -> str:
    """Where nothing is yet."""
    return f"test-{uuid.uuid4().hex}"


@pytest.fixture
def client(server: Running, region: str) -> Client:
    return server.client(region)


@pytest.fixture
def refused(client: Client) -> Callable[..., str]:
    """The code of the error that a call gets."""

    def call(action: str, **parameters: object) -> str:
        with pytest.raises(TencentCloudSDKException) as refusal:
            client.call(action, **parameters)
        return refusal.value.code

    return call
