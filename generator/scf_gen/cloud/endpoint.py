"""The address of the cloud API."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Self
from urllib.parse import urlsplit

TENCENT = "scf.tencentcloudapi.com"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A host, with a port if it has one, and the protocol to speak with it."""

    protocol: str
    host: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """From a host alone, or an address without a path; nothing is Tencent's own. A local SCF speaks plain HTTP."""
        protocol, separator, host = text.rpartition("://")
        endpoint = cls(protocol if separator else "https", host.rstrip("/") or TENCENT)
        return cls("http", endpoint.host) if endpoint.is_local and not separator else endpoint

    @property
    def name(self) -> str:
        """The host without its port."""
        return urlsplit(str(self)).hostname or ""

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine."""
        try:
            return ip_address(self.name).is_loopback
        except ValueError:
            return self.name == "localhost" or self.name.endswith(".localhost")

    def __str__(self) -> str:
        return f"{self.protocol}://{self.host}"
