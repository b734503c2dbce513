"""Files that tools write: bring them up to date, or with --check say which are not."""

import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def write_or_check(files: Mapping[Path, bytes]) -> int:
    """Write what differs; with --check on the command line only name it, and give 1 if there is any."""
    stale = {path: content for path, content in files.items() if not path.exists() or path.read_bytes() != content}
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of date: run make docs")
        return 1 if stale else 0
    for path, content in stale.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(f"wrote {path.relative_to(ROOT)}")
    return 0
