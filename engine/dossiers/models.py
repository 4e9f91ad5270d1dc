"""Rows of a dossier's life."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.ids import uuid7

#: Sorts behind everything that has a date.
NO_DUE = datetime(9999, 1, 1, tzinfo=UTC)


#: Among the facts of a dossier that a group opened: the group's code, the limit that its law sets, and those of steps. Of a
#: group: its own code.
GROUP = "group"


class Dossier(Base):
    """One application and its whole life (hồ sơ)."""

    __tablename__ = "dossier"
    __table_args__ = (
        Index("ix__dossier__search_text", "search_text", postgresql_ops={"search_text": "text_pattern_ops"}),
        Index("ix__dossier__competent_office_id__due_at", "competent_office_id", "due_at"),
        Index("ix__dossier__receiving_office_id__due_at", "receiving_office_id", "due_at"),
        Index("ix__dossier__competent_office_id__accepted_at", "competent_office_id", "accepted_at"),
        Index("ix__dossier__receiving_office_id__accepted_at", "receiving_office_id", "accepted_at"),
        Index("ix__dossier__parent_id", "parent_id", postgresql_where=text("parent_id IS NOT NULL")),
        Index("ix__dossier__open_receiving", "receiving_office_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix__dossier__unresolved", "receiving_office_id", postgresql_where=text("unresolved_at IS NOT NULL")),
        Index("ix__dossier__open_competent", "competent_office_id", postgresql_where=text("ended_at IS NULL")),
        Index(
            "ix__dossier__found",
            text(
                "(to_tsvector('simple'::regconfig, search_text::text)"
                " || array_to_tsvector(ARRAY[receiving_office_id::text, competent_office_id::text]))"
            ),
            postgresql_using="gin",
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    #: Mã hồ sơ, issued on acceptance and never changed (Decree 118/2025, art. 28).
    code: Mapped[str | None] = mapped_column(unique=True)
    #: What the applicant holds before there is a code.
    reference: Mapped[str] = mapped_column(unique=True)
    #: With the code or reference, opens the public tracking page.
    secret: Mapped[str]
    #: Made by the page that lodged it: the same key again is the same dossier.
    lodging_key: Mapped[uuid.UUID | None] = mapped_column(unique=True)

    procedure_code: Mapped[str] = mapped_column(ForeignKey("procedure.code"), index=True)
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("procedure_version.id"))
    variant: Mapped[str | None]
    #: in_person | post | online | vneid | kiosk
    channel: Mapped[str]
    #: The officer who typed it for a citizen who lodges online; counted apart.
    assisted_by: Mapped[uuid.UUID | None]
    #: electronic | paper
    dossier_form: Mapped[str]
    #: counter | post | online
    return_way: Mapped[str]

    #: Words of the national list of ten; the numbers live in the portal mapping only.
    status: Mapped[str] = mapped_column(default="registered")
    #: granted | refused | notice
    result_kind: Mapped[str | None]
    result_number: Mapped[str | None]

    applicant_name: Mapped[str]
    applicant_personal_id: Mapped[str | None] = mapped_column(index=True)
    applicant_phone: Mapped[str | None]
    applicant_email: Mapped[str | None]
    applicant_address: Mapped[str | None]
    #: Whom the dossier is about, where that is somebody else (the child of a birth registration).
    owner_name: Mapped[str]
    owner_is_organisation: Mapped[bool] = mapped_column(default=False, server_default=false())
    submitter_name: Mapped[str]
    is_proxy: Mapped[bool] = mapped_column(default=False)
    #: Folded names, code and reference: what officers type into the search box.
    search_text: Mapped[str]

    receiving_office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    competent_office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    #: Where the applicant was helped to lodge it (nơi hướng dẫn); None: nobody helped.
    helping_office_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("office.id"))
    #: The row of authority by which that office decides; None: it was named, or follows from the place.
    authority_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("authority_row.id"))
    #: Since when nobody knows who decides; the office above stands for the one that will.
    unresolved_at: Mapped[datetime | None]

    #: Of an interconnected group (Decree 118/2025, art. 20(2)): the dossier that opened this one, and as which of its children.
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("dossier.id"))
    child_kind: Mapped[str | None]

    #: The edition of the rules of the clock under which it was received (`engine.calendar.rules`).
    rules_edition: Mapped[str]
    #: What the rules may read besides the declaration: lookup, fee_classes.
    facts: Mapped[dict[str, Any]]
    #: Working days agreed with the applicant, only where no limit is published.
    agreed_days: Mapped[int | None]
    lodged_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    #: When the applicant last changed what they declared.
    amended_at: Mapped[datetime | None]
    #: Id of the end event, or `withdrawn`.
    end_step: Mapped[str | None]
    #: Bumped by every act; a screen sends back the one it saw.
    revision: Mapped[int] = mapped_column(default=1)
    #: The last act, for the sentence that a stale screen gets.
    moved_at: Mapped[datetime]
    moved_by: Mapped[uuid.UUID]
    moved_step: Mapped[str | None]

    @property
    def group(self) -> Mapping[str, Any]:
        """What is known of the group that opened it, or that it is; empty for all others."""
        return self.facts.get(GROUP) or {}

    @property
    def way(self) -> str:
        """The channel, and `assisted` where an officer typed what is lodged online: the two are told apart."""
        return "assisted" if self.assisted_by else self.channel


#: The code of the group that opened a dossier, as lists name it; the fact is written when it is opened.
GROUP_CODE = Dossier.facts[GROUP]["code"].astext.label("group_code")


class CodeCounter(Base):
    """The last serial of a deciding office on one day; its row lock makes codes gap-free."""

    __tablename__ = "code_counter"

    office_code: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
    #: How the codes of this day look, all but the serial filled in; None: as before there were patterns of codes.
    shape: Mapped[str | None]


class Task(Base):
    """A step of the diagram that waits for a person (công việc)."""

    __tablename__ = "task"
    __table_args__ = (
        Index(
            "ix__task__open",
            "office_id",
            "lane",
            "sort_at",
            "id",
            postgresql_where=text("done_at IS NULL"),
        ),
        Index("ix__task__mine", "assignee_id", "sort_at", postgresql_where=text("done_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    runtime_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("runtime_state.id"))
    #: The machine's name for this position.
    token: Mapped[str]
    step_id: Mapped[str]
    name: Mapped[str]
    form_key: Mapped[str]
    lane: Mapped[str] = mapped_column(ForeignKey("lane.code"))
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    opened_at: Mapped[datetime]
    #: By the limit of the step; None where the law sets none.
    due_at: Mapped[datetime | None]
    #: The earlier of the step's and the dossier's due date; far future when neither runs.
    sort_at: Mapped[datetime]
    #: The rule or the wait by which its clock stands still; it then has no date (`steps.time_steps`).
    still_by: Mapped[str | None]
    #: From when its own limit counts, as if what did not count had been before; None: since it was opened.
    counts_from: Mapped[datetime | None]
    #: [limit, rule, article] by which it was opened, where its dossier was moved to another version since; an empty limit: none runs.
    runs_by: Mapped[list[Any] | None]
    #: From when the time until `sort_at` counts, and when the parts of it have run at which it is told (C05, C06).
    clock_from: Mapped[datetime]
    warn_at: Mapped[datetime]
    urge_at: Mapped[datetime]
    assignee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("officer.id"))
    claimed_at: Mapped[datetime | None]
    #: When its page was first opened by somebody who may do it.
    looked_at: Mapped[datetime | None]
    looked_by: Mapped[uuid.UUID | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[uuid.UUID | None]
    #: completed | overtaken | recalled
    done_how: Mapped[str | None]
    #: Made by the page: a double click brings the same key and has one effect.
    done_key: Mapped[uuid.UUID | None]
    #: Of all that came with that key: it does not come again with something else.
    sent_digest: Mapped[str | None]
    #: Bumped on every change; a screen sends back the one it saw.
    revision: Mapped[int] = mapped_column(default=1)
    #: Answers not yet sent, kept by autosave.
    draft: Mapped[dict[str, Any] | None]
    draft_at: Mapped[datetime | None]


class Wait(Base):
    """A position that waits for a message, an instant or an outside service."""

    __tablename__ = "wait"
    __table_args__ = (
        Index("ix__wait__due", "due_at", "id", postgresql_where=text("closed_at IS NULL AND kind = 'timer'")),
        Index("ix__wait__dossier_id", "dossier_id", postgresql_where=text("closed_at IS NULL")),
        Index("ix__wait__beside", "dossier_id", postgresql_where=text("closed_at IS NULL AND beside")),
        Index("ix__wait__hears", "subject", "key", "id", postgresql_where=text("closed_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"))
    runtime_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("runtime_state.id"))
    token: Mapped[str]
    step_id: Mapped[str]
    name: Mapped[str]
    lane: Mapped[str]
    #: In a part beside the main diagram, where something may go on after the dossier's end.
    beside: Mapped[bool] = mapped_column(default=False)
    #: message | timer | service | signal
    kind: Mapped[str]
    #: The message, the signal or the service topic; empty for a timer.
    subject: Mapped[str]
    #: Of a message from other dossiers: only one under the same key is for this wait.
    key: Mapped[str | None]
    due_at: Mapped[datetime | None]
    #: [limit, rule, article] by which it was opened, where its dossier was moved to another version since; an empty limit: none runs.
    runs_by: Mapped[list[Any] | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    #: arrived | fired | answered | overtaken
    how: Mapped[str | None]


class Letter(Base):
    """A message or a signal that the diagram of one dossier sent to others (thông điệp)."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix__letter__untaken", "name", "key", postgresql_where=text("taken_at IS NULL")),
        Index("ix__letter__sent", "sent_at", "id", postgresql_where=text("taken_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    #: message | signal
    kind: Mapped[str]
    name: Mapped[str]
    #: Of a message: which of those who wait for this name it is for.
    key: Mapped[str]
    sender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"))
    step_id: Mapped[str]
    sent_at: Mapped[datetime]
    #: How long a message lies here for somebody who does not wait for it yet.
    keep_until: Mapped[datetime]
    #: A message: by its one receiver, or by nobody when its time was over. A signal: when all have heard it.
    taken_at: Mapped[datetime | None]
    taken_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("dossier.id"))


class AnswerSet(Base):
    """What somebody typed into a form, kept beside the ledger under its digest."""

    __tablename__ = "answer_set"
    __table_args__ = (Index("ix__answer_set__dossier_id__step_id", "dossier_id", "step_id", "given_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"))
    task_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("task.id"))
    #: `lodge` for the declaration.
    step_id: Mapped[str]
    form_key: Mapped[str]
    answers: Mapped[dict[str, Any]]
    digest: Mapped[str]
    given_at: Mapped[datetime]
    given_by: Mapped[uuid.UUID]


class Deadline(Base):
    """One run of the dossier's clock: from a start to a due date, with the sum that gave it."""

    __tablename__ = "deadline"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    #: T13, or T09 for the one extension.
    rule: Mapped[str]
    started_at: Mapped[datetime]
    #: From when on what does not count moves it: its start; of an extension the moment of the letter.
    runs_from: Mapped[datetime]
    #: What it counts, `3 wd`, and by which article; None: an old row. Of an extension: what the run before it counted, and by
    #: which article the date was named.
    limit: Mapped[str | None]
    article: Mapped[str | None]
    #: Rules of the legs between offices that come first: [T05, L03] when received elsewhere.
    legs: Mapped[list[Any]]
    due_at: Mapped[datetime]
    #: Of an extension: the date in the letter. Of T13: what the system of a ministry promises.
    named_at: Mapped[datetime | None]
    #: Of a group: the date that its parts need beyond its own limit.
    reach_at: Mapped[datetime | None]
    #: While it stands still.
    paused_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    #: decided | supplement | extended | received_elsewhere | paused | revision | anew | verification | ended
    stopped_why: Mapped[str | None]
    #: [{on, what, vi, en, article, number}]: the due date, line by line.
    lines: Mapped[list[Any]]


@dataclass(frozen=True)
class Asked:
    """One line of a request to complete the dossier; files for it are kept under `key`."""

    key: str
    what: str
    why: str
    #: What of it is missing or wrong, and how to mend that.
    lack: str = ""
    how: str = ""


class Supplement(Base):
    """One request to complete the dossier (yêu cầu bổ sung), before or after acceptance."""

    __tablename__ = "supplement"
    __table_args__ = (UniqueConstraint("dossier_id", "round"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    round: Mapped[int]
    after_acceptance: Mapped[bool]
    #: By which its time counts: L01 before acceptance, T07 after it, L12 between two stages; None: until a day that a notice named.
    rule: Mapped[str | None]
    #: How long that time is (`7 wd`), kept from when it was asked; None: a named day, or of before it was kept.
    limit: Mapped[str | None]
    #: The law that gives so much; None: that of the rule.
    article: Mapped[str | None]
    #: [{what, why, lack?, how?, component?}]: everything, once.
    items: Mapped[list[Any]]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    #: When the diagram heard of it: at once, as long as it waits for it.
    taken_at: Mapped[datetime | None]
    #: What the applicant said when handing it in.
    remark: Mapped[str | None]

    @property
    def lines(self) -> list[Asked]:
        """What was asked; a line that names no component, or one named before, has a key of its own."""
        lines: dict[str, Asked] = {}
        for number, item in enumerate(self.items, start=1):
            key = item.get("component")
            if not key or key in lines:
                key = f"asked_{self.round}_{number}"
            lines[key] = Asked(key, item["what"], item["why"], item.get("lack", ""), item.get("how", ""))
        return list(lines.values())


class Transfer(Base):
    """One leg between offices, with its acknowledgement (chuyển hồ sơ)."""

    __tablename__ = "transfer"
    __table_args__ = (
        UniqueConstraint("dossier_id", "leg"),
        Index("ix__transfer__missed", "due_at", postgresql_where=text("closed_at IS NULL AND alarms > 0")),
        Index("ix__transfer__open", "to_office_id", "dossier_id", postgresql_where=text("closed_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    leg: Mapped[int]
    from_office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    to_office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    sent_at: Mapped[datetime]
    #: Until when the other side should say that it has it; None of legs of before.
    due_at: Mapped[datetime | None]
    #: How often that time went by, the sender was set to chase it and the heads were told.
    alarms: Mapped[int] = mapped_column(default=0, server_default="0")
    closed_at: Mapped[datetime | None]
    #: received | rejected | cancelled
    state: Mapped[str | None]
    note: Mapped[str | None]


class Consultation(Base):
    """A question to one other office (lấy ý kiến), with the day to answer by."""

    __tablename__ = "consultation"
    __table_args__ = (
        Index("ix__consultation__open", "office_id", postgresql_where=text("answered_at IS NULL AND closed_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"), index=True)
    question: Mapped[str]
    sent_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[uuid.UUID | None]
    #: Set when the specialist summed up, or the dossier ended; no answer is taken after that.
    closed_at: Mapped[datetime | None]


class Incident(Base):
    """Something of the house itself broke over a dossier (sự cố): rolled back, told here, tried again.

    Nobody closes it. It is over when what broke has passed: its wait is closed, the task or wait that a person dealt
    with is or, with neither, the dossier has moved on since.
    """

    __tablename__ = "incident"

    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    #: The wait, the task or wait that a person dealt with, or else the step: the same trouble again is the same row.
    key: Mapped[str] = mapped_column(primary_key=True)
    wait_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("wait.id"), index=True)
    step_id: Mapped[str]
    #: The error's name and words.
    reason: Mapped[str]
    #: Where the diagram could not go on: {element, name, line, …}, as far as that is known; None: another error.
    place: Mapped[dict[str, Any] | None]
    times: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    #: When the house tries again by itself; None: only when somebody says so.
    again_at: Mapped[datetime | None]
    #: Of the dossier, when it broke last.
    revision: Mapped[int]
