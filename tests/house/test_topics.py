"""A topic nobody answers lets a dossier wait for ever, with nobody to blame."""

import ast
import inspect
import textwrap

import pytest
from lxml import etree

from engine.catalog.lint.variables import ENGINE_TOPICS, FACTS, SERVICE_TOPICS
from engine.dossiers import fees, topics
from engine.dossiers.act import TOPICS

MC = "{urn:motcua:bpmn:1}"


@pytest.fixture(scope="module")
def asked(root):
    """(kind, topic) -> the files that ask for it."""
    assert topics
    found: dict[tuple[str, str], set[str]] = {}
    for path in sorted((root / "bpmn").rglob("diagram.bpmn")):
        for step in etree.parse(path).iter(f"{MC}step"):
            if step.get("decision"):
                found.setdefault(("engine", "decision.evaluate"), set()).add(path.name)
            if topic := step.get("topic"):
                place = path.relative_to(root).as_posix()
                found.setdefault((step.get("kind", ""), topic), set()).add(place)
    return found


def test_every_topic_is_of_the_engine_or_of_the_outside(asked):
    wrong = {key: places for key, places in asked.items() if key[0] not in {"engine", "service", ""}}
    assert not wrong


def test_the_engine_knows_every_engine_topic(asked):
    wrong = {topic: places for (kind, topic), places in asked.items() if kind == "engine" and topic not in TOPICS}
    assert not wrong, f"no function in engine.dossiers.topics: the diagram would stop there: {wrong}"


def test_no_engine_topic_is_left_over(asked):
    used = {topic for kind, topic in asked if kind == "engine"}
    assert set(TOPICS) <= used, "a topic that no diagram asks for is dead code"


def test_every_message_of_the_house_is_brought_by_a_command(root):
    told = "".join(path.read_text("utf-8") for path in (root / "engine" / "dossiers").rglob("*.py"))
    assert {name for name in FACTS if f'"{name}"' not in told} == set(), "a wait for it would never end"


def _keys(node):
    return {key.value for key in node.keys if isinstance(key, ast.Constant)} if isinstance(node, ast.Dict) else set()


def _returned(function):
    """The names that a function writes out in what it returns."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return set().union(*(_keys(node.value) for node in ast.walk(tree) if isinstance(node, ast.Return)))


#: What a topic writes besides, by a function that it asks.
ASKED = {"dossier.decide": fees._asked_at_the_return}


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_an_engine_topic_writes_what_the_lint_knows_of_it(topic):
    """Rules about branches read the table: a name that is missing there would be a false "all is well"."""
    also = _returned(ASKED[topic]) if topic in ASKED else set()
    assert ENGINE_TOPICS[topic] == _returned(TOPICS[topic]) | also


def test_adapters_write_what_the_lint_knows_of_their_topics(root):
    written = set()
    for path in (root / "connectors").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Dict):
                written |= set().union(
                    *(_keys(value) for key, value in zip(node.keys, node.values, strict=True) if getattr(key, "value", "") == "routing")
                )
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "routing":
                written |= _keys(node.value)
    assert written == set().union(*SERVICE_TOPICS.values())
