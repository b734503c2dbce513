"""Who enforces a clause of the contract: the modules and the conformance cases that name its id."""

import functools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from generated import ROOT

PACKAGE = ROOT / "generator" / "scf_gen"
CLAUSE_ID = re.compile(r"\b[A-Z]+(?:-[A-Z]+)+\b")


def enforcers(clause_id: str) -> Sequence[str]:
    """Paths inside the package, in order."""
    return sorted(citations()[clause_id])


@functools.cache
def citations() -> Mapping[str, set[str]]:
    """Which files name each id."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in (*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.toml")):
        if path.name != "contract.py":
            for clause_id in CLAUSE_ID.findall(path.read_text("utf-8")):
                found[clause_id].add(str(path.relative_to(PACKAGE)))
    return found
