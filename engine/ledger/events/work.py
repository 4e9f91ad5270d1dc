"""Who has what to do, and what is waited for."""

from engine.ledger.events.base import Event


class TaskOpened(Event):
    """A step of the diagram now waits for a lane."""

    type = "task.opened"
    version = 3
    task_id: str
    step_id: str
    lane: str
    office: str
    #: who holds it from the beginning; None: open to the lane
    assignee: str | None = None
    #: by the limit of the step; None where the law sets none
    due_at: str | None = None


class TaskClaimed(Event):
    """An officer took a task into their own hands."""

    type = "task.claimed"
    task_id: str
    officer_id: str


class TaskRecalled(Event):
    """Whoever finished a task took it back before anybody looked at what came of it; it is in their hands again."""

    type = "task.recalled"
    task_id: str
    step_id: str
    assignee: str
    reason_digest: str


class TaskReleased(Event):
    """An officer put a task back for the others of the lane."""

    type = "task.released"
    task_id: str


class TaskMoved(Event):
    """The new version of a diagram gives an open task to another lane, and so perhaps to another office."""

    type = "task.moved"
    task_id: str
    lane: str
    office: str


class TaskReassigned(Event):
    """A head gave a task to another officer (Decree 118/2025, art. 19(1)); why lies beside the ledger."""

    type = "task.reassigned"
    task_id: str
    officer_id: str
    reason_digest: str


class TaskCompleted(Event):
    """An officer finished a task. The answers lie beside the ledger, under their digest."""

    type = "task.completed"
    task_id: str
    step_id: str
    answers_digest: str


class TaskClosed(Event):
    """A task was closed by something else than its own completion: a message, a timer, a withdrawal."""

    type = "task.closed"
    task_id: str
    step_id: str


class WaitOpened(Event):
    """The dossier waits for a message, an instant, or an outside service."""

    type = "wait.opened"
    wait_id: str
    step_id: str
    kind: str
    due_at: str | None


class WaitClosed(Event):
    """What was waited for came, or was overtaken."""

    type = "wait.closed"
    wait_id: str
    step_id: str
    #: arrived | fired | answered | overtaken
    how: str


class LetterSent(Event):
    """The diagram told others something: a message under a key, or a signal."""

    type = "letter.sent"
    letter_id: str
    kind: str
    name: str
    key_digest: str


class LetterReceived(Event):
    """A message of another dossier came to its wait."""

    type = "letter.received"
    letter_id: str
    name: str
    sender: str


class LetterHeard(Event):
    """A signal of another dossier, or of another instance of this one, came to its wait."""

    type = "letter.heard"
    letter_id: str
    name: str


class LetterExpired(Event):
    """Nobody waited for a message in the time for which it was kept."""

    type = "letter.expired"
    letter_id: str
    name: str


class ServiceAsked(Event):
    """An outside system was asked; the job left with this transaction."""

    type = "service.asked"
    topic: str
    step_id: str


class ServiceAnswered(Event):
    """An outside system answered; the words lie beside the ledger."""

    type = "service.answered"
    topic: str
    step_id: str
    answer_digest: str


class RulesApplied(Event):
    """A decision table of the bundle was asked; what went in and came out lies beside the ledger."""

    type = "rules.applied"
    step_id: str
    decision: str
    #: of the DMN documents
    model_digest: str
    inputs_digest: str
    result_digest: str
    #: ids of the rules that held, in the order of evaluation
    rules: list[str]
