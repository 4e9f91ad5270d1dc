"""Who made a diagram: by the words it uses, or by the engine that it says it is drawn for."""

from lxml import etree

from engine.runtime.allowed import MC

CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
#: Maker by namespace; a file is of the first that it uses.
MAKERS = {ZEEBE: "camunda 8", CAMUNDA: "camunda 7", SPIFF: "spiff-arena"}
#: What Camunda Modeler writes beside, also where a file uses no word of Camunda.
_PLATFORM = "{http://camunda.org/schema/modeler/1.0}executionPlatform"
_PLATFORMS = {"Camunda Platform": "camunda 7", "Camunda Cloud": "camunda 8"}


def maker_of(root: etree._Element) -> str:
    """`camunda 7`, `camunda 8` or `spiff-arena`; "" for a file of ours, also one that Camunda Modeler saved."""
    used = {f"{{{uri}}}" for node in root.iter() for uri in node.nsmap.values()}
    maker = next((name for namespace, name in MAKERS.items() if namespace in used), "")
    return maker or ("" if MC in used else _PLATFORMS.get(root.get(_PLATFORM, ""), ""))


def leave_platform(root: etree._Element) -> None:
    """What is said in our words is drawn for no other engine any more."""
    for name in (_PLATFORM, f"{_PLATFORM}Version"):
        root.attrib.pop(name, None)
