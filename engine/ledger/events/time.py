"""Due dates, and what moves them."""

from dataclasses import field

from engine.ledger.events.base import Event


class SupplementRequested(Event):
    """The applicant was told, once and in full, what is missing (Mẫu 02)."""

    type = "supplement.requested"
    round: int
    items_digest: str
    due_at: str | None


class SupplementReceived(Event):
    """The applicant handed in what was asked for; the words and the files lie beside the ledger."""

    type = "supplement.received"
    version = 3
    round: int
    remark_digest: str | None = None
    #: SHA-256 of each file.
    files: list[str] = field(default_factory=list)
    #: Of a second submission with a form of its own.
    answers_digest: str | None = None


class DeadlineSet(Event):
    """A due date began to run: at acceptance, or from zero after a complete supplement."""

    type = "deadline.set"
    version = 2
    due_at: str
    rule: str
    #: The edition of the rules, and that of the calendar of the deciding office, by which it was counted.
    rules_edition: str
    calendar_edition: str


class DeadlineClosed(Event):
    """A due date stopped running: decided, or waiting for a supplement."""

    type = "deadline.closed"
    why: str


class DeadlineExtended(Event):
    """The one new appointment, with apology (Decree 118/2025, art. 19(6); Mẫu 04)."""

    type = "deadline.extended"
    due_at: str


class ExtensionDenied(Event):
    """The leader did not agree to a new appointment."""

    type = "extension.denied"


class ClockPaused(Event):
    """The clock stands still: what the dossier waits for now does not count in its limit."""

    type = "clock.paused"
    #: Rule by which it does not count; of a group T07 or `part_still` where a part does.
    rule: str


class ClockResumed(Event):
    """The clock goes on; the due date moved by the working time that did not count."""

    type = "clock.resumed"
    rule: str
    due_at: str


class ClockLifted(Event):
    """One reason by which the clock stands still is gone; by another it still does."""

    type = "clock.lifted"
    rule: str


class StepsTimed(Event):
    """Open steps stand still with the dossier's clock, go on, or are due at another time; timers ring at another one."""

    type = "steps.timed"
    version = 2
    #: The rule or the wait by which they stand still; resumed; calendar | fault
    why: str
    #: Task -> when it is due now; None: while it stands still, or has no limit of its own.
    dues: dict[str, str | None]
    #: The tasks that stand still.
    still: list[str]
    #: Wait -> when its time is over now.
    waits: dict[str, str] = field(default_factory=dict)


class DeadlineMoved(Event):
    """A due date moved though nobody named another: the calendar was changed, the system was down, a group follows a part, a ministry said so."""

    type = "deadline.moved"
    #: result: what the office promised; supplement: until when the applicant may answer; correction: of a wrong result
    of: str
    old_due_at: str
    due_at: str
    #: calendar | fault | ministry; of a group: part (it takes longer) | supplement (it counts anew) | verification (it must be verified) | apology (it has another appointment)
    why: str
    #: Id of the change, of the part's dossier, or of the dossier that the ministry decides.
    about: str


class CalendarChanged(Event):
    """A day or the hours of an office were entered or withdrawn; the batch of dates that move was confirmed."""

    type = "calendar.changed"
    #: day | day_withdrawn | hours
    kind: str
    what_digest: str
    #: How many dossiers are counted anew.
    dossiers: int


class FaultRecorded(Event):
    """A system was down, or works again; the batch of dates that move was confirmed."""

    type = "fault.recorded"
    #: fault | fault_closed
    kind: str
    what_digest: str
    dossiers: int


class CorrectionAsked(Event):
    """Somebody found an error in an issued result; from now on its one limit runs (Decree 118/2025, art. 23(1))."""

    type = "correction.asked"
    correction_id: str
    due_at: str
    what_digest: str


class CorrectionEnded(Event):
    """The result was replaced, or it was explained why it stands: `replaced` | `no_error`."""

    type = "correction.ended"
    correction_id: str
    outcome: str


class ErrorReported(Event):
    """The office of a part found the result wrong on which it rests; whoever issued it has until then (Decree 63/2024)."""

    type = "error.reported"
    correction_id: str
    due_at: str
    what_digest: str


class ErrorAcknowledged(Event):
    """The office that reported the error has read what became of it."""

    type = "error.acknowledged"
    correction_id: str


class ErrorAnswered(Event):
    """What became of the error that this part reported: `replaced` | `no_error`."""

    type = "error.answered"
    correction_id: str
    outcome: str
