from itertools import product
from pathlib import Path

import pytest
from scf_gen.core.contract import CLAUSES
from scf_gen.core.result import Kind
from scf_gen.emulator.state import TRANSITIONS, IllegalInput, Input, Reply, State, Transition, step


def expected_transitions() -> dict[tuple[State, Input], str]:
    table, state = {}, State.STARTING
    for line in Path(__file__).with_name("transitions.txt").read_text().splitlines():
        if line.startswith("["):
            state = State[line.strip("[]")]
        elif line and not line.startswith("#"):
            given, _, cell = line.partition(" ")
            table[state, Input[given]] = cell.strip()
    return table


def parse(cell: str, state: State) -> Transition:
    if cell == "-":
        return Transition(state)
    to, *words = cell.split()
    reply = next((Reply[word] for word in words if word in Reply.__members__), None)
    finish = next((Kind[word.removeprefix("finish=")] for word in words if word.startswith("finish=")), None)
    return Transition(State[to], reply, finish, kill="kill" in words)


EXPECTED = expected_transitions()


@pytest.mark.parametrize(("state", "given"), list(product(State, Input)), ids=lambda value: value.name)
def test_every_input_in_every_state(state, given):
    cell = EXPECTED[state, given]
    if cell == "!":
        with pytest.raises(IllegalInput):
            step(state, given)
    else:
        assert step(state, given) == parse(cell, state)


@pytest.mark.parametrize("state", State, ids=lambda state: state.name)
def test_whatever_is_answered_or_ended_cites_the_contract(state):
    known = {clause.id for clause in CLAUSES}
    for given, transition in TRANSITIONS[state].items():
        does_something = transition.reply or transition.finish or transition.kill
        assert transition.clause in known or not (does_something or transition.clause), given.name


def test_the_dead_stay_dead():
    assert {step(State.DEAD, given).to for given in Input if given is not Input.DISPATCH} == {State.DEAD}


def test_every_stage_that_ends_in_death_kills():
    for state, given in EXPECTED:
        if EXPECTED[state, given].startswith("DEAD") and state is not State.DEAD:
            assert step(state, given).kill
