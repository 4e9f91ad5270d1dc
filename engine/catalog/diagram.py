"""The diagram as the analyst sees it: steps, lanes, form keys."""

from __future__ import annotations

from dataclasses import dataclass

from engine.runtime.model import Model


@dataclass(frozen=True)
class Step:
    """One element, without the engine's details."""

    id: str
    name: str
    kind: str
    lane: str
    form: str
    limit: str
    status: str | None


@dataclass(frozen=True)
class Outline:
    """What a page or a comparison says about a diagram."""

    process_id: str
    name: str
    #: (code, Vietnamese name), top to bottom
    lanes: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    forms: tuple[str, ...]
    #: process ids of called parts
    calls: tuple[str, ...]
    topics: tuple[str, ...]


def outline(model: Model) -> Outline:
    elements = model.elements.values()
    return Outline(
        process_id=model.process_id,
        name=model.name,
        lanes=tuple((lane.code, lane.name) for lane in model.lanes),
        steps=tuple(Step(e.id, e.name, e.kind, e.lane, e.form, e.limit, e.status) for e in elements),
        forms=tuple(sorted({e.form for e in elements if e.form})),
        calls=tuple(sorted({e.called for e in elements if e.called})),
        topics=tuple(sorted({e.topic for e in elements if e.topic})),
    )
