"""What is only drawn in diagrams of other makers: their engines run one pool, and read neither the others nor arrows to them."""

from collections.abc import Iterator

from lxml import etree

from engine.catalog.foreign_notes import Notes
from engine.runtime.allowed import BPMN
from engine.runtime.grammar import local

#: Elements beside the process that name what is drawn in it: the word of a group, a store of data.
_NAMES = {"category": "categoryValueRef", "dataStore": "dataStoreRef"}
_ARROWS = ("dataInputAssociation", "dataOutputAssociation", "property")


def clear(notes: Notes) -> None:
    """Leave only what is run, and notes beside it. Every thing left out is told."""
    gone: set[str] = set()
    for node in list(_beside(notes.root)):
        gone |= {one.get("id", "") for one in node.iter()}
        said = node.get("name") or node.get("id")
        notes.told(node, f"Bỏ {_SAID[local(node.tag)]} “{said}”: chỉ là hình vẽ, không bộ máy nào chạy.")
        node.getparent().remove(node)
    for name, reference in _NAMES.items():
        for node in notes.root.findall(f"{BPMN}{name}"):
            notes.told(node, f"Bỏ “{name}”: chỉ là hình vẽ.")
            notes.root.remove(node)
        for node in notes.root.iter(f"{BPMN}*"):
            node.attrib.pop(reference, None)
    for node in list(notes.root.iter()):
        ends = {node.get(key, "") for key in ("bpmnElement", "sourceRef", "targetRef")} - {""}
        if ends & gone and local(node.tag) in ("BPMNShape", "BPMNEdge", "association"):
            node.getparent().remove(node)
    if notes.maker != "spiff-arena":
        _arrows(notes)


_SAID = {"participant": "khung (pool)", "process": "quy trình", "messageFlow": "mũi tên thông điệp"}


def _beside(root: etree._Element) -> Iterator[etree._Element]:
    """Pools of others, closed or drawn in full but not run; the arrows from and to pools."""
    processes = root.findall(f"{BPMN}process")
    run = [one for one in processes if one.get("isExecutable") == "true"]
    called = {one.get("calledElement") for one in root.iter(f"{BPMN}callActivity")}
    drawn = [one for one in processes if one not in run and one.get("id") not in called] if len(run) == 1 else []
    closed = {None, *(one.get("id") for one in drawn)}
    yield from drawn
    for collaboration in root.iterfind(f"{BPMN}collaboration"):
        yield from collaboration.iterfind(f"{BPMN}messageFlow")
        for pool in collaboration.iterfind(f"{BPMN}participant"):
            if pool.get("processRef") in closed:
                yield pool


def _arrows(notes: Notes) -> None:
    """Arrows to data objects; spiff-arena does read them."""
    for tag in _ARROWS:
        for node in list(notes.root.iter(f"{BPMN}{tag}")):
            owner = node.getparent()
            owner.remove(node)
            notes.told(owner, "Bỏ mũi tên dữ liệu: chỉ là hình vẽ.")
