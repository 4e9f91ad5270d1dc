"""Whole files as an analyst brings them, of each maker: one whose meaning is clear, and one where much is not.

The clear ones run as they did there; of the others everything that is not clear is named, at its line, and nothing else.
"""

import re
from pathlib import Path

import pytest

from engine.catalog.foreign import translate
from engine.runtime import xml
from engine.runtime.machine import Machine
from engine.runtime.parser import compile_program
from engine.runtime.xsd import check_schema
from tests.engine.runtime import walks
from tests.engine.runtime.drawing import draw

#: What the files call.
PARTS = {"part": draw("begin: start\ndone: end\nbegin > done", "part")}
FILES = Path(__file__).parent / "foreign"

#: File -> the variables at the start, the acts (where, with what), and the end.
CLEAR = {
    "c7_permit: refused": ({}, [("Activity_check", {"approved": True, "length": 300})], "Event_refused"),
    "c7_permit: by hand": (
        {},
        [
            ("Activity_check", {"approved": True, "length": 200}),
            ("Event_map_late", {}),
            ("Activity_by_hand", {}),
            ("Activity_examine", {}),
        ],
        "Event_done",
    ),
    "c8_support: refused": ({"dossier_id": 7}, [("check", {"outcome": "eligible", "age": 74})], "refused"),
    "c8_support: paid": (
        {"dossier_id": 7, "people": ["An", "Bình", "Chi"]},
        [("check", {"outcome": "eligible", "age": 75}), ("list", {}), ("paid", {}), ("each", {}), ("each", {})],
        "done",
    ),
    "c7_pools: done": ({}, [("check", {}), ("examine", {"agreed": 3, "asked": 5})], "done"),
    "c7_pools: refused": ({}, [("check", {}), ("examine", {"agreed": 2, "asked": 4})], "refused"),
    "c8_verify: done": ({"offices": ["a", "b"]}, [("check", {}), ("sign", {})], "done"),
    "c8_verify: late": ({"offices": []}, [("check", {}), ("late", {})], "lapsed"),
    "arena_request: none": ({}, [("search", {"entry": "found", "revoked": True, "copies": 1})], "none"),
    "arena_request: found": (
        {}, [("search", {"entry": "found", "copies": 1, "revoked": False}), ("wait", {}), ("sign", {})], "done",
    ),
}  # fmt: skip

#: File -> what is told of each element that is not clear.
UNCLEAR = {
    "c7_unclear": {
        "nghi_phep": ["executionListener"],
        "begin": ["formData"],
        "ask": ["assignee", "followUpDate", "formKey", "taskListener", "inputOutput"],
        "remind": ["không ngắt", "lặp lại", "ISO 8601"],
        "mail": ["delegateExpression"],
        "book": ["expression", "resultVariable"],
        "count": ["mã lệnh"],
        "poll": ["errorEventDefinition"],
        "failed": ["errorCodeVariable"],
        "pay": ["“in”", "không trả biến nào", "${payment}"],
        "Error_1": ["errorMessage"],
        "f2": ["days > 3"],
    },
    "c8_unclear": {
        "begin": ["không bắt đầu bằng một sự kiện"],
        "check": ["formDefinition", "assignmentDefinition", "ioMapping", "taskHeaders", "taskListeners"],
        "ask": ["taskDefinition"],
        "sum": ["script"],
        "at": ["now()"],
        "tell": ["taskDefinition"],
        "f_a": ["today()"],
    },
    "arena_unclear": {
        "prepare": ["mã lệnh"],
        "each": ["preScript", "postScript", "properties", "allowGuest", "unitTests", "signalButtonLabel"],
        "ask": ["serviceTaskOperator"],
        "f_a": ["len(items)"],
    },
}


def read(name):
    return (FILES / f"{name}.bpmn").read_bytes()


@pytest.mark.parametrize("name", CLEAR)
def test_what_is_clear_runs_as_it_did_there(name):
    start, acts, end = CLEAR[name]
    said = translate(read(name.partition(":")[0]))
    assert said.left == ()
    assert check_schema(xml.read(said.data)) == []
    machine = Machine(compile_program(said.data, PARTS), lambda call: {})
    moved = machine.start(start)
    for step, given in acts:
        position = next(one for one in machine.positions(moved.state) if one.step == step)
        moved = walks.act(machine, moved.state, position, given)
    assert moved.ended == end


@pytest.mark.parametrize("name", UNCLEAR)
def test_what_is_not_is_named_at_its_line_and_nothing_else(name):
    data, expected = read(name), UNCLEAR[name]
    lines = data.decode().splitlines()
    told = {}
    for one in translate(data).left:
        told.setdefault(one.element, []).append(one)
        assert one.sentence.endswith(".")
    assert told.keys() == expected.keys()
    for element, words in expected.items():
        assert len(told[element]) == len(words), [one.sentence for one in told[element]]
        for word in words:
            assert any(word in one.sentence for one in told[element]), (element, word)
        begins = next(n for n, line in enumerate(lines, 1) if f'id="{element}"' in line)
        tag = re.search(rf'<(bpmn:\w+) id="{element}"', lines[begins - 1])[1]
        ends = next(n for n, line in enumerate(lines, 1) if n >= begins and ("/>" in line or f"</{tag}>" in line))
        assert all(begins <= one.line <= max(ends, begins + 10) for one in told[element])


@pytest.mark.parametrize(
    ("name", "element", "facts"),
    [
        ("c7_permit", "Activity_check", {"form": "permit/check", "lane": "reception"}),
        ("c7_permit", "Activity_map", {"kind": "service", "topic": "map.lookup", "lane": "specialist"}),
        ("c7_permit", "Event_map_late", {"limit": "4 h"}),
        ("c8_support", "check", {"form": "support/check", "lane": "specialist", "limit": "48 h"}),
        ("c8_support", "rate", {"decision": "benefit", "variable": "level"}),
        ("c8_support", "list", {"kind": "service", "topic": "social.paylist"}),
        ("c8_support", "paid", {"message": "da_chi_tien", "key": "dossier_id"}),
        ("c8_support", "late", {"limit": "360 h"}),
        ("c7_pools", "check", {"form": "check", "lane": "reception", "limit": "48 h"}),
        ("c7_pools", "examine", {"form": "examine", "lane": "specialist"}),
        ("c8_verify", "check", {"form": "check", "lane": "specialist", "limit": "48 h"}),
        ("c8_verify", "ask", {"called": "part", "lane": "specialist"}),
        ("c8_verify", "sign", {"form": "sign", "lane": "leader"}),
        ("c8_verify", "late", {"limit": "120 h"}),
        ("arena_request", "search", {"form": "civil/search", "lane": "specialist"}),
        ("arena_request", "sign", {"lane": "leader"}),
        ("arena_request", "wait", {"limit": "24 h"}),
    ],
)
def test_people_forms_and_times_are_kept(name, element, facts):
    one = compile_program(translate(read(name)).data, PARTS).model.elements[element]
    assert {key: getattr(one, key) for key in facts} == facts


def test_a_message_of_the_house_needs_no_key():
    data = read("c8_support").replace("Đã chi tiền".encode(), b"payment_settled")
    said = translate(data)
    assert said.left == ()
    paid = compile_program(said.data, {}).model.elements["paid"]
    assert (paid.message, paid.key) == ("payment_settled", "")
