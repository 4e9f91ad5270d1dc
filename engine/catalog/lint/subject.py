"""What the rules look at: the bundle, its diagram, its forms, and the parts that it calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

import forms
from engine.catalog.bundle import DIAGRAM, Bundle
from engine.catalog.findings import Finding
from engine.catalog.lint.unfolded import Walk, unfold
from engine.catalog.models import Procedure, ProcedureVersion
from engine.runtime import xml
from engine.runtime.checks import MAX_NODES, check_calls, check_model
from engine.runtime.errors import DiagramRefused, Problem
from engine.runtime.model import Model, read_model
from engine.runtime.xsd import check_schema

#: Rule of the runtime -> code of the table; all others are S01.
_CODES = {
    **dict.fromkeys(("element", "attribute", "attribute_value", "extension", "event_definition"), "S02"),
    **dict.fromkeys(("unreachable", "endless", "dead_end", "island", "entry", "after_end"), "S03"),
    **dict.fromkeys(("many_out", "odd_condition", "double_flow", "host"), "S05"),
    **dict.fromkeys(("no_part", "recursion", "call_depth", "too_many_nodes", "part_id"), "S07"),
    **dict.fromkeys(("same_event", "duration", "one_event", "not_an_event"), "X07"),
    **dict.fromkeys(("two_tokens", "waits_for_ever", "not_proved"), "S06"),
    "condition": "X01",
    "no_condition": "X02",
    "no_lane": "P01",
    "no_topic": "P09",
}


#: Parts are called by nearly every bundle of a tree.
_part_model = lru_cache(maxsize=64)(read_model)


@dataclass(frozen=True)
class Field:
    """A field of a form whose answer becomes a routing variable."""

    form: str
    key: str
    type: str
    #: codes of its options; empty for what is no choice
    options: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A called part as stored."""

    model: Model
    record: Mapping[str, Any]
    diagram: bytes


@dataclass(frozen=True)
class Subject:
    """A bundle under judgement."""

    bundle: Bundle
    model: Model | None
    parts: Mapping[str, Part]
    problems: tuple[Problem, ...]
    #: what the ministry published about the procedure; None for a frame, a part, or one that was never imported
    published: Procedure | None = None

    @classmethod
    def of(
        cls, bundle: Bundle, parts: Iterable[ProcedureVersion], published: Procedure | None = None
    ) -> Subject:
        """Read the diagram; what the runtime refuses is kept as problems."""
        known = {part.code: Part(_part_model(part.diagram), part.record, part.diagram) for part in parts}
        try:
            model = read_model(bundle.diagram)
        except DiagramRefused as refused:
            return cls(
                bundle, None, known, (*refused.problems, *_breaches(bundle, refused.problems)), published
            )
        models = {code: part.model for code, part in known.items()} | {model.process_id: model}
        problems = [*check_model(model), *check_calls(model, models)]
        problems += _breaches(bundle, problems)
        return cls(bundle, model, known, tuple(problems or _too_large(model, models)), published)

    def refusals(self) -> Iterator[Finding]:
        """What the runtime would not run, as findings."""
        for problem in self.problems:
            yield Finding(
                code=_CODES.get(problem.rule, "S01"),
                severity="E",
                file=DIAGRAM,
                sentence_vi=problem.sentence,
                element=problem.element,
                line=problem.line,
                basis="engine.runtime",
            )

    @cached_property
    def drawn(self) -> Model:
        """The diagram; rules run only when there is one."""
        if self.model is None:
            raise ValueError("no readable diagram")
        return self.model

    @cached_property
    def walk(self) -> Walk:
        """The diagram with its calls replaced by their parts, and every position it can reach."""
        models = {code: part.model for code, part in self.parts.items()}
        return Walk(unfold(self.drawn, models), self.settings)

    @property
    def settings(self) -> Mapping[str, Any]:
        return self.bundle.record.get("settings") or {}

    @property
    def articles(self) -> Mapping[str, Any]:
        """What of another law lets this procedure differ from the general decree."""
        return self.bundle.record.get("articles") or {}

    @cached_property
    def forms(self) -> Mapping[str, Mapping[str, Any]]:
        """The forms that compile; of the others P03 tells."""
        return {key: form for key, form in self.bundle.forms.items() if not forms.check(form)}

    @cached_property
    def routes(self) -> Mapping[str, tuple[Field, ...]]:
        """Routing variable -> the fields of this bundle's forms that give it, also of those that do not compile."""
        found: dict[str, tuple[Field, ...]] = {}
        for form, document in self.bundle.forms.items():
            for component in components(document):
                properties, key = component.get("properties"), component.get("key")
                if (
                    isinstance(properties, dict)
                    and properties.get("routes") == "true"
                    and isinstance(key, str)
                ):
                    options = tuple(str(option.get("value")) for option in _objects(component.get("values")))
                    found[key] = (
                        *found.get(key, ()),
                        Field(form, key, str(component.get("type")), options),
                    )
        return found


def _breaches(bundle: Bundle, known: Iterable[Problem]) -> list[Problem]:
    """What breaks BPMN's own schema, on lines of which the runtime says nothing itself."""
    lines = {problem.line for problem in known}
    try:
        root = xml.read(bundle.diagram)
    except DiagramRefused:
        return []
    return [problem for problem in check_schema(root) if problem.line not in lines]


def _too_large(main: Model, models: Mapping[str, Model]) -> Iterator[Problem]:
    """Counted before anything is unfolded: parts that call parts multiply. Their depth is known to be small."""

    @cache
    def size(code: str) -> int:
        elements = models[code].elements.values()
        return len(elements) + sum(size(element.called) for element in elements if element.called)

    count = size(main.process_id)
    if count > MAX_NODES:
        yield Problem(
            "too_many_nodes",
            f"Quy trình cùng các phần được gọi có {count} phần tử, nhiều hơn {MAX_NODES}.",
            main.process_id,
            main.line,
        )


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def components(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every component of a form, those inside groups and lists included."""
    for component in _objects(document.get("components")):
        yield component
        yield from components(component)


def answer_paths(document: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Dotted paths of the answers that a form gives ("requester.full_name")."""
    for component in document.get("components") or ():
        if not isinstance(component, dict):
            continue
        own = component.get("path") or component.get("key") or ""
        name = f"{prefix}{own}" if own else prefix.rstrip(".")
        if own:
            yield name
        if component.get("components"):
            yield from answer_paths(component, f"{name}." if own else prefix)
