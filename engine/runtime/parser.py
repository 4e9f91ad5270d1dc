"""From XML to a program that can run: model, checks, SpiffWorkflow specs.

SpiffWorkflow's own parser is not used: it walks only what sequence flows reach, takes the y coordinate for the order
of branches, and drops what it does not know. We build its specs from our model, in the order of the document.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from SpiffWorkflow.specs import WorkflowSpec

from engine.runtime import loops, steps
from engine.runtime.checks import check_calls, check_model
from engine.runtime.errors import DiagramRefused
from engine.runtime.model import Element, Model, read_model
from engine.runtime.soundness import upstream


class ProcessSpec(WorkflowSpec):
    """One process for SpiffWorkflow: our steps between a beginning and a finish."""

    def __init__(self, model: Model):
        super().__init__(name=model.process_id)
        self.data_objects: dict[str, object] = {}
        self.io_specification = None
        self.start = steps.Begin(self, "Start")
        self.end = steps.Finish(self, ":finish")


@dataclass(frozen=True, eq=False)
class Program:
    """A diagram with the parts it calls, compiled. Immutable, shared by all dossiers and threads."""

    #: process id of the diagram itself
    main: str
    #: process id -> what was drawn, the diagram and all parts it calls
    models: Mapping[str, Model]
    specs: Mapping[str, ProcessSpec] = field(repr=False)

    @property
    def model(self) -> Model:
        return self.models[self.main]

    @property
    def spec(self) -> ProcessSpec:
        return self.specs[self.main]


def compile_program(main_xml: bytes, parts: Mapping[str, bytes], *, stored: bool = False) -> Program:
    """Compile a diagram with the parts it calls, directly or through other parts.

    `parts` maps process ids to XML; those that are not called are not read. `stored`: versions that were let in, and are
    not proved again. Raises `DiagramRefused`.
    """
    main = read_model(main_xml, stored=stored)
    models = {main.process_id: main}
    todo = [main]
    while todo:
        for element in todo.pop().elements.values():
            called = element.called
            if called and called not in models and called in parts:
                part = models[called] = read_model(parts[called], stored=stored)
                todo.append(part)
    if not stored:
        problems = [problem for model in models.values() for problem in check_model(model)]
        if problems := problems + check_calls(main, models):
            raise DiagramRefused(tuple(problems))
    specs: dict[str, ProcessSpec] = {}
    for model in models.values():
        for owner, scope in model.scopes():
            specs[_key(model, owner)] = _build(model, scope, specs)
    return Program(main.process_id, models, specs)


def _key(model: Model, owner: str) -> str:
    """The key of a process, or of what is drawn inside one of its sub-processes."""
    return f"{model.process_id}/{owner}" if owner else model.process_id


def _build(whole: Model, model: Model, specs: dict[str, ProcessSpec]) -> ProcessSpec:
    """The spec of a process or sub-process; those of activities with rounds go to `specs`."""
    spec = ProcessSpec(model)
    for element in model.elements.values():
        if element.loop is not None:
            rounds = f"{_key(model, element.id)}*"
            specs[rounds] = _build_rounds(model, element)
            loops.ManyStep(spec, element, rounds)
        else:
            _make_step(spec, model, element)
    built = {name for name, step in spec.task_specs.items() if isinstance(step, steps.Step)}
    if built != set(model.elements):
        raise AssertionError(f"{model.process_id}: built {built ^ set(model.elements)}")
    _connect(spec, model)
    for element in model.elements.values():
        if element.kind == "handler":
            _arm(spec, whole, element)
    return spec


def _connect(spec: ProcessSpec, model: Model) -> None:
    entries = dict(spec.task_specs)
    for element in model.elements.values():
        events = model.boundaries(element.id)
        if events:
            guard = entries[element.id] = steps.Guard(spec, f":{element.id}")
            for guarded in (element, *events):
                guard.connect(spec.task_specs[guarded.id])
    for element in model.elements.values():
        step = spec.task_specs[element.id]
        if element.kind == "start":
            spec.start.connect(step)
        elif element.kind == "end":
            step.connect(spec.end)
        for flow in (model.flows[name] for name in element.outgoing):
            target = entries[flow.target]
            if isinstance(step, steps.OrSplit):
                step.connect_way(flow.condition, target)
            elif isinstance(step, steps.XorStep) and flow.condition is not None:
                step.connect_outgoing_if(flow.condition, target)
            else:
                step.connect(target)


def _arm(spec: ProcessSpec, whole: Model, handler: Element) -> None:
    """Its start event stands by as long as the process runs; the process ends where it ends."""
    [start] = [one for one in whole.elements.values() if one.scope == handler.id and one.kind == "start"]
    armed = steps.ArmedStep(spec, start)
    spec.start.connect(armed)
    armed.connect(spec.task_specs[handler.id])
    spec.task_specs[handler.id].connect(spec.end)


def _build_rounds(model: Model, element: Element) -> ProcessSpec:
    spec = ProcessSpec(model)
    first = loops.Rounds(spec, ":rounds", element)
    each = loops.Round(spec, ":round", element)
    last: loops.InLoop
    if element.loop is not None and element.loop.kind == "parallel":
        last = loops.Gather(spec, ":gather", element)
    else:
        last = loops.Again(spec, ":again", element)
        last.connect(each)
    activity = _make_step(spec, model, element)
    for one in (first, last):
        one.each, one.end = each, spec.end
        one.connect(spec.end)
    spec.start.connect(first)
    first.connect(each)
    each.connect(activity)
    activity.connect(last)
    return spec


#: Kind -> what it does, where the element alone says it all.
STEPS: Mapping[str, type[steps.Step]] = {
    "start": steps.PassStep,
    "end": steps.EndStep,
    "user": steps.UserStep,
    "service": steps.ServiceStep,
    "engine": steps.EngineStep,
    "throw": steps.ThrowStep,
    "link": steps.PassStep,
    "conditional": steps.ConditionStep,
    "xor": steps.XorStep,
    "and": steps.ParallelStep,
    "events": steps.EventsStep,
}


def _make_step(spec: ProcessSpec, model: Model, element: Element) -> steps.Step:
    if element.kind in STEPS:
        return STEPS[element.kind](spec, element)
    match element.kind:
        case "or" if len(element.incoming) > 1:
            sources = {flow: model.flows[flow].source for flow in element.incoming}
            return steps.OrStep(spec, element, upstream(model, element), sources)
        case "or":
            return steps.OrSplit(spec, element)
        case "call":
            return steps.CallStep(spec, element, element.called)
        case "sub":
            return steps.CallStep(spec, element, _key(model, element.id))
        case "handler":
            return steps.HandlerStep(spec, element, _key(model, element.id))
    behind = [model.elements[model.flows[name].source].kind for name in element.incoming]
    return steps.WaitStep(spec, element, waits=behind != ["events"])
