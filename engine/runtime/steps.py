"""What each kind of element does when a token comes to it: our classes under SpiffWorkflow's protocol.

SpiffWorkflow moves tokens (its `Task`) through states: FUTURE -> READY -> run -> COMPLETED, or WAITING until
`_update_hook` says true, or STARTED while somebody else works. A class here only says what is special:

* no step predicts: children are made when a token completes, so the state holds no guesses and 28 parallel splits
  cost as much as one;
* nothing fires by itself: a message or timer arrives only when the machine says so. SpiffWorkflow's own timers read
  the wall clock and opened both branches of an event gateway when message and timer were due together;
* a join counts tokens, not history, so that old branches can be dropped from the state.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask
from SpiffWorkflow.bpmn.specs.mixins import CallActivityMixin, ExclusiveGatewayMixin
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

import feel
from engine.runtime.errors import ConditionFailed, NoConditionTrue, at
from engine.runtime.model import Element
from engine.runtime.soundness import blocks

#: Key in a token's own notes: the machine said that what it waits for has come.
ARRIVED = "arrived"
UNFINISHED = TaskState.NOT_FINISHED_MASK


class NoGuess(BpmnTaskSpec):
    """Looks at no future: SpiffWorkflow's prediction of all possible ways doubles with each parallel split."""

    #: the list that grows when a round comes here
    answers_into = ""
    #: whether it is an element of the diagram: those count towards the bounds of an act
    is_drawn = False

    def looks_again(self, moved: Task) -> bool:
        """Whether a WAITING token has to look again when another token moved."""
        return False

    def hears(self, signal: str) -> str | None:
        """The id of the event here that a signal is for."""
        return None

    def come(self, token: Task, event: str = "") -> None:
        """What a WAITING token waits for has come: the event of this id, where there are several."""
        token.internal_data[ARRIVED] = event or self.name
        self._update(token)

    def _predict(self, *_: Any, **__: Any) -> None:
        return

    def _on_complete_hook(self, token: Task) -> None:
        super()._on_complete_hook(token)
        if not token._children:  # a gateway has made those it chose
            token._sync_children(self.outputs, TaskState.FUTURE)


class Begin(NoGuess, BpmnStartTask):
    """The root of an instance, before the start event."""


class Step(NoGuess, BpmnSpecMixin):
    """An element of the diagram. Entering it is told to the instance once."""

    is_drawn = True
    #: whether a token enters when it becomes ready (else the class says when)
    enters_when_ready = True

    def __init__(self, spec: Any, element: Element, **more: Any):
        super().__init__(spec, element.id, bpmn_name=element.name, **more)
        self.element = element

    def _on_ready_hook(self, token: Task) -> None:
        super()._on_ready_hook(token)
        if self.enters_when_ready:
            self.enter(token)

    def _on_complete_hook(self, token: Task) -> None:
        super()._on_complete_hook(token)
        token.workflow.release_guards(token)

    def enter(self, token: Task) -> None:
        token.workflow.top_workflow.entered(token, self.element)


class UserStep(Step):
    """Rests in READY until a person completes it."""

    def __init__(self, spec: Any, element: Element):
        super().__init__(spec, element, manual=True)


class ServiceStep(Step):
    """Asks the outside: rests in STARTED until the answer is given."""

    def _run_hook(self, token: Task) -> None:
        return None


class EngineStep(Step):
    """Ours, in the same transaction: never waits."""

    def _run_hook(self, token: Task) -> bool:
        token.data.update(token.workflow.top_workflow.call_engine(self.element, token.data))
        return True


class PassStep(Step):
    """A start event, or either end of a link: goes on."""


class ThrowStep(Step):
    """Leaves a message for the outside, or sends a signal to all that wait for it, and goes on."""

    def _run_hook(self, token: Task) -> bool:
        token.workflow.top_workflow.throw(token)
        return True


class EndStep(Step):
    """An end event. The process ends when no other token is on its way, or at once when it terminates.

    An error or escalation leaves the sub-process by the event that catches it; this token is then cancelled with the
    others and goes no further.
    """

    def _run_hook(self, token: Task) -> bool:
        frame = token.workflow
        frame.reached_end = self.element.id
        match self.element.event:
            case "message" | "signal":
                frame.top_workflow.throw(token)
            case "terminate":
                token.data = frame.view(token)
                frame.clear(token)
            case "error" | "escalation":
                frame.leave(token, self.element)
        return True


class XorStep(ExclusiveGatewayMixin, Step):
    """Takes the first flow, in the order of the document, whose condition is true."""

    def _run_hook(self, token: Task) -> bool:
        try:
            return super()._run_hook(token)
        except WorkflowException as nowhere:
            raise NoConditionTrue(**at(self.element)) from nowhere
        except feel.FeelError as wrong:
            raise ConditionFailed(**at(self.element, reason=str(wrong))) from wrong


class OrSplit(Step):
    """An inclusive gateway: takes every flow whose condition is true, or the default when none is."""

    def __init__(self, spec: Any, element: Element):
        super().__init__(spec, element)
        self.ways: list[tuple[str | None, Any]] = []

    def connect_way(self, condition: str | None, target: Any) -> None:
        """A way out; without a condition it is the default, or the only one."""
        self.connect(target)
        self.ways.append((condition, target))

    def _run_hook(self, token: Task) -> bool:
        super()._run_hook(token)
        chosen = [target for condition, target in self.ways if condition and self._holds(condition, token)]
        chosen = chosen or [target for condition, target in self.ways if not condition]
        if not chosen:
            raise NoConditionTrue(**at(self.element))
        token._sync_children(chosen, TaskState.FUTURE)
        return True

    def _holds(self, condition: str, token: Task) -> bool:
        try:
            return feel.holds(condition, token.data)
        except feel.FeelError as wrong:
            raise ConditionFailed(**at(self.element, reason=str(wrong))) from wrong


class WaitStep(Step):
    """An event that comes from elsewhere: WAITING until the machine, or a throw, says that it came.

    Behind an event gateway it has come already (the gateway waited). On the border of an activity it is entered
    only when it comes; it then ends that activity, and knows what was entered inside (decision 0005).
    """

    def __init__(self, spec: Any, element: Element, *, waits: bool = True):
        super().__init__(spec, element)
        self.waits = waits
        self.enters_when_ready = not waits or element.attached_to is not None

    def hears(self, signal: str) -> str | None:
        return self.name if (self.element.event, self.element.code) == ("signal", signal) else None

    def _update_hook(self, token: Task) -> bool:
        super()._update_hook(token)
        if not self.waits or token.internal_data.pop(ARRIVED, None):
            if self.element.attached_to is not None:
                self._interrupt(token, self._inside(token))
            return True
        if token.state != TaskState.WAITING:
            token._set_state(TaskState.WAITING)
            if not self.enters_when_ready:
                self.enter(token)
        return False

    def _inside(self, token: Task) -> Mapping[str, Any]:
        """The variables as they are in the activity on whose border it stands."""
        frame = token.workflow
        known: Mapping[str, Any] = frame.top_workflow.data_of(frame.guarded(token))
        return known

    def _interrupt(self, token: Task, inside: Mapping[str, Any]) -> None:
        token.data = dict(inside)
        token.workflow.release_guards(token)


class ConditionStep(WaitStep):
    """A conditional event on the border of a sub-process or part.

    It reads the variables as they are inside, whenever something inside wrote what it reads, and ends it at once. Around
    parallel rounds each look asks all of them: what only moves is not worth one.
    """

    def __init__(self, spec: Any, element: Element):
        super().__init__(spec, element)
        self.reads = feel.reads(element.condition)

    def looks_again(self, moved: Task) -> bool:
        return bool(moved.wrote(self.reads))

    def _update_hook(self, token: Task) -> bool:
        if super()._update_hook(token):
            return True
        inside = self._inside(token)
        try:
            true = feel.holds(self.element.condition, inside)
        except feel.FeelError as wrong:
            raise ConditionFailed(**at(self.element, reason=str(wrong))) from wrong
        if true:
            self._interrupt(token, inside)
        return true


class ArmedStep(WaitStep):
    """The start of an event sub-process: armed as long as the process around it runs.

    When it comes, everything else in that process is over, and what its branches wrote is known here.
    """

    def __init__(self, spec: Any, element: Element):
        super().__init__(spec, element)
        self.enters_when_ready = False

    def enter(self, token: Task) -> None:
        """Told by the sub-process itself when it starts."""

    def _update_hook(self, token: Task) -> bool:
        if not super()._update_hook(token):
            return False
        token.data = token.workflow.view()
        token.workflow.clear(token)
        return True


class EventsStep(Step):
    """An event-based gateway: WAITING for all its events, goes on with the one that came."""

    enters_when_ready = False

    def hears(self, signal: str) -> str | None:
        return next((event.name for event in self.outputs if event.hears(signal)), None)

    def _update_hook(self, token: Task) -> bool:
        super()._update_hook(token)
        if ARRIVED in token.internal_data:
            return True
        if token.state != TaskState.WAITING:
            token._set_state(TaskState.WAITING)
            self.enter(token)
        return False

    def _run_hook(self, token: Task) -> bool:
        chosen = self._wf_spec.task_specs[token.internal_data.pop(ARRIVED)]
        token._sync_children([chosen], TaskState.FUTURE)
        return True


class CallStep(CallActivityMixin, Step):
    """Runs a part, or a sub-process. Entered before its callee's first element, so that a status it bears comes first."""

    enters_when_ready = False

    def __init__(self, spec: Any, element: Element, called: str):
        super().__init__(spec, element, subworkflow_spec=called)

    def start_workflow(self, token: Task) -> None:
        self.enter(token)
        token.workflow.top_workflow.create_subprocess(token, self.spec)

    def known(self, frame: Any, last: Task | None = None) -> dict[str, Any]:
        """The variables inside, while it runs, as they are known around it; `last` has the last word."""
        return frame.view(last)


class HandlerStep(CallStep):
    """Runs an event sub-process in place of the process around it, which ends where it ends."""


class Guard(NoGuess):
    """Stands before an activity with boundary events and arms them beside it.

    Whichever finishes first, the activity or one of its events, cancels the others (`release_guards`).
    """


class Join(NoGuess):
    """Waits for other tokens and goes on as one.

    The tokens that came are its WAITING tasks; the one that came last carries on with what all branches wrote.
    """

    def arrived(self, token: Task) -> list[Task] | None:
        """The other tokens that go on together with this one; None while some are missing."""
        raise NotImplementedError

    def others(self, token: Task) -> list[Task]:
        """The other tokens that came."""
        return [one for one in self._here(token, TaskState.WAITING) if one is not token]

    def _here(self, token: Task, state: int) -> Iterable[Task]:
        return (one for one in token.workflow.tasks.values() if one.task_spec is self and one.state == state)

    def _update_hook(self, token: Task) -> bool:
        super()._update_hook(token)
        going = any(self._here(token, TaskState.READY))
        if not going and self.arrived(token) is not None:
            return True
        token._set_state(TaskState.WAITING)
        return False

    def _run_hook(self, token: Task) -> bool:
        merged = self.arrived(token) or []
        if merged:
            token.data = token.workflow.merged_data(token, merged)
        for one in merged:
            one.cancel()
        return True


class ParallelStep(Join, Step):
    """A parallel gateway: one token from each incoming flow in, one on each outgoing flow out."""

    def arrived(self, token: Task) -> list[Task] | None:
        sources = {token.parent.task_spec.name: token}
        for one in self.others(token):
            sources.setdefault(one.parent.task_spec.name, one)
        if len(sources) < len(self._inputs):
            return None
        return [one for one in sources.values() if one is not token]


class OrStep(Join, OrSplit):
    """An inclusive gateway with several ways in: goes on when no other token can still come to it."""

    def __init__(
        self, spec: Any, element: Element, reach: Mapping[str, frozenset[str]], sources: Mapping[str, str]
    ):
        super().__init__(spec, element)
        #: element -> the ways in by which a token there can still come
        self.reach = reach
        #: way in -> the element that it comes from
        self.sources = sources

    def looks_again(self, moved: Task) -> bool:
        return True  # it goes on when another token went elsewhere

    def arrived(self, token: Task) -> list[Task] | None:
        others = self.others(token)
        marked = frozenset().union(*(self._way_in(one) for one in (token, *others)))
        for one in token.workflow.tasks.values():
            if not one.state & UNFINISHED or one.task_spec is self:
                continue
            if blocks(self.reach.get(one.task_spec.name.removeprefix(":"), frozenset()), marked):
                return None
        return others

    def _way_in(self, token: Task) -> frozenset[str]:
        source = token.parent.task_spec.name
        return frozenset(flow for flow, name in self.sources.items() if name == source)

    def _run_hook(self, token: Task) -> bool:
        Join._run_hook(self, token)
        return OrSplit._run_hook(self, token)


class Finish(Join):
    """The end of a process: waits until no other token is on its way."""

    def looks_again(self, moved: Task) -> bool:
        return True

    def arrived(self, token: Task) -> list[Task] | None:
        others = self.others(token)
        for one in token.workflow.tasks.values():
            if one.state & UNFINISHED and one is not token and one not in others and not is_armed(one):
                return None
        return others

    def _run_hook(self, token: Task) -> bool:
        super()._run_hook(token)
        token.workflow.clear(token)
        return True


def is_armed(token: Task) -> bool:
    """Whether a token only stands by for an event sub-process."""
    return isinstance(token.task_spec, ArmedStep) and token.state == TaskState.WAITING
