"""How the diagrams in bpmn/ are drawn, measured on their files, and what `lay_out` promises for any other file."""

from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from lxml import etree

from engine.catalog.drawing.paper import Box
from engine.catalog.drawing.sheet import BPMN, Flow, Sheet, read
from engine.catalog.layout import BPMNDI, DC, DI, lay_out
from engine.runtime.errors import DiagramRefused

ROOT = Path(__file__).parents[3] / "bpmn"
FILES = sorted(ROOT.rglob("diagram.bpmn"))
LANES = "reception cashier centre_head division_head specialist council leader clerk return".split()

Point = tuple[int, int]


@dataclass
class Drawing:
    """A diagram as its file draws it."""

    root: etree._Element
    sheet: Sheet
    boxes: dict[str, Box]
    ways: dict[str, list[Point]]
    names: dict[str, Box]

    @classmethod
    def of(cls, xml: bytes) -> "Drawing":
        root = etree.fromstring(xml)
        boxes, names, ways = {}, {}, {}
        for part in root.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge"):
            key = part.get("bpmnElement")
            for bounds in part.iter(f"{{{DC}}}Bounds"):
                box = Box(*(int(bounds.get(k)) for k in ("x", "y", "width", "height")))
                (boxes if bounds.getparent() is part else names)[key] = box
            points = [(int(p.get("x")), int(p.get("y"))) for p in part.iterfind(f"{{{DI}}}waypoint")]
            if points:
                ways[key] = points
        return cls(root, read(root), boxes, ways, names)

    @property
    def shapes(self) -> dict[str, Box]:
        return {key: self.boxes[key] for key in self.sheet.nodes}

    def pieces(self, flow: Flow) -> list[tuple[Point, Point]]:
        return list(pairwise(self.ways[flow.id]))


@pytest.fixture(params=FILES, ids=[path.parent.name for path in FILES])
def drawing(request):
    return Drawing.of(request.param.read_bytes())


def middle(box):
    return box.x + box.width // 2, box.y + box.height // 2


def thin(a, b):
    return Box(min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1]))


def covers(one, other):
    """Do two boxes (or a box and a line) have more than an edge in common?"""
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def _bare(*lines):
    """A process from lines: two words that are nodes are a flow, else the first is the kind."""
    tags = {"start": "startEvent", "end": "endEvent", "user": "userTask", "xor": "exclusiveGateway"}
    parts = []
    for line in lines:
        one, other = line.split()
        if one in tags:
            parts.append(f'<bpmn:{tags[one]} id="{other}" name="{other}"/>')
        else:
            parts.append(f'<bpmn:sequenceFlow id="{one}_to_{other}" sourceRef="{one}" targetRef="{other}"/>')
    process = f'<bpmn:process id="demo">{"".join(parts)}</bpmn:process>'
    return f'<bpmn:definitions xmlns:bpmn="{BPMN}" targetNamespace="urn:test">{process}</bpmn:definitions>'.encode()


class TestOurDiagrams:
    def test_every_node_flow_lane_and_pool_is_drawn(self, drawing):
        sheet = drawing.sheet
        assert set(drawing.boxes) == {*sheet.nodes, *sheet.lanes, sheet.pool}
        assert set(drawing.ways) == {flow.id for flow in sheet.flows}

    def test_no_two_shapes_share_room(self, drawing):
        for (one, a), (other, b) in combinations(drawing.shapes.items(), 2):
            hosts = drawing.sheet.nodes[one].host, drawing.sheet.nodes[other].host
            assert one in hosts or other in hosts or not a.overlaps(b, 10), (one, other)

    def test_no_flow_runs_through_a_shape(self, drawing):
        for flow in drawing.sheet.flows:
            ends = {flow.source, flow.target, drawing.sheet.nodes[flow.source].host}
            for a, b in drawing.pieces(flow):
                hit = [
                    k for k, box in drawing.shapes.items() if k not in ends and box.overlaps(thin(a, b), 1)
                ]
                assert not hit, (flow.id, hit)

    def test_a_flow_does_not_run_through_its_own_ends(self, drawing):
        for flow in drawing.sheet.flows:
            for end in (flow.source, flow.target):
                assert not any(covers(drawing.shapes[end], thin(a, b)) for a, b in drawing.pieces(flow)), (
                    flow.id
                )

    def test_flows_bend_at_right_angles_only(self, drawing):
        for flow in drawing.sheet.flows:
            turns = [a[0] == b[0] for a, b in drawing.pieces(flow)]
            assert all((a[0] == b[0]) != (a[1] == b[1]) for a, b in drawing.pieces(flow)), flow.id
            assert all(before != after for before, after in pairwise(turns)), flow.id

    def test_flows_begin_and_end_at_the_edge_of_their_shapes(self, drawing):
        for flow in drawing.sheet.flows:
            for end, (x, y) in (
                (flow.source, drawing.ways[flow.id][0]),
                (flow.target, drawing.ways[flow.id][-1]),
            ):
                box = drawing.shapes[end]
                sides = box.x <= x <= box.right and y in (box.y, box.bottom)
                assert sides or (x in (box.x, box.right) and box.y <= y <= box.bottom), flow.id
                if drawing.sheet.nodes[end].size[0] < 100:
                    assert x == middle(box)[0] or y == middle(box)[1], flow.id

    def test_flows_lie_on_one_another_only_where_they_part_or_meet(self, drawing):
        for one, other in combinations(drawing.sheet.flows, 2):
            if one.source == other.source or one.target == other.target:
                continue
            for a, b in drawing.pieces(one):
                for c, d in drawing.pieces(other):
                    for axis in (0, 1):
                        if a[1 - axis] == b[1 - axis] == c[1 - axis] == d[1 - axis]:
                            low, high = (
                                max(min(a[axis], b[axis]), min(c[axis], d[axis])),
                                min(max(a[axis], b[axis]), max(c[axis], d[axis])),
                            )
                            assert high <= low, (one.id, other.id)

    def test_everything_is_on_the_grid(self, drawing):
        for key, box in drawing.boxes.items():
            assert all(value % 10 == 0 for value in middle(box) if key in drawing.sheet.nodes), key
        for flow, points in drawing.ways.items():
            assert all(x % 10 == 0 and y % 10 == 0 for x, y in points[1:-1]), flow
        for key, node in drawing.sheet.nodes.items():
            assert (drawing.boxes[key].width, drawing.boxes[key].height) == node.size

    def test_every_element_stands_in_its_lane(self, drawing):
        for node in drawing.sheet.nodes.values():
            lane, box = drawing.boxes[drawing.sheet.lanes[node.lane]], drawing.boxes[node.id]
            assert lane.x + 30 < box.x < box.right < lane.right, node.id
            assert lane.y + 10 <= box.y < box.bottom <= lane.bottom - 10, node.id

    def test_lanes_fill_the_pool_in_the_order_of_the_house(self, drawing):
        lanes = [drawing.boxes[lane] for lane in drawing.sheet.lanes]
        pool = drawing.boxes[drawing.sheet.pool]
        assert [b.y for b in lanes] == [pool.y, *(b.bottom for b in lanes[:-1])]
        assert lanes[-1].bottom == pool.bottom
        assert {(b.x, b.right) for b in lanes} == {(pool.x + 30, pool.right)}
        codes = [lane.removeprefix("lane_") for lane in drawing.sheet.lanes]
        assert codes == [code for code in LANES if code in codes]

    def test_the_main_line_is_straight_in_each_lane_and_leads_to_the_right(self, drawing):
        line = drawing.sheet.main_line
        for one, other in pairwise(line):
            assert middle(drawing.boxes[one])[0] <= middle(drawing.boxes[other])[0], (one, other)
        heights = {}
        for key in line:
            heights.setdefault(drawing.sheet.nodes[key].lane, set()).add(middle(drawing.boxes[key])[1])
        assert all(len(found) == 1 for found in heights.values())

    def test_boundary_events_sit_on_the_lower_edge_right(self, drawing):
        hosts = {node.host for node in drawing.sheet.nodes.values() if node.host}
        for host in hosts:
            events = [node.id for node in drawing.sheet.nodes.values() if node.host == host]
            box = drawing.boxes[host]
            places = [(box.right - 20 - 60 * number, box.bottom) for number in range(len(events))]
            assert sorted(middle(drawing.boxes[one]) for one in events) == sorted(places)

    def test_every_name_is_placed_and_covers_neither_shapes_nor_names(self, drawing):
        named = [n.id for n in drawing.sheet.nodes.values() if n.name and n.size[0] < 100]
        assert set(drawing.names) == {*named, *(f.id for f in drawing.sheet.flows if f.name)}
        for key, name in drawing.names.items():
            for other, box in drawing.shapes.items():
                near = (
                    5 if other == key else 0
                )  # a name may reach into the free corner of its own circle or diamond
                assert not covers(
                    name, Box(box.x + near, box.y + near, box.width - 2 * near, box.height - 2 * near)
                )
        for (one, a), (other, b) in combinations(drawing.names.items(), 2):
            assert not covers(a, b), (one, other)

    def test_no_line_runs_through_a_name(self, drawing):
        lines = [(f.id, thin(a, b)) for f in drawing.sheet.flows for a, b in drawing.pieces(f)]
        for key, name in drawing.names.items():
            assert not [flow for flow, line in lines if covers(name, line)], key


class TestLayOut:
    PLAIN = (ROOT / "_parts" / "register_civil_status" / "diagram.bpmn").read_bytes()

    def test_the_same_file_is_drawn_the_same_way_and_nothing_but_the_drawing_changes(self):
        drawn = lay_out(self.PLAIN)
        assert lay_out(drawn) == drawn

        def meaning(xml):
            root = etree.fromstring(xml)
            root.remove(root.find(f"{{{BPMNDI}}}BPMNDiagram"))
            return etree.canonicalize(etree.tostring(root, encoding="unicode"), strip_text=True)

        assert meaning(drawn) == meaning(self.PLAIN)

    def test_a_file_without_lanes_pool_and_drawing_gets_one(self):
        drawing = Drawing.of(
            lay_out(
                _bare(
                    "start begin",
                    "user ask",
                    "xor ok",
                    "end done",
                    "begin ask",
                    "ask ok",
                    "ok done",
                    "ok ask",
                )
            )
        )
        assert set(drawing.boxes) == {"begin", "ask", "ok", "done"}
        assert [middle(drawing.boxes[key])[0] for key in ("begin", "ask", "ok", "done")] == sorted(
            middle(drawing.boxes[key])[0] for key in drawing.boxes
        )
        assert drawing.root.find(f".//{{{BPMNDI}}}BPMNPlane").get("bpmnElement") == "demo"

    def test_an_island_and_a_lane_without_elements_are_drawn_too(self):
        xml = _bare("start begin", "end done", "user alone", "begin done").replace(
            b"<bpmn:startEvent",
            b'<bpmn:laneSet id="lanes"><bpmn:lane id="empty" name="A"/><bpmn:lane id="full" name="B">'
            b"<bpmn:flowNodeRef>begin</bpmn:flowNodeRef><bpmn:flowNodeRef>done</bpmn:flowNodeRef>"
            b"<bpmn:flowNodeRef>alone</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet><bpmn:startEvent",
            1,
        )
        drawing = Drawing.of(lay_out(xml))
        assert drawing.boxes["empty"].bottom == drawing.boxes["full"].y
        assert drawing.boxes["full"].y < drawing.boxes["alone"].y

    def test_two_boundary_events_of_one_task_stand_apart(self):
        xml = _bare(
            "start begin", "user ask", "end done", "end late", "begin ask", "ask done", "one late", "two late"
        ).replace(
            b"</bpmn:process>",
            b'<bpmn:boundaryEvent id="one" attachedToRef="ask"/><bpmn:boundaryEvent id="two" attachedToRef="ask"/></bpmn:process>',
        )
        drawing = Drawing.of(lay_out(xml))
        assert not covers(drawing.boxes["one"], drawing.boxes["two"])

    def test_annotations_stand_below_under_what_they_speak_of(self):
        xml = _bare("start begin", "end done", "begin done").replace(
            b"</bpmn:process>",
            b'<bpmn:textAnnotation id="note"><bpmn:text>Art. 17</bpmn:text></bpmn:textAnnotation>'
            b'<bpmn:association id="about" sourceRef="done" targetRef="note"/></bpmn:process>',
        )
        drawing = Drawing.of(lay_out(xml))
        note, done = drawing.boxes["note"], drawing.boxes["done"]
        assert note.y > done.bottom
        assert drawing.ways["about"] == [(middle(done)[0], done.bottom), (middle(done)[0], note.y)]

    @pytest.mark.parametrize(
        ("xml", "rule"),
        [
            (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + _bare("start begin"), "doctype"),
            (b"<html/>", "no_process"),
            (b"nothing", "not_xml"),
        ],
    )
    def test_a_hostile_or_foreign_file_is_refused(self, xml, rule):
        with pytest.raises(DiagramRefused) as refused:
            lay_out(xml)
        assert [problem.rule for problem in refused.value.problems] == [rule]


BARE = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">{}</definitions>'


@pytest.mark.parametrize(
    ("inside", "rule"),
    [
        ("", "no_process"),
        ('<process id="p"/>', "no_element"),
        ('<process id="p"><subProcess id="x"><startEvent id="s"/></subProcess></process>', "sub_process"),
        ('<process id="p"><startEvent/></process>', "no_id"),
        ('<process><startEvent id="s"/></process>', "no_id"),
        ('<collaboration/><process id="p"><startEvent id="s"/></process>', "no_id"),
        ('<process id="p"><userTask id="u"/><boundaryEvent id="b" attachedToRef="z"/></process>', "dangling"),
        ('<process id="p"><userTask id="u"/><boundaryEvent id="b" attachedToRef="b"/></process>', "dangling"),
        (
            '<process id="p"><userTask id="u"/><boundaryEvent id="b" attachedToRef="u"/><sequenceFlow id="f" sourceRef="u" targetRef="b"/></process>',
            "entry",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_reason(inside, rule):
    with pytest.raises(DiagramRefused) as refused:
        lay_out(BARE.format(inside).encode())
    assert rule in {problem.rule for problem in refused.value.problems}


@pytest.mark.parametrize(
    "inside",
    [
        '<process id="p"><laneSet><lane id="l"><flowNodeRef/></lane></laneSet><startEvent id="s"/></process>',
        '<process id="p"><userTask id="u"/><sequenceFlow id="f" sourceRef="u" targetRef="u"/></process>',
        '<process id="p"><userTask id="u"/><sequenceFlow id="f" sourceRef="u" targetRef="z"/></process>',
    ],
)
def test_a_draft_with_loose_ends_is_drawn(inside):
    assert b"BPMNShape" in lay_out(BARE.format(inside).encode(), patience=0)
