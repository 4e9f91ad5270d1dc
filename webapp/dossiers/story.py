"""The ledger as lines that a person reads: when, who, what; what only the machine cares for is left out."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from engine.base.actor import APPLICANT, SYSTEM
from engine.base.money import dong
from engine.dossiers.overview import Overview
from engine.ledger.models import LedgerEvent
from webapp import labels
from webapp.filters import vnday
from webapp.labels import label
from webapp.labels.words import Words

#: Events that say nothing to a person which another line does not say.
_SILENT = {
    "step.passed",
    "instance.ended",
    "status.changed",
    "task.opened",
    "task.closed",
    "wait.opened",
    "wait.closed",
    "paper.judged",
    "deadline.closed",
    "steps.timed",
    "service.asked",
}


@dataclass(frozen=True)
class Line:
    """One line of the story."""

    at: datetime
    who: str
    words: str


def story(view: Overview) -> list[Line]:
    """Newest first."""
    by_task = {str(task.id): task.name for task in view.tasks}
    papers = {row.key: row.name for row in view.components}
    lines = []
    for event in view.events:
        if event.type in _SILENT or event.payload.get("name", "").startswith("child_"):
            continue
        facts = _facts(event, view, by_task, papers)
        lines.append(Line(event.at, who(view, event.actor_id), label(labels.EVENTS, event.type, **facts)))
    return lines[::-1]


def who(view: Overview, officer_id: uuid.UUID) -> str:
    """The name of whoever acted."""
    if officer_id == SYSTEM.officer_id:
        return _("Hệ thống")
    if officer_id == APPLICANT.officer_id:
        return _("Người nộp hồ sơ")
    officer = view.people.get(officer_id)
    return officer.name if officer else _("Hệ thống")


#: Codes that mean something else in one kind of event.
_WORDS: Mapping[str, Mapping[str, Words]] = {
    "database.searched": {"system": labels.DATABASES, "outcome": labels.FOUND_BY_HAND},
    "handover.acknowledged": {"state": labels.HANDOVER_STATES},
    "dossier.assisted": {"ground": labels.ASSISTED_FOR},
    "side.started": {"process": labels.SIDES},
    "representative.named": {"role": labels.REPRESENTATIVES, "kind": labels.AUTHORITY_KINDS},
}


def _facts(
    event: LedgerEvent,
    view: Overview,
    by_task: dict[str, str],
    papers: dict[str, str],
) -> dict[str, Any]:
    facts = dict(event.payload)
    facts["step"] = by_task.get(facts.get("task_id", ""), "")
    for name, words in (
        ("status", labels.STATUSES),
        ("channel", labels.CHANNELS),
        ("result_kind", labels.RESULT_KINDS),
        ("ground", labels.STOP_GROUNDS),
        ("outcome", labels.CORRECTIONS),
        ("state", labels.CHARGE_STATES),
        ("exempt_class", labels.FEE_CLASSES),
    ):
        if name in facts:
            facts[name] = label(words, facts[name])
    if event.type == "charge.closed" and facts.get("reason"):
        facts["state"] += f" ({label(labels.STATUSES, facts['reason']).lower()})"
    forgone = facts["charge_id"] if event.type == "charge.forgone" else None
    facts |= next(({"reason": one.forgone} for one in view.charges if str(one.id) == forgone), {})
    if event.type.startswith("child."):
        facts["child"] = label(labels.CHILDREN, facts["kind"])
    facts |= {
        name: label(words, event.payload[name]).lower() for name, words in _WORDS.get(event.type, {}).items()
    }
    if "topic" in facts:
        facts["system"] = label(labels.SYSTEMS, facts["topic"])
    if event.type == "slip.printed":
        slip = next((one for one in view.slips if str(one.id) == facts["slip_id"]), None)
        facts |= {"kind": slip.kind, "number": slip.number} if slip else {"kind": ""}
    if event.type in ("slip.issued", "slip.printed"):
        facts["kind"] = labels.slip_of(view.dossier.procedure_code, facts["kind"])
    facts |= {name: dong(facts[name]) for name in ("amount", "excess") if name in facts}
    if event.type == "fee.reassessed":
        facts |= {"before": dong(facts["before"]), "after": dong(facts["after"])}
    facts |= {name: vnday(facts[name]) for name in ("due_at", "old_due_at", "at") if facts.get(name)}
    facts |= {name: label(labels.CLOCK_WHYS, facts[name]) for name in ("rule", "why") if name in facts}
    if "component" in facts:
        facts["component"] = papers.get(facts["component"], facts["component"])
    if "officer_id" in facts:
        facts["officer"] = who(view, uuid.UUID(facts["officer_id"]))
    for name in ("to_office", "office"):
        if name in facts:
            office = view.offices.get(uuid.UUID(facts[name]))
            facts[name] = office.name if office else ""
    return facts
