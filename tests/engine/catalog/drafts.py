"""Real bundles under the pencil, and what the lint says of them."""

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engine.catalog.bundle import Bundle, form_file, read_bundle
from engine.catalog.findings import Finding
from engine.catalog.lint import Subject, lint
from engine.catalog.models import Procedure, ProcedureVersion, VersionKind
from tests.engine.runtime.drawing import draw

BPMN = Path(__file__).parents[3] / "bpmn"


BUNDLES = {path.parent.name: read_bundle(path.parent) for path in sorted(BPMN.rglob("diagram.bpmn"))}


@dataclass
class Draft:
    """A real bundle under the pencil."""

    diagram: str
    record: dict[str, Any]
    forms: dict[str, Any]
    scenarios: list[Any]
    parts: dict[str, str] = field(default_factory=dict)

    def swap(self, old: str, new: str) -> None:
        assert old in self.diagram, old
        self.diagram = self.diagram.replace(old, new)

    def step(self, element: str, **said: str | None) -> None:
        """Change attributes of an element's mc:step; None takes one away."""
        found = re.search(rf'<bpmn:\w+ id="{element}".*?<mc:step([^>]*)/>', self.diagram, re.DOTALL)
        assert found, element
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', found[1])) | said
        text = "".join(f' {key}="{value}"' for key, value in attributes.items() if value is not None)
        self.diagram = self.diagram[: found.start(1)] + text + self.diagram[found.end(1) :]

    def lead(self, source: str, target: str, to: str) -> None:
        """Let a flow end elsewhere; `incoming` and `outgoing` only repeat the flows, so they may go."""
        self.diagram = re.sub(r"\s*<bpmn:(incoming|outgoing)>[^<]*</bpmn:\1>", "", self.diagram)
        self.swap(f'sourceRef="{source}" targetRef="{target}"', f'sourceRef="{source}" targetRef="{to}"')

    def fork(self, source: str, target: str, to: str) -> None:
        """Put a gateway "fork" on a flow; its second way, the default, leads elsewhere."""
        self.lead(source, target, "fork")
        gateway = '<bpmn:exclusiveGateway id="fork" name="Rẽ?" default="fork_else"/>'
        condition = "<bpmn:conditionExpression>channel = &quot;post&quot;</bpmn:conditionExpression>"
        ways = (
            f'<bpmn:sequenceFlow id="fork_on" sourceRef="fork" targetRef="{target}">{condition}</bpmn:sequenceFlow>'
            f'<bpmn:sequenceFlow id="fork_else" sourceRef="fork" targetRef="{to}"/>'
        )
        place = f"<bpmn:flowNodeRef>{source}</bpmn:flowNodeRef>"
        self.swap(place, f"{place}<bpmn:flowNodeRef>fork</bpmn:flowNodeRef>")
        at = self.diagram.index("<bpmn:sequenceFlow")
        self.diagram = self.diagram[:at] + gateway + ways + self.diagram[at:]

    def form(self, key: str, component: str, **said: Any) -> None:
        def visit(components: list[dict[str, Any]]) -> None:
            for one in components:
                if one.get("key") == component:
                    one.update(said)
                visit(one.get("components", []))

        visit(self.forms[key]["components"])


def judge(
    code: str,
    change: Callable[[Draft], object] = lambda draft: None,
    published: Procedure | None = None,
) -> list[Finding]:
    bundle = BUNDLES[code]
    draft = Draft(
        bundle.diagram.decode(),
        *copy.deepcopy((dict(bundle.record), dict(bundle.forms), bundle.scenarios)),
    )
    change(draft)
    sources = {
        "diagram.bpmn": draft.diagram.encode(),
        bundle.record_file: json.dumps(draft.record, ensure_ascii=False, indent=1).encode(),
        **{form_file(key): json.dumps(form, indent=1).encode() for key, form in draft.forms.items()},
        "scenarios.json": json.dumps(draft.scenarios, ensure_ascii=False, indent=1).encode(),
    }
    changed = replace(
        bundle,
        diagram=draft.diagram.encode(),
        record=draft.record,
        forms=draft.forms,
        scenarios=draft.scenarios,
        calls=tuple(sorted(set(re.findall(r'calledElement="(\w+)"', draft.diagram)))),
        sources=sources,
    )
    return judged(changed, draft.parts, published)


def judged(
    bundle: Bundle, parts: dict[str, str] | None = None, published: Procedure | None = None
) -> list[Finding]:
    return list(lint(Subject.of(bundle, stored_parts(parts), published)))


def stored_parts(changed: dict[str, str] | None = None) -> list[ProcedureVersion]:
    return [
        ProcedureVersion(
            code=part.code,
            record=dict(part.record),
            diagram=(changed or {}).get(part.code, "").encode() or part.diagram,
        )
        for part in BUNDLES.values()
        if part.kind == VersionKind.PART
    ]


def sketch(text: str, change: Callable[[str], str] = str, **record: Any) -> set[str]:
    """The codes of errors in a small part drawn in text; its lanes and forms do not matter here."""
    bundle = Bundle(
        "demo",
        VersionKind.PART,
        {"name": {"vi": "Thử"}} | record,
        change(draw(text).decode()).encode(),
        {},
        [],
        {},
        (),
    )
    return {finding.code for finding in judged(bundle)}


def more(record: str, **said: Any) -> Callable[[Draft], object]:
    """Change an entry of the record: `more("settings", supplement_max=2)`."""
    return lambda draft: draft.record.setdefault(record, {}).update(said)


def entry(record: str, number: int, **said: Any) -> Callable[[Draft], object]:
    return lambda draft: draft.record[record][number].update(said)


def without(name: str) -> Callable[[Draft], object]:
    """The scenarios but those of a name."""
    return lambda draft: draft.scenarios.__delitem__([one["name"] for one in draft.scenarios].index(name))


def rewritten(part: str, old: str, new: str) -> Callable[[Draft], object]:
    """A called part with other words in its diagram."""
    text = BUNDLES[part].diagram.decode()
    assert old in text, old
    return lambda draft: draft.parts.update({part: text.replace(old, new)})


def never_expires(draft: Draft) -> None:
    """The applicant's time runs out, and nobody says so: a gateway then has no way out."""
    part = BUNDLES["request_supplement"].diagram.decode()
    draft.parts["request_supplement"] = part.replace('topic="supplement.expire"', 'topic="slip.completion"')
    draft.scenarios = [one for one in draft.scenarios if one["status"] != "stopped"]


PROCEDURE, FRAME, GROUP = "2.000908", "one_stop", "3.000722"
