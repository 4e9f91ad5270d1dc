"""What can be said of a dossier at a moment, whether its ledger says it or its rows do.

What is no part of it: what people typed and whom it names (beside the ledger, under a digest); notices, searching, the
sums behind dates and what is urgent (they follow from the rest); drafts, revisions, who looked at a task, hands that hold
a page (the screens' own); where the machine stands (its waits and tasks say it), incidents (the house's own troubles);
which receipt is of which charge, and in whose drawer money lies (the book of the day tells that, in a story of its own).
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class State:
    """A dossier as told."""

    status: str = "registered"
    code: str | None = None
    receiving: str = ""
    competent: str = ""
    #: nobody knows yet who decides
    unresolved: bool = False
    accepted_at: datetime | None = None
    decided_at: datetime | None = None
    amended_at: datetime | None = None
    #: when, and at which end of its diagram or by which command
    ended: tuple[datetime, str] | None = None
    #: how many parts were begun beside the diagram
    sides: int = 0
    #: ISO text
    due_at: str | None = None
    #: by which rule the clock runs, and by what it stands still, each reason apart
    runs: str | None = None
    paused: list[str] = field(default_factory=list)
    result_kind: str | None = None
    result_number: str | None = None
    version: str = ""
    #: of a group: the dossier that opened it, and as which of its children
    parent: tuple[str, str] | None = None
    #: of a group: what it opened a dossier for -> that dossier
    children: dict[str, str] = field(default_factory=dict)
    #: open task -> (step, lane, office, who holds it)
    tasks: dict[str, tuple[str, str, str, str | None]] = field(default_factory=dict)
    #: task -> (step, lane, office, who finished it, or by whose act nobody need do it)
    done: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    #: task -> digest of its answers
    answers: dict[str, str] = field(default_factory=dict)
    #: open task -> when it is due, and whether its clock stands still
    clocks: dict[str, tuple[datetime | None, bool]] = field(default_factory=dict)
    #: open wait -> (step, kind, until when)
    waits: dict[str, tuple[str, str, datetime | None]] = field(default_factory=dict)
    #: wait -> how it ended
    over: dict[str, str] = field(default_factory=dict)
    #: request to complete the dossier -> (until when, when it was answered)
    supplements: dict[int, tuple[datetime | None, datetime | None]] = field(default_factory=dict)
    #: letter -> (kind, name)
    sent: dict[str, tuple[str, str]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    #: messages that nobody waited for in time
    expired: set[str] = field(default_factory=set)
    #: leg -> (to which office, how it was closed)
    legs: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    #: leg -> how often it was missed
    missed: dict[int, int] = field(default_factory=dict)
    #: hand-over list -> what the other side said of this dossier
    handed: dict[str, str | None] = field(default_factory=dict)
    #: offices that were asked and may still be summed up, and whether they have answered
    asked: list[tuple[str, bool]] = field(default_factory=list)
    #: charge -> (fee, amount)
    assessed: dict[str, tuple[str, int]] = field(default_factory=dict)
    #: charge -> how it stands
    charges: dict[str, str] = field(default_factory=dict)
    #: charge -> for whom it is waived or reduced
    exempt: dict[str, str] = field(default_factory=dict)
    #: receipt -> (kind, number, amount, way, whether it stands)
    receipts: dict[str, tuple[str, str, int, str, bool]] = field(default_factory=dict)
    #: kind of line -> what came in by all such lines of day books, less than 0: went out
    cash: Counter[str] = field(default_factory=Counter)
    #: charge -> (what of it was paid too much, what of it went back)
    excess: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: sent to a gateway -> (reference, amount)
    requests: dict[str, tuple[str, int]] = field(default_factory=dict)
    #: money that a gateway told of -> what became of it
    payments: dict[str, str] = field(default_factory=dict)
    assisted_by: str | None = None
    #: digest of the declaration as it stands
    declared: str = ""
    #: correction of the result -> (due, how it ended)
    corrections: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    #: the last number that took the place of another
    replaced_by: str | None = None
    #: what was posted publicly, and what was said to it
    posted: set[str] = field(default_factory=set)
    objections: set[str] = field(default_factory=set)
    #: digest of what the applicant was told last of a visit
    visit: str | None = None
    #: who acts for the applicant -> (what for, last day)
    acting: dict[str, tuple[tuple[str, ...], str | None]] = field(default_factory=dict)
    #: line of the checklist -> (verdict, where it was obtained)
    judged: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    #: (line, file) -> the same with its text behind the picture
    files: dict[tuple[str, str], str | None] = field(default_factory=dict)
    #: (line, file) -> what nobody has said of it yet
    described: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    #: statutory paper -> (kind, number, digest)
    slips: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    #: (paper, copy) -> the bytes that it is
    prints: dict[tuple[str, str], str] = field(default_factory=dict)
    #: paper of a warehouse -> (number, whether it is in force)
    stored: dict[str, tuple[str, str]] = field(default_factory=dict)
