"""The cases themselves, and what is said of broken ones."""

import pytest
from scf_gen.conformance.case import load, parse, select
from scf_gen.core.contract import CLAUSES
from scf_gen.errors import BadAnswer, CaseInvalid

KNOWN = {clause.id for clause in CLAUSES}
CASE = {"id": "x", "title": "X", "clauses": ["TERM-ENDS"], "steps": [{"raw": "1"}]}


@pytest.mark.parametrize("case", load().values(), ids=lambda case: case.id)
def test_a_case_cites_clauses_that_exist(case):
    assert case.clauses
    assert set(case.clauses) <= KNOWN
    assert case.title[0].isupper() or not case.title[0].isalpha()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"titel": "x"}, "unknown key 'titel'"),
        ({"slow": "yes"}, "slow has to be bool"),
        ({"slow": 1}, "slow has to be bool"),
        ({"clauses": [1]}, "clauses has to be"),
        ({"steps": [{}]}, "found none"),
        ({"steps": [{"raw": "1", "echo": "1"}]}, "found raw, echo"),
        ({"steps": [{"raw": "1", "bdy": "1"}]}, "unknown key 'bdy'"),
        ({"steps": ["1"]}, "has to be a table"),
        ({"steps": [{"raw": "1", "kinds": ["okay"]}]}, "unknown outcome 'okay'"),
        ({"function": {"timeout": 1}}, "unknown key 'timeout'"),
        ({"server": {"nxt": []}}, "unknown key 'nxt'"),
        ({"server": {"next": [{"fualt": "reset"}]}}, "unknown key 'fualt'"),
        ({"server": {"away": {}}}, "after is missing"),
        ({"server": {"next": {}}}, "has to be a list"),
        ({"server": {"next": [{"fault": "flood"}]}}, "unknown fault 'flood'"),
        ({"server": {"all": {"headers": "italic"}}}, "unknown headers 'italic'"),
        ({"terminate": "soon"}, "unknown terminate 'soon'"),
        ({"requests": {"redy": [1, 1]}}, "requests to 'redy'"),
    ],
)
def test_a_broken_case_is_named(change, complaint):
    with pytest.raises(CaseInvalid) as raised:
        parse({**CASE, **change}, "area")
    assert "area.toml, case x" in raised.value.message
    assert complaint in raised.value.message


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("[[case]", "area.toml:"), ("[[cases]]", "unknown key 'cases'"), ("[[case]]\nid='x'", "title is missing")],
)
def test_a_broken_file_is_named(tmp_path, text, complaint):
    (tmp_path / "area.toml").write_text(text)
    with pytest.raises(CaseInvalid) as raised:
        load(tmp_path)
    assert complaint in raised.value.message


def test_two_cases_of_one_id_are_an_error(tmp_path):
    case = "[[case]]\nid='x'\ntitle='X'\nclauses=[]\nsteps=[{raw='1'}]\n"
    (tmp_path / "area.toml").write_text(case * 2)
    with pytest.raises(CaseInvalid, match="two cases x"):
        load(tmp_path)


def test_cases_are_selected_by_id_and_by_pattern_in_their_own_order():
    assert [case.id for case in select(load(), ["term-waiting", "cwd", "answer-ch*"])] == [
        "answer-chunked",
        "answer-chunked-trailer",
        "answer-chunked-bytewise",
        "term-waiting",
        "cwd",
    ]


def test_an_unknown_case_is_told_with_the_nearest_one():
    with pytest.raises(BadAnswer) as raised:
        select(load(), ["result-empti"])
    assert "result-empty" in raised.value.hint
