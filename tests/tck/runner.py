"""Runs test cases in the format of the public DMN TCK (`*.dmn` beside `*-test-*.xml`) through our own door.

A case is passed when all its results are as expected, unsupported when its model holds something that we refuse to
deploy, and failed otherwise. Levels are the folders `compliance-level-*` that the cases lie in.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from engine.runtime.decisions import Decisions, with_imports
from engine.runtime.errors import DiagramRefused
from feel import FeelError
from tests.tck.values import agrees, expected_of, given_of, local

#: What the clock shows to models that read it; deployed ones may not.
NOW = "2026-11-23T09:40:00+07:00"
REPORT = Path("var/tck.json")


@dataclass(frozen=True)
class Outcome:
    """What came of one test case."""

    level: str
    test: str
    case: str
    verdict: str
    said: str = ""


def run(folder: Path) -> Iterator[Outcome]:
    for tests in sorted(folder.rglob("*-test-*.xml")):
        yield from _file(tests)


def _file(tests: Path) -> Iterator[Outcome]:
    level = next((part for part in reversed(tests.parts) if part.startswith(("compliance", "non-"))), "other")
    try:
        root = etree.parse(tests).getroot()
    except etree.XMLSyntaxError as broken:
        yield Outcome(level, tests.stem, "", "failed", str(broken))
        return
    model = tests.parent / (root.findtext("{*}modelName") or "").strip()
    for case in root.iterfind("{*}testCase"):
        name = case.get("id") or case.get("name") or ""
        try:
            decisions = _decisions(model)
            wrong = [
                said for node in case.iterfind("{*}resultNode") for said in _wrong(decisions, case, node)
            ]
        except OSError as missing:
            yield Outcome(level, tests.stem, name, "failed", str(missing))
            continue
        except (DiagramRefused, FeelError) as refused:
            yield Outcome(level, tests.stem, name, "unsupported", str(refused))
            continue
        closed = decisions.problems[0].sentence if decisions.problems else ""
        verdict = "passed" if not wrong else "unsupported" if closed else "failed"
        yield Outcome(
            level, tests.stem, name, verdict, "; ".join(wrong) + (f" [{closed}]" if wrong and closed else "")
        )


@cache
def _decisions(model: Path) -> Decisions:
    """The model, with those of its folder that it imports, and what they import."""
    beside = [path.read_bytes() for path in sorted(model.parent.glob("*.dmn")) if path != model]
    return Decisions.as_far_as_it_goes(*with_imports(model.read_bytes(), beside))


def _wrong(decisions: Decisions, case: etree._Element, node: etree._Element) -> Iterator[str]:
    """What is not as expected."""
    expected = node.find("{*}expected")
    wanted = expected_of(expected) if expected is not None else None
    given = {one.get("name"): given_of(one) for one in case.iterfind("{*}inputNode")}
    spaces = {one.get("name"): one.get("namespace") for one in case.iterfind("{*}inputNode")}
    kind = case.get("type", "decision")
    name = node.get("name", "")
    try:
        answer = _ask(decisions, case, kind, name, given, spaces)
    except FeelError as failed:
        if wanted is not None:
            yield f"{name}: {failed}"
        return
    value = answer.value
    temporals = {path: (type_, text) for path, type_, text in answer.temporals}
    if (
        kind == "decisionService"
        and isinstance(value, dict)
        and name in value
        and not isinstance(wanted, dict)
    ):
        value, temporals = value[name], {path[1:]: one for path, one in temporals.items() if path[0] == name}
    if not agrees(wanted, value, temporals):
        yield f"{name}: {value!r} {temporals or ''}, expected {wanted!r}"


def _ask(
    decisions: Decisions,
    case: etree._Element,
    kind: str,
    name: str,
    given: dict[str, Any],
    spaces: dict[str, Any],
) -> Any:
    key = _key(decisions, name if kind == "decision" else case.get("invocableName", name), None, kind)
    if key is None:
        raise FeelError("failed", name, near="no such element")
    if kind != "decision":
        return decisions.ask(key, {}, given, now=NOW)
    inputs = {}
    for one, value in given.items():
        own = _key(decisions, one, spaces[one], "input")
        if own is not None:
            inputs[own] = value
    return decisions.ask(key, inputs, now=NOW)


def _key(decisions: Decisions, name: str, namespace: str | None, kind: str) -> str | None:
    kinds = {
        "decision": ("decision",),
        "input": ("input", "decision"),
        "bkm": ("knowledge",),
        "decisionService": ("service",),
    }[kind]
    for key, one in decisions.model.elements.items():
        space = key.rpartition("#")[0] or decisions.model.namespace
        if one.kind in kinds and one.name == " ".join(name.split()) and namespace in (None, space):
            return key
    return None


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("make tck TCK=<folder with *.dmn and *-test-*.xml>")
        return 2
    outcomes = list(run(Path(arguments[0])))
    if not outcomes:
        print(f"no case below {arguments[0]}: make tck TCK=<folder with *.dmn and *-test-*.xml>")
        return 2
    counts = Counter((one.level, one.verdict) for one in outcomes)
    levels = sorted({one.level for one in outcomes})
    print(f"{'':24}{'passed':>10}{'failed':>10}{'unsupported':>14}{'of':>8}")
    for level in [*levels, "all"]:
        row = [
            sum(n for (own, v), n in counts.items() if v == verdict and level in (own, "all"))
            for verdict in VERDICTS
        ]
        print(f"{level:24}{row[0]:>10}{row[1]:>10}{row[2]:>14}{sum(row):>8}")
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(
        json.dumps(
            {
                "counts": {f"{level}/{verdict}": n for (level, verdict), n in sorted(counts.items())},
                "not_passed": [asdict(one) for one in outcomes if one.verdict != "passed"],
            },
            ensure_ascii=False,
            indent=1,
        ),
        encoding="utf-8",
    )
    return 0


VERDICTS = ("passed", "failed", "unsupported")
__all__ = ["Outcome", "local", "main", "run"]
