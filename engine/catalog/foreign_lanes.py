"""In which lane the steps of other makers' diagrams stand."""

from lxml import etree

from engine.base.text import fold
from engine.catalog import foreign_texts
from engine.catalog.lint.variables import LANES
from engine.runtime.allowed import BPMN, MC
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
