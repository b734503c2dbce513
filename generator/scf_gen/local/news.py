"""What happens in a local SCF, told to whoever listens while it happens; nothing is kept."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from scf_gen.local.version import Name

# What happened, and to which function.
Listener = Callable[[Name, str, Mapping[str, Any]], None]


class News:
    """Listeners by what they listen to: a function, a namespace (a name without a function), a region."""

    def __init__(self) -> None:
        self._listeners: defaultdict[Name, set[Listener]] = defaultdict(set)

    def listen(self, topic: Name, listener: Listener) -> Callable[[], None]:
        """Be told of what happens there, until the result is called."""
        self._listeners[topic].add(listener)

        def stop() -> None:
            self._listeners[topic].discard(listener)
            if not self._listeners[topic]:
                del self._listeners[topic]

        return stop

    def heard(self, topic: Name) -> bool:
        """Whether anybody listens."""
        return topic in self._listeners

    def tell(self, topic: Name, kind: str, **data: Any) -> None:
        """Tell those who listen to exactly that."""
        for listener in tuple(self._listeners.get(topic, ())):
            listener(topic, kind, data)

    def tell_widely(self, name: Name, kind: str, **data: Any) -> None:
        """Tell those who listen to a function, and those who listen to its namespace."""
        for topic in (name, name._replace(function="")):
            for listener in tuple(self._listeners.get(topic, ())):
                listener(name, kind, data)
