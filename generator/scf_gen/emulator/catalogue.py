"""The console's test events, the JSON files in events/, described by events/index.toml; and a project's own."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from scf_gen.core.names import unknown_name_hint
from scf_gen.errors import BadAnswer

_FOLDER = Path(__file__).parent / "events"


def titles() -> Mapping[str, str]:
    """What each event is, by name, in the console's order."""
    index = tomllib.loads((_FOLDER / "index.toml").read_text("utf-8"))
    return {name: str(entry["title"]) for name, entry in index.items()}


def own_events(project: Path) -> Mapping[str, Path]:
    """A project's own events, by name: the JSON files in its events/."""
    return {path.stem: path for path in sorted(Path(project, "events").glob("*.json")) if path.is_file()}


def event(name: str) -> bytes:
    """The event of that name, byte for byte; raises BadAnswer, with the nearest name, where there is none."""
    known = titles()
    if name not in known:
        raise BadAnswer(f"unknown event {name!r}", unknown_name_hint(name, known))
    return (_FOLDER / f"{name}.json").read_bytes()
