"""What is kept of a stream of bytes without end: its beginning and its end."""

# Half of it is the beginning (emulator's choice): where a function that logs without end began, and what it did last.
KEPT_BYTES = 4 << 20
_HALF_BYTES = KEPT_BYTES // 2


class Excerpt:
    """Collects what is written, and says how many bytes in the middle were left out, if there were too many."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._tail = bytearray()
        self._left_out_bytes = 0

    def write(self, data: bytes) -> None:
        """Add a piece."""
        room = _HALF_BYTES - len(self._head)
        if room > 0:
            self._head += data[:room]
            data = data[room:]
        if data:
            self._tail += data
            excess = max(0, len(self._tail) - _HALF_BYTES)
            del self._tail[:excess]
            self._left_out_bytes += excess

    def text(self) -> bytes:
        """What was kept; a line of its own stands where something was left out."""
        return b"".join((self._head, left_out(self._left_out_bytes), self._tail))


def left_out(count: int) -> bytes:
    """The line that stands in the place of so many bytes of log; nothing for none."""
    return f"\n[scf-gen left out {count} bytes of the log here]\n".encode() if count else b""
