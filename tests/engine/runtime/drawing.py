"""Diagrams in a few lines of text, so that a test shows the whole diagram it is about.

begin: start            tell: throw tell_applicant     late: timer on ask
ask: user               book: service registry.search  part: call pay
count: engine count     paid: message payment_settled  gone: message withdrawn on ask
begin > ask > ok        ok > done [x = 1]              ok > ask [else] > done
"""

import re
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:mc="urn:motcua:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
)
TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "user": "userTask",
    "service": "serviceTask",
    "engine": "serviceTask",
    "call": "callActivity",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "events": "eventBasedGateway",
    "throw": "intermediateThrowEvent",
    "message": "intermediateCatchEvent",
    "timer": "intermediateCatchEvent",
}
NODE = re.compile(r"(\w+): (\w+)(?: ([\w.]+))??(?: on (\w+))?(?: status=(\w+))?$")
#: An element on a way, with the condition of the flow that leads to it.
STOP = re.compile(r"(\w+)(?: \[(.+?)\])?(?: > |$)")


def draw(text: str, process: str = "demo") -> bytes:
    """The BPMN of a sketch."""
    nodes, flows, messages = [], [], {}
    defaults = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        if found := NODE.match(line):
            nodes.append(found.groups())
            continue
        way = STOP.findall(line)
        for (source, _), (target, condition) in pairwise(way):
            flow = f"{source}_to_{target}"
            flows.append((flow, source, target, condition))
            if condition == "else":
                defaults[source] = flow
    drawn = [_node(*node, defaults, messages) for node in nodes] + [_flow(*flow) for flow in flows]
    said = "".join(f'<bpmn:message id="msg_{name}" name="{name}"/>' for name in messages)
    return f"""<bpmn:definitions {NAMESPACES} id="file_{process}" targetNamespace="urn:test">{said}
<bpmn:process id="{process}" name="{process}" isExecutable="true">
{chr(10).join(drawn)}
</bpmn:process></bpmn:definitions>""".encode()


def _node(own, kind, what, host, status, defaults, messages):
    tag = "boundaryEvent" if host else TAGS[kind]
    step = {"status": status}
    attributes = {"id": own, "name": f"Bước {own}", "attachedToRef": host, "default": defaults.get(own)}
    inside = ""
    if kind in ("service", "engine"):
        step |= {"topic": what or own, "kind": kind}
    elif kind == "user":
        step["form"] = f"test/{own}"
    elif kind == "call":
        attributes["calledElement"] = what
    elif kind in ("message", "throw"):
        messages[what] = True
        inside = f'<bpmn:messageEventDefinition messageRef="msg_{what}"/>'
    elif kind == "timer":
        inside = "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>"
    return (
        f"<bpmn:{tag}{_attributes(attributes)}><bpmn:extensionElements><mc:step{_attributes(step)}/>"
        f"</bpmn:extensionElements>{inside}</bpmn:{tag}>"
    )


def _flow(own, source, target, condition):
    inside = ""
    if condition not in ("", "else"):
        inside = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escape(condition)}</bpmn:conditionExpression>'
    ends = _attributes({"id": own, "sourceRef": source, "targetRef": target})
    return f"<bpmn:sequenceFlow{ends}>{inside}</bpmn:sequenceFlow>"


def _attributes(values):
    return "".join(f" {key}={quoteattr(value)}" for key, value in values.items() if value)
