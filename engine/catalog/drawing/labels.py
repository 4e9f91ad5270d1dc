"""Where the names of events, gateways and flows stand, so that nothing covers a line, a shape or another name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from engine.catalog.drawing.paper import Box, Paper
from engine.catalog.drawing.route import Point
from engine.catalog.drawing.sheet import Flow, Node, Sheet
from engine.catalog.drawing.text import WIDEST, sizes

def write_names(sheet: Sheet, paper: Paper) -> dict[str, Box]:
    """The box of every name that stands outside its shape."""
    pieces = [(f.id, a, b) for f in sheet.flows for a, b in pairwise(paper.flows[f.id])]
    names: dict[str, Box] = {}
    wanted: list[tuple[str, list[tuple[float, Box]]]] = []
    for node in sheet.nodes.values():
        if node.name and (node.is_event or node.is_gateway):
            wanted.append((node.id, list(_beside_node(node, paper.shapes[node.id]))))
    for flow in sheet.flows:
        if flow.name:
            wanted.append((flow.id, list(_beside_flow(sheet, paper, flow))))
    for _ in range(3):
        for key, boxes in wanted:
            others = [box for other, box in names.items() if other != key]
            around = [box for node, box in paper.shapes.items() if node != key]
            names[key] = min(boxes, key=lambda c: c[0] + _trouble(c[1], around, paper.lanes, pieces, others))[1]
    return names


def _trouble(
    box: Box, shapes: list[Box], lanes: list[Box], pieces: list[tuple[str, Point, Point]], others: list[Box]
) -> float:
    cost = 0.0
    for shape in shapes:
        cost += 200.0 if box.overlaps(shape, 1) else 0.0
    for _, (x1, y1), (x2, y2) in pieces:
        piece = Box(min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1))
        cost += 60.0 if _touches(box, piece) else 0.0
    for other in others:
        cost += 150.0 if box.overlaps(other, 2) else 0.0
    inside = any(lane.y + 1 <= box.y and box.bottom <= lane.bottom - 1 and lane.x + 30 < box.x for lane in lanes)
    return cost + (0.0 if inside else 80.0)


def _touches(box: Box, piece: Box) -> bool:
    return box.x - 1 < piece.right and piece.x < box.right + 1 and box.y < piece.bottom + 1 and piece.y < box.bottom + 1


def _beside_node(node: Node, shape: Box) -> Iterator[tuple[float, Box]]:
    """Events: below; boundary events: below on the left; gateways: above on the left. Else around the shape."""
    middle_x, middle_y = shape.x + shape.width // 2, shape.y + shape.height // 2
    for widest, dear in ((WIDEST, 0.0), (70, 3.0), (110, 4.0), (54, 8.0)):
        width, height = sizes(node.name, widest)
        upper, lower = shape.y - height + (5 if node.is_gateway else 2), shape.bottom - (5 if node.is_gateway else 2)
        places = {
            "below": Box(middle_x - width // 2, shape.bottom + 4, width, height),
            "above": Box(middle_x - width // 2, shape.y - height - 4, width, height),
            "above left": Box(middle_x - width - 8, upper, width, height),
            "above right": Box(middle_x + 8, upper, width, height),
            "below left": Box(middle_x - width - 8, lower, width, height),
            "below right": Box(middle_x + 8, lower, width, height),
            "left": Box(shape.x - width - 4, middle_y - height // 2, width, height),
            "right": Box(shape.right + 4, middle_y - height // 2, width, height),
        }
        if node.host:
            order = ["below left", "below right", "below", "right"]
        elif node.is_gateway:
            order = ["above left", "above", "above right", "below left", "below right", "below"]
        else:
            order = ["below", "above", "below left", "below right", "right", "left"]
        for rank, where in enumerate(order):
            yield dear + 5.0 * rank, places[where]


def _beside_flow(sheet: Sheet, paper: Paper, flow: Flow) -> Iterator[tuple[float, Box]]:
    """On the first piece that the flow has for itself: above it, or beside it when it runs up or down."""
    points = paper.flows[flow.id]
    alike = [f for f in sheet.flows if f.id != flow.id and f.source == flow.source]
    for rank, (a, b) in enumerate(pairwise(points)):
        (x1, y1), (x2, y2) = a, b
        shared = max((_shared(a, b, paper.flows[f.id]) for f in alike), default=0)
        if shared >= abs(x2 - x1) + abs(y2 - y1) - 10 and rank < len(points) - 2:
            continue
        mark = 12 if rank == 0 and sheet.default.get(flow.source) == flow.id else 0  # the stroke of a default flow
        for widest, dear in ((WIDEST, 0.0), (60, 2.0), (45, 6.0)):
            width, height = sizes(flow.name, widest)
            dear += 12.0 * rank
            if y1 == y2:
                room, way = abs(x2 - x1), 1 if x2 > x1 else -1
                for start in (4 + mark, 12 + mark, 24, 40, 70):
                    near = x1 + way * (shared + start)
                    x = near if way > 0 else near - width
                    over = max(0, shared + start + width - room)
                    yield dear + over + start / 10, Box(x, y1 - height - 2, width, height)
                    yield dear + over + start / 10 + 4, Box(x, y1 + 3, width, height)
            else:
                room, way = abs(y2 - y1), 1 if y2 > y1 else -1
                for start in (4 + mark, 14 + mark, 30, 50):
                    near = y1 + way * (shared + start)
                    y = near if way > 0 else near - height
                    over = max(0, shared + start + height - room)
                    yield dear + over + start / 10 + 1, Box(x1 + 4, y, width, height)
                    yield dear + over + start / 10 + 2, Box(x1 - width - 4, y, width, height)


def _shared(a: Point, b: Point, points: list[Point]) -> int:
    """How far from `a` the piece a-b runs together with another flow."""
    most = 0
    for c, d in pairwise(points):
        if a[1] == b[1] == c[1] == d[1]:
            axis = 0
        elif a[0] == b[0] == c[0] == d[0]:
            axis = 1
        else:
            continue
        low, high = max(min(a[axis], b[axis]), min(c[axis], d[axis])), min(max(a[axis], b[axis]), max(c[axis], d[axis]))
        if high > low:
            most = max(most, abs((high if b[axis] > a[axis] else low) - a[axis]))
    return most
