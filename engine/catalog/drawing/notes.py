"""Text annotations stand in a row below the drawing, each under what it speaks of."""

from __future__ import annotations

from lxml import etree

from engine.catalog.drawing.paper import LEFT, Box, Paper
from engine.catalog.drawing.route import Point
from engine.catalog.drawing.sheet import BPMN
from engine.catalog.drawing.text import sizes

WIDTH, GAP = 160, 20


def write_notes(root: etree._Element, paper: Paper) -> tuple[dict[str, Box], dict[str, list[Point]]]:
    """The boxes of annotations and the lines of their associations."""
    links = {
        link.get("id"): (link.get("sourceRef"), link.get("targetRef"))
        for link in root.iter(f"{{{BPMN}}}association")
    }
    texts = {
        note.get("id"): note.findtext(f"{{{BPMN}}}text") or ""
        for note in root.iter(f"{{{BPMN}}}textAnnotation")
    }

    def subject(note: str) -> int:
        ends = [end for link in links.values() if note in link for end in link if end in paper.shapes]
        return min((_middle(paper.shapes[end]) for end in ends), default=LEFT + WIDTH // 2)

    boxes: dict[str, Box] = {}
    free, top = LEFT, max(lane.bottom for lane in paper.lanes) + 2 * GAP
    for note in sorted(texts, key=subject):
        lines = sizes(texts[note], WIDTH - 2 * GAP)[1] if texts[note].split() else 0
        x = max(free, subject(note) - WIDTH // 2)
        boxes[note] = Box(x, top, WIDTH, max(40, lines + 10))
        free = x + WIDTH + GAP
    ways = {key: _line(ends, boxes, paper.shapes) for key, ends in links.items()}
    return boxes, {key: way for key, way in ways.items() if way}


def _line(ends: tuple[str, str], notes: dict[str, Box], shapes: dict[str, Box]) -> list[Point]:
    """From the note up to the element, or the other way round; nothing if an end is not drawn."""
    points = [
        (_middle(notes[end]), notes[end].y) if end in notes else (_middle(shapes[end]), shapes[end].bottom)
        for end in ends
        if end in notes or end in shapes
    ]
    return points if len(points) == len(ends) else []


def _middle(box: Box) -> int:
    return box.x + box.width // 2
