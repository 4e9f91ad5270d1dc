"""In which lane the steps of other makers' diagrams stand."""

from lxml import etree

from engine.base.text import fold
from engine.catalog import foreign_texts
from engine.catalog.foreign_notes import Notes, extension_of
from engine.catalog.lint.variables import LANES
from engine.runtime.allowed import BPMN, MC
from engine.runtime.grammar import local
from engine.runtime.references import nodes_of, scopes_of


def lane_code(name: str) -> str:
    """The house's code of a lane with this name, else the name itself in plain letters."""
    folded = fold(name)
    return next((code for code, said in LANES.items() if fold(said) == folded), foreign_texts.snake(name))


def refs(lane: etree._Element) -> set[str]:
    """The ids of the nodes that stand in a lane."""
    return {(ref.text or "").strip() for ref in lane.iterfind(f"{BPMN}flowNodeRef")}


def code_of(lane: etree._Element) -> str:
    """The code that a lane bears, "" for none."""
    said = lane.find(f"{BPMN}extensionElements/{MC}lane")
    return said.get("code", "") if said is not None else ""


def spread(process: etree._Element, groups: dict[str, str]) -> dict[str, str]:
    """Every node -> its group, or that of the nearest node before it with one."""
    # what is drawn inside a sub-process stands where that stands, unless it says so itself
    outer = nodes_of(process)
    nodes = [
        name for scope in scopes_of(process) for name in nodes_of(scope) if name in outer or name in groups
    ]
    flows = [(one.get("sourceRef"), one.get("targetRef")) for one in process.iter(f"{BPMN}sequenceFlow")]
    flows += [(one.get("attachedToRef"), one.get("id")) for one in process.iter(f"{BPMN}boundaryEvent")]
    first = next((groups[name] for name in nodes if name in groups), "")
    placed = dict(groups)
    for _ in nodes:
        for source, target in flows:
            if source in placed and target not in placed:
                placed[target] = placed[source]
    return {name: placed.get(name, first) for name in nodes}


def place(notes: Notes, process: etree._Element, groups: dict[str, str]) -> None:
    """Give each drawn lane its code; where none is drawn, draw one for each group of people."""
    for lane in list(process.iterfind(f"{BPMN}laneSet/{BPMN}lane")):
        _unfold(notes, lane)
    drawn = process.findall(f"{BPMN}laneSet/{BPMN}lane")
    for lane in drawn:
        if lane.find(f"{BPMN}extensionElements/{MC}lane") is None:
            _code(notes, lane, lane.get("name", ""))
    if drawn:
        for name, group in groups.items():
            at = next((one for one in drawn if name in refs(one)), None)
            if at is None or lane_code(group) != code_of(at):
                node = next(one for one in process.iter() if one.get("id") == name)
                notes.unclear(node, f"Bước thuộc nhóm “{group}” nhưng đứng ở làn khác.")
    elif groups:
        _draw(notes, process, groups)


def _unfold(notes: Notes, lane: etree._Element) -> None:
    """The lanes that are drawn inside one take its place: each step stands in the innermost around it."""
    inner = lane.findall(f"{BPMN}childLaneSet/{BPMN}lane")
    if not inner or not refs(lane) <= {name for one in inner for name in refs(one)}:
        return
    notes.told(lane, f"Làn “{lane.get('name', '')}” nhường chỗ cho các làn vẽ bên trong nó.")
    for one in inner:
        lane.addprevious(one)
    lane.getparent().remove(lane)
    for one in inner:
        _unfold(notes, one)


def _draw(notes: Notes, process: etree._Element, groups: dict[str, str]) -> None:
    """A lane for each group; what nobody does stands with whoever came before."""
    placed = spread(process, groups)
    lane_set = etree.Element(f"{BPMN}laneSet", id=f"lanes_of_{process.get('id')}")
    for group in dict.fromkeys(placed.values()):
        lane = etree.SubElement(lane_set, f"{BPMN}lane", id=f"lane_{lane_code(group)}", name=group)
        _code(notes, lane, group)
        for name in (name for name, one in placed.items() if one == group):
            etree.SubElement(lane, f"{BPMN}flowNodeRef").text = name
    at = sum(local(child.tag) in ("documentation", "extensionElements") for child in process)
    process.insert(at, lane_set)


def _code(notes: Notes, lane: etree._Element, name: str) -> None:
    code = lane_code(name)
    if not code:
        notes.unclear(lane, "Làn không có tên.")
        return
    etree.SubElement(extension_of(lane), f"{MC}lane", nsmap={"mc": MC[1:-1]}).set("code", code)
    notes.told(lane, f"Làn “{name}” có mã “{code}”.")
