"""Where the names of events, gateways and flows stand, so that nothing covers a line, a shape or another name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from operator import itemgetter

from engine.catalog.drawing.paper import HEADER, Box, Paper
from engine.catalog.drawing.route import Point
from engine.catalog.drawing.sheet import Flow, Node, Sheet
from engine.catalog.drawing.text import WIDEST, sizes

ROUNDS = 3
DEFAULT_STROKE = 12  # a default flow bears a stroke near its source

Wish = tuple[float, Box]


def write_names(sheet: Sheet, paper: Paper) -> dict[str, Box]:
    """The box of every name that stands outside its shape."""
    pieces = [_thin(a, b) for flow in sheet.flows for a, b in pairwise(paper.flows[flow.id])]
    wishes: dict[str, list[Wish]] = {
        node.id: list(_beside_node(node, paper.shapes[node.id]))
        for node in sheet.nodes.values()
        if node.name and (node.is_event or node.is_gateway)
    }
    wishes |= {flow.id: list(_beside_flow(sheet, paper, flow)) for flow in sheet.flows if flow.name}
    names: dict[str, Box] = {}
    for _ in range(ROUNDS):
        for key, boxes in wishes.items():
            others = [box for other, box in names.items() if other != key]
            shapes = [box for node, box in paper.shapes.items() if node != key]
            in_the_way = ((200.0, shapes), (150.0, others), (60.0, pieces))
            judged = [(dear + _trouble(box, paper.lanes, in_the_way), box) for dear, box in boxes]
            names[key] = min(judged, key=itemgetter(0))[1]
    return names


def _thin(a: Point, b: Point) -> Box:
    return Box(min(a[0], b[0]), min(a[1], b[1]), abs(b[0] - a[0]), abs(b[1] - a[1]))


def _trouble(box: Box, lanes: list[Box], in_the_way: Iterable[tuple[float, list[Box]]]) -> float:
    """What a name would cover, and that it stands in no lane."""
    cost = sum(dear for dear, others in in_the_way for other in others if box.overlaps(other, 1))
    inside = any(
        lane.y < box.y and box.bottom < lane.bottom and lane.x + HEADER < box.x and box.right < lane.right
        for lane in lanes
    )
    return cost + (0.0 if inside else 80.0)


def _beside_node(node: Node, shape: Box) -> Iterator[Wish]:
    """Events: below; boundary events: below on the left; gateways: above on the left. Else around the shape."""
    middle_x, middle_y = shape.x + shape.width // 2, shape.y + shape.height // 2
    nook = (
        5 if node.is_gateway else 2
    )  # a name may reach into the corner that a diamond or a circle leaves free
    for widest, dear in ((WIDEST, 0.0), (70, 3.0), (110, 4.0), (54, 8.0)):
        width, height = sizes(node.name, widest)
        centred, left, right = middle_x - width // 2, middle_x - width - 8, middle_x + 8
        places = {
            "below": (centred, shape.bottom + 4),
            "above": (centred, shape.y - height - 4),
            "above left": (left, shape.y - height + nook),
            "above right": (right, shape.y - height + nook),
            "below left": (left, shape.bottom - nook),
            "below right": (right, shape.bottom - nook),
            "left": (shape.x - width - 4, middle_y - height // 2),
            "right": (shape.right + 4, middle_y - height // 2),
        }
        order: tuple[str, ...]
        if node.host:
            order = ("below left", "below right", "below", "right", "left", "above left")
        elif node.is_gateway:
            order = ("above left", "above", "above right", "below left", "below right", "below")
        else:
            order = ("below", "above", "below left", "below right", "right", "left")
        for rank, where in enumerate(order):
            yield dear + 5.0 * rank, Box(*places[where], width, height)


def _beside_flow(sheet: Sheet, paper: Paper, flow: Flow) -> Iterator[Wish]:
    """On the first piece that the flow has for itself: above it, or beside it when it runs up or down."""
    points = paper.flows[flow.id]
    alike = [paper.flows[f.id] for f in sheet.flows if f.id != flow.id and f.source == flow.source]
    for rank, (a, b) in enumerate(pairwise(points)):
        length = abs(b[0] - a[0]) + abs(b[1] - a[1])
        shared = max((_shared(a, b, other) for other in alike), default=0)
        if shared >= length - 10 and rank < len(points) - 2:
            continue
        stroke = DEFAULT_STROKE if rank == 0 and sheet.default.get(flow.source) == flow.id else 0
        for widest, dear in ((WIDEST, 0.0), (60, 2.0), (45, 6.0)):
            size = sizes(flow.name, widest)
            for start in (4 + stroke, 12 + stroke, 24, 40, 70):
                over = max(0, shared + start + size[0 if a[1] == b[1] else 1] - length)
                for cost, box in _beside_piece(a, b, shared + start, size):
                    yield 12.0 * rank + dear + start / 10 + 3 * over + cost, box


def _beside_piece(a: Point, b: Point, start: int, size: tuple[int, int]) -> tuple[Wish, Wish]:
    """Both sides of a piece, some way from its beginning."""
    (x1, y1), (x2, y2), (width, height) = a, b, size
    if y1 == y2:
        x = x1 + start if x2 > x1 else x1 - start - width
        return (0.0, Box(x, y1 - height - 2, width, height)), (4.0, Box(x, y1 + 3, width, height))
    y = y1 + start if y2 > y1 else y1 - start - height
    return (1.0, Box(x1 + 4, y, width, height)), (2.0, Box(x1 - width - 4, y, width, height))


def _shared(a: Point, b: Point, points: list[Point]) -> int:
    """How far from `a` the piece a-b runs together with another flow."""
    most, axis = 0, 0 if a[1] == b[1] else 1
    for c, d in pairwise(points):
        if not a[1 - axis] == b[1 - axis] == c[1 - axis] == d[1 - axis]:
            continue
        low = max(min(a[axis], b[axis]), min(c[axis], d[axis]))
        high = min(max(a[axis], b[axis]), max(c[axis], d[axis]))
        if high > low:
            most = max(most, abs((high if b[axis] > a[axis] else low) - a[axis]))
    return most
