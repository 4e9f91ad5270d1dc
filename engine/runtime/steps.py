"""What each kind of element does when a token comes to it: our classes under SpiffWorkflow's protocol.

SpiffWorkflow moves tokens (its `Task`) through states: FUTURE -> READY -> run -> COMPLETED, or WAITING until
`_update_hook` says true, or STARTED while somebody else works. A class here only says what is special:

* no step predicts: children are made when a token completes, so the state holds no guesses and 28 parallel splits
  cost as much as one;
* nothing fires by itself: a message or timer arrives only when the machine says so. SpiffWorkflow's own timers read
  the wall clock and opened both branches of an event gateway when message and timer were due together;
* a join counts tokens, not history, so that old branches can be dropped from the state.
"""

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask
from SpiffWorkflow.bpmn.specs.mixins import CallActivityMixin, ExclusiveGatewayMixin
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runtime.errors import ConditionFailed, NoConditionTrue, at
from engine.runtime.model import Element
from feel import FeelError

#: Key in a token's own notes: the machine said that what it waits for has come.
ARRIVED = "arrived"
UNFINISHED = TaskState.NOT_FINISHED_MASK


class NoGuess(BpmnTaskSpec):
    """Looks at no future: SpiffWorkflow's prediction of all possible ways doubles with each parallel split."""

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


class ThrowStep(Step):
    """Leaves a message for the outside and goes on."""

    def _run_hook(self, token: Task) -> bool:
        token.workflow.top_workflow.throw(self.element)
        return True


class EndStep(Step):
    """An end event. The process ends when no other token is on its way."""

    def _run_hook(self, token: Task) -> bool:
        token.workflow.reached_end = self.element.id
        return True


class XorStep(ExclusiveGatewayMixin, Step):
    """Takes the first flow, in the order of the document, whose condition is true."""

    def _run_hook(self, token: Task) -> bool:
        try:
            return super()._run_hook(token)
        except WorkflowException as nowhere:
            raise NoConditionTrue(**at(self.element)) from nowhere
        except FeelError as wrong:
            raise ConditionFailed(**at(self.element, reason=str(wrong))) from wrong


class WaitStep(Step):
    """A message or timer event: WAITING until the machine says that it came.

    Behind an event gateway it has come already (the gateway waited). On the border of an activity it is entered
    only when it comes.
    """

    def __init__(self, spec: Any, element: Element, *, waits: bool = True):
        super().__init__(spec, element)
        self.waits = waits
        self.enters_when_ready = not waits or element.attached_to is not None

    def _update_hook(self, token: Task) -> bool:
        super()._update_hook(token)
        if not self.waits or token.internal_data.pop(ARRIVED, None):
            return True
        if token.state != TaskState.WAITING:
            token._set_state(TaskState.WAITING)
            if not self.enters_when_ready:
                self.enter(token)
        return False


class EventsStep(Step):
    """An event-based gateway: WAITING for all its events, goes on with the one that came."""

    enters_when_ready = False

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
    """Runs a part. Entered before its callee's first element, so that a status it bears comes first."""

    enters_when_ready = False

    def __init__(self, spec: Any, element: Element):
        super().__init__(spec, element, subworkflow_spec=element.called)

    def start_workflow(self, token: Task) -> None:
        self.enter(token)
        token.workflow.top_workflow.create_subprocess(token, self.spec)


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

    def others(self, token: Task) -> Iterable[Task]:
        return (
            one
            for one in token.workflow.tasks.values()
            if one.task_spec is self and one.state == TaskState.WAITING and one is not token
        )

    def _update_hook(self, token: Task) -> bool:
        super()._update_hook(token)
        if self.arrived(token) is not None:
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


class Finish(Join):
    """The end of a process: waits until no other token is on its way."""

    def arrived(self, token: Task) -> list[Task] | None:
        others = list(self.others(token))
        for one in token.workflow.tasks.values():
            if one.state & UNFINISHED and one is not token and one not in others:
                return None
        return others
