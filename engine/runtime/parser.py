"""From XML to a program that can run: model, checks, SpiffWorkflow specs.

SpiffWorkflow's own parser is not used: it walks only what sequence flows reach, takes the y coordinate for the order
of branches, and drops what it does not know. We build its specs from our model, in the order of the document.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from SpiffWorkflow.specs import WorkflowSpec

from engine.runtime import steps
from engine.runtime.checks import check_calls, check_model
from engine.runtime.errors import DiagramRefused
from engine.runtime.model import Element, Model, read_model


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


def compile_program(main_xml: bytes, parts: Mapping[str, bytes]) -> Program:
    """Compile a diagram with the parts it calls, directly or through other parts.

    `parts` maps process ids to XML; those that are not called are not read. Raises `DiagramRefused`.
    """
    main = read_model(main_xml)
    models = {main.process_id: main}
    todo = [main]
    while todo:
        for element in todo.pop().elements.values():
            called = element.called
            if called and called not in models and called in parts:
                part = models[called] = read_model(parts[called])
                todo.append(part)
    problems = [problem for model in models.values() for problem in check_model(model)]
    problems += check_calls(main, models)
    if problems:
        raise DiagramRefused(tuple(problems))
    return Program(main.process_id, models, {name: _build(model) for name, model in models.items()})


def _build(model: Model) -> ProcessSpec:
    spec = ProcessSpec(model)
    for element in model.elements.values():
        _make_step(spec, model, element)
    guards = {}
    for element in model.elements.values():
        events = model.boundaries(element.id)
        if events:
            guard = guards[element.id] = steps.Guard(spec, f":{element.id}")
            for guarded in (element, *events):
                guard.connect(spec.task_specs[guarded.id])
    for element in model.elements.values():
        step = spec.task_specs[element.id]
        if element.kind == "start":
            spec.start.connect(step)
        elif element.kind == "end":
            step.connect(spec.end)
        for flow in (model.flows[name] for name in element.outgoing):
            target = guards.get(flow.target) or spec.task_specs[flow.target]
            if isinstance(step, steps.XorStep) and flow.condition is not None:
                step.connect_outgoing_if(flow.condition, target)
            else:
                step.connect(target)
    built = {name for name, step in spec.task_specs.items() if isinstance(step, steps.Step)}
    if built != set(model.elements):
        raise AssertionError(f"{model.process_id}: built {built ^ set(model.elements)}")
    return spec


def _make_step(spec: ProcessSpec, model: Model, element: Element) -> None:
    match element.kind:
        case "user":
            steps.UserStep(spec, element)
        case "service":
            steps.ServiceStep(spec, element)
        case "engine":
            steps.EngineStep(spec, element)
        case "throw":
            steps.ThrowStep(spec, element)
        case "xor":
            steps.XorStep(spec, element)
        case "and":
            steps.ParallelStep(spec, element)
        case "events":
            steps.EventsStep(spec, element)
        case "message" | "timer":
            behind = [model.elements[model.flows[name].source].kind for name in element.incoming]
            steps.WaitStep(spec, element, waits=behind != ["events"])
        case "call":
            steps.CallStep(spec, element)
        case "start":
            steps.Step(spec, element)
        case "end":
            steps.EndStep(spec, element)
