"""Every sentence of the contract is enforced, and whatever names a clause names one that there is."""

import re
import sys
from pathlib import Path

import pytest
from scf_gen.core.contract import CLAUSES, Duty

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tools"))

from enforcers import citations, enforcers  # noqa: E402


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_a_clause_has_an_enforcer(clause):
    where = enforcers(clause.id)
    if clause.duty is Duty.BOOTSTRAP:
        assert any(path.startswith(("conformance/cases/", "lint/", "emulator/bootstrap_file")) for path in where)
    else:
        assert any(path.startswith(("emulator/", "core/result")) for path in where)


def test_only_clauses_that_there_are_are_named():
    prefixes = {clause.id.partition("-")[0] for clause in CLAUSES}
    named = {name for name in citations() if name.partition("-")[0] in prefixes}
    assert named <= {clause.id for clause in CLAUSES}


def test_ids_are_unique_and_of_one_form():
    ids = [clause.id for clause in CLAUSES]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Z]+(-[A-Z]+)*", clause_id) for clause_id in ids)
