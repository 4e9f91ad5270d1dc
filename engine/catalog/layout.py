"""Draw a process: give a BPMN file fresh shapes and lines in our style (grid, lanes, straight main line).

The style is that of `bpmn/README.md`. The same file is always drawn the same way, and what the diagram
means is not touched: its `BPMNDiagram` is replaced, its XML indented, and XML comments are lost.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.catalog.drawing.labels import write_names
from engine.catalog.drawing.notes import write_notes
from engine.catalog.drawing.paper import Box, Paper, unfold
from engine.catalog.drawing.place import place
from engine.catalog.drawing.route import Grid, Router
from engine.catalog.drawing.sheet import BPMN, EVENTS, GATEWAYS, TASKS, Sheet, read
from engine.runtime import xml as safe_xml
from engine.runtime.errors import DiagramRefused, Problem

__all__ = ["DiagramRefused", "lay_out"]

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"


def lay_out(xml: bytes, *, patience: int = 3) -> bytes:
    """The same file with a fresh drawing.

    A larger `patience` takes longer (about two seconds each for thirty nodes) and often finds a calmer drawing.
    Raises DiagramRefused for what cannot be drawn; a draft with loose ends can.
    """
    root = safe_xml.read(xml)
    if problems := tuple(_undrawable(root)):
        raise DiagramRefused(problems)
    for old in root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
        root.remove(old)
    sheet = read(root)
    at = place(sheet, patience)
    grid = Grid(
        columns=max(column for column, _ in at.values()) + 1,
        rows=max(row for _, row in at.values()) + 1,
    )
    paper = unfold(sheet, at, grid, Router(sheet, at, grid).run())
    root.append(_diagram(root, sheet, paper))
    keep = [prefix for prefix in root.nsmap if prefix]
    etree.cleanup_namespaces(root, top_nsmap={"bpmndi": BPMNDI, "dc": DC, "di": DI}, keep_ns_prefixes=keep)
    etree.indent(root, space="  ")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="UTF-8") + b"\n"


def _undrawable(root: etree._Element) -> Iterator[Problem]:
    """What the drawing relies on: a process with named nodes, events attached to one of them, no flow into such."""
    process = root.find(f"{{{BPMN}}}process")
    if process is None:
        yield Problem("no_process", "Tệp không có quy trình nào.")
        return
    shown = TASKS | GATEWAYS | EVENTS
    nodes = [one for one in process.iterchildren(etree.Element) if etree.QName(one).localname in shown]
    for one in (process, *root.findall(f"{{{BPMN}}}collaboration"), *nodes):
        if not one.get("id"):
            name = etree.QName(one).localname
            yield Problem("no_id", f"Phần tử “{name}” không có mã (id).", line=one.sourceline)
    hosts = {one.get("id") for one in nodes if not one.tag.endswith("}boundaryEvent")}
    if not hosts:
        yield Problem("no_element", "Quy trình không có phần tử nào để vẽ.", line=process.sourceline)
    for one in nodes:
        if one.get("id") not in hosts and one.get("attachedToRef") not in hosts:
            sentence = f"Sự kiện biên gắn vào “{one.get('attachedToRef')}” không tồn tại."
            yield Problem("dangling", sentence, one.get("id"), one.sourceline)
    for one in process.iterchildren(f"{{{BPMN}}}subProcess"):
        yield Problem(
            "sub_process",
            f"Chưa vẽ lại được sơ đồ có quy trình con nhúng (“{one.get('name') or one.get('id')}”).",
            one.get("id"),
            one.sourceline,
        )
    attached = {one.get("id") for one in nodes} - hosts
    for flow in process.iterchildren(f"{{{BPMN}}}sequenceFlow"):
        if flow.get("targetRef") in attached:
            yield Problem(
                "entry", "Không có luồng nào được đi vào sự kiện biên.", flow.get("id"), flow.sourceline
            )


def _plane_of(root: etree._Element, sheet: Sheet) -> str:
    """A drawing with a pool belongs to the collaboration, one without to the process."""
    collaboration = root.find(f"{{{BPMN}}}collaboration")
    return sheet.process if collaboration is None or sheet.pool is None else collaboration.get("id")


def _diagram(root: etree._Element, sheet: Sheet, paper: Paper) -> etree._Element:
    diagram = etree.Element(f"{{{BPMNDI}}}BPMNDiagram", id="drawing")
    plane = etree.SubElement(
        diagram, f"{{{BPMNDI}}}BPMNPlane", id="plane", bpmnElement=_plane_of(root, sheet)
    )
    names = write_names(sheet, paper)
    notes, links = write_notes(root, paper)
    if sheet.pool and paper.pool:
        _shape(plane, sheet.pool, paper.pool).set("isHorizontal", "true")
    for lane, box in zip(sheet.lanes, paper.lanes, strict=True):
        if lane is not None:
            _shape(plane, lane, box).set("isHorizontal", "true")
    for node in sheet.nodes.values():
        shape = _shape(plane, node.id, paper.shapes[node.id])
        if node.tag == "exclusiveGateway":
            shape.set("isMarkerVisible", "true")
        _label(shape, names.get(node.id))
    for note, box in notes.items():
        _shape(plane, note, box)
    for way, points in {**paper.flows, **links}.items():
        edge = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", id=f"{way}_di", bpmnElement=way)
        for x, y in points:
            etree.SubElement(edge, f"{{{DI}}}waypoint", x=str(x), y=str(y))
        _label(edge, names.get(way))
    return diagram


def _shape(plane: etree._Element, element: str, box: Box) -> etree._Element:
    shape = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", id=f"{element}_di", bpmnElement=element)
    _bounds(shape, box)
    return shape


def _label(parent: etree._Element, box: Box | None) -> None:
    if box is not None:
        _bounds(etree.SubElement(parent, f"{{{BPMNDI}}}BPMNLabel"), box)


def _bounds(parent: etree._Element, box: Box) -> None:
    where = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    etree.SubElement(parent, f"{{{DC}}}Bounds", {key: str(value) for key, value in where.items()})
