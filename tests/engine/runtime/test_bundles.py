"""Every scenario of every bundle, walked on the machine with stand-ins for the engine topics."""

import pytest

from engine.catalog.lint.rehearsal import stand_in
from engine.runtime.machine import Machine
from tests.engine.runtime import walks


@pytest.mark.parametrize("folder", walks.all_folders())
def test_every_diagram_of_the_house_compiles(folder):
    assert walks.program(folder).model.elements


@pytest.mark.parametrize(
    ("folder", "scenario"),
    walks.scenarios(),
    ids=lambda value: value["name"] if isinstance(value, dict) else value,
)
def test_a_scenario_waits_where_it_says_and_ends_where_it_says(folder, scenario):
    machine = Machine(walks.program(folder), stand_in)
    moved = machine.start(scenario["start"])
    status = moved.status
    for step in scenario["path"]:
        if step["kind"] == "command":
            moved = machine.cancel(moved.state)
            assert machine.positions(moved.state) == ()
            return
        waiting = machine.positions(moved.state)
        found = [one for one in waiting if one.step == step["at"]]
        # The dossiers of a group wait at one step together.
        assert {one.kind for one in found} == {step["kind"]}, (
            f"{step['at']}: waits {[one.step for one in waiting]}"
        )
        heard = {(one.element.message, one.step) for one in waiting if one.kind == "message"}
        assert len({message for message, _ in heard}) == len(heard)
        moved = walks.act(machine, moved.state, found[0], step["set"])
        status = moved.status or status
    assert (moved.ended, status) == (scenario["end"], scenario["status"])
    assert machine.positions(moved.state) == ()
