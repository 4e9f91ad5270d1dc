"""Diagrams in a few lines of text, so that a test shows the whole diagram it is about.

begin: start            tell: throw tell_applicant     late: timer on ask
ask: user               book: service registry.search  part: call pay          paid: message payment_settled
count: engine count     rate: rule benefit kind        gone: message withdrawn on ask
begin > ask > ok        ok > done [x = 1]              ok > ask [else] > done

tell: throw told key=parcel
hear: signal news       say: shout news                both: or                  rich: when flag on inner
wait: receive paid      pay: send pay_now              jump: goto home      home: link home
bad: end error broken   fail: error broken on inner    any: error on inner  stop: end terminate
ask times 3; parallel   ask times items=offices; item=office; until=loop_done = 2
many: when [n > 5] on inner
inner: sub {            help: handler {
  ...                     called: start message help_me
}                       }
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
    "manual": "manualTask",
    "service": "serviceTask",
    "engine": "serviceTask",
    "rule": "businessRuleTask",
    "send": "sendTask",
    "receive": "receiveTask",
    "call": "callActivity",
    "sub": "subProcess",
    "handler": "subProcess",
    "xor": "exclusiveGateway",
    "or": "inclusiveGateway",
    "and": "parallelGateway",
    "events": "eventBasedGateway",
    "throw": "intermediateThrowEvent",
    "shout": "intermediateThrowEvent",
    "goto": "intermediateThrowEvent",
    "message": "intermediateCatchEvent",
    "signal": "intermediateCatchEvent",
    "timer": "intermediateCatchEvent",
    "link": "intermediateCatchEvent",
}
#: Kind of a line -> the event that it bears, where the kind is not the event itself.
EVENTS = {"throw": "message", "shout": "signal", "goto": "link"}
NODE = re.compile(r"(\w+): (\w+)(?: ([\w.]+|\[.+\])(?: ([\w.]+))??)??(?: on (\w+))?(?: status=(\w+))?(?: key=(\w+))?$")
#: An element on a way, with the condition of the flow that leads to it.
STOP = re.compile(r"(\w+)(?: \[(.+?)\])?(?: > |$)")
TIMER = "<bpmn:timeDuration>P1D</bpmn:timeDuration>"


class Sketch:
    """The lines of a process or sub-process as XML; what definitions must hold is gathered on the way."""

    def __init__(self, named=None):
        self.named = {} if named is None else named
        self.nodes, self.flows, self.defaults, self.times = [], [], {}, {}

    def read(self, lines):
        for line in lines:
            if line == "}":
                break
            if line.endswith("{"):
                own, kind = line.removesuffix("{").strip().split(": ")
                self.nodes.append((own, kind, None, None, None, None, None, Sketch(self.named).read(lines)))
            elif " times " in line:
                own, _, said = line.partition(" times ")
                self.times[own] = said
            elif found := NODE.match(line):
                self.nodes.append((*found.groups(), None))
            else:
                for (source, _), (target, condition) in pairwise(STOP.findall(line)):
                    flow = f"{source}_to_{target}"
                    self.flows.append((flow, source, target, condition))
                    if condition == "else":
                        self.defaults[source] = flow
        return self

    def xml(self):
        return "\n".join([self.node(*node) for node in self.nodes] + [_flow(*flow) for flow in self.flows])

    def node(self, own, kind, what, which, host, status, key, inner):
        tag = "boundaryEvent" if host else TAGS[kind]
        step = {"status": status, "key": key}
        attributes = {
            "id": own,
            "name": f"Bước {own}",
            "attachedToRef": host,
            "default": self.defaults.get(own),
        }
        inside = ""
        if kind in ("service", "engine"):
            step |= {"topic": what or own, "kind": kind}
        elif kind == "rule":
            step |= {"decision": what, "variable": which}
        elif kind in ("user", "manual"):
            step["form"] = f"test/{own}"
        elif kind == "call":
            attributes["calledElement"] = what
        elif kind in ("send", "receive"):
            attributes["messageRef"] = self.reference("message", what)
        elif kind == "handler":
            attributes["triggeredByEvent"] = "true"
        elif kind in ("start", "end"):
            inside = self.event(what, which) if what else ""
        elif kind == "when":
            inside = f"<bpmn:conditionalEventDefinition>{_formal('condition', what.strip('[]'))}</bpmn:conditionalEventDefinition>"
        elif tag.endswith("Event"):
            inside = self.event(EVENTS.get(kind, kind), what)
        if own in self.times:
            inside += _times(self.times[own], own)
        if inner:
            inside += inner.xml()
        return (
            f"<bpmn:{tag}{_attributes(attributes)}><bpmn:extensionElements><mc:step{_attributes(step)}/>"
            f"</bpmn:extensionElements>{inside}</bpmn:{tag}>"
        )

    def event(self, event, name):
        if event == "timer":
            return f"<bpmn:timerEventDefinition>{TIMER}</bpmn:timerEventDefinition>"
        if event == "link":
            return f'<bpmn:linkEventDefinition name="{name}"/>'
        reference = f' {event}Ref="{self.reference(event, name)}"' if name else ""
        return f"<bpmn:{event}EventDefinition{reference}/>"

    def reference(self, event, name):
        own = f"{'msg' if event == 'message' else event}_{name}"
        code = f' {event}Code="{name}"' if event in ("error", "escalation") else ""
        self.named[own] = f'<bpmn:{event} id="{own}" name="{name}"{code}/>'
        return own


def draw(text: str, process: str = "demo") -> bytes:
    """The BPMN of a sketch."""
    sketch = Sketch()
    inside = sketch.read(iter([line.strip() for line in text.splitlines() if line.strip()])).xml()
    return f"""<bpmn:definitions {NAMESPACES} id="file_{process}" targetNamespace="urn:test">{"".join(sketch.named.values())}
<bpmn:process id="{process}" name="{process}" isExecutable="true">
{inside}
</bpmn:process></bpmn:definitions>""".encode()


def _times(said, own):
    """`3; parallel; until=...` or `while=x; test_first; most=5`."""
    words = [part.strip() for part in said.split(";")]
    given = dict(part.split("=", 1) for part in words if "=" in part)
    if "while" in given or "most" in given:
        attributes = {"testBefore": "true" if "test_first" in words else "", "loopMaximum": given.get("most")}
        inside = _formal("loopCondition", given["while"]) if "while" in given else ""
        return f"<bpmn:standardLoopCharacteristics{_attributes(attributes)}>{inside}</bpmn:standardLoopCharacteristics>"
    inside = _formal("loopCardinality", words[0]) if "items" not in given else ""
    for key, tag in (("items", "loopDataInputRef"), ("outputs", "loopDataOutputRef")):
        inside += f"<bpmn:{tag}>{given[key]}</bpmn:{tag}>" if key in given else ""
    for key, tag in (("item", "inputDataItem"), ("output", "outputDataItem")):
        name, _, number = given.get(key, "").partition("#")  # an id is there once, a name may be there again: office#2
        inside += f'<bpmn:{tag} id="{name}{number}" name="{name}"/>' if name else ""
    inside += _formal("completionCondition", given["until"]) if "until" in given else ""
    sequential = "" if "parallel" in words else ' isSequential="true"'
    tag = "multiInstanceLoopCharacteristics"
    return f"<bpmn:{tag}{sequential}>{inside}</bpmn:{tag}>"


def _formal(tag, text):
    return f'<bpmn:{tag} xsi:type="bpmn:tFormalExpression">{escape(text)}</bpmn:{tag}>'


def _flow(own, source, target, condition):
    inside = "" if condition in ("", "else") else _formal("conditionExpression", condition)
    ends = _attributes({"id": own, "sourceRef": source, "targetRef": target})
    return f"<bpmn:sequenceFlow{ends}>{inside}</bpmn:sequenceFlow>"


def _attributes(values):
    return "".join(f" {key}={quoteattr(value)}" for key, value in values.items() if value)
