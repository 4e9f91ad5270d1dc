"""What outside databases answered about the people of a dossier, beside what was declared."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ARRAY, Text, any_, bindparam, select
from sqlalchemy.orm import Session

from engine.base.questions import Question, ask
from engine.dossiers.models import AnswerSet
from engine.dossiers.overview import Overview
from webapp import labels
from webapp.labels import label

#: As PostgreSQL takes an array.
_TOPICS = ["population.lookup", "civil_status.search", "social.entitlements", "driving.lookup"]
_ANSWERED = Question(
    select(AnswerSet.form_key, AnswerSet.given_at, AnswerSet.answers)
    .where(AnswerSet.dossier_id == bindparam("dossier_id"), AnswerSet.form_key == any_(bindparam("topics", type_=ARRAY(Text))))
    .order_by(AnswerSet.given_at)
)


@dataclass(frozen=True)
class Row:
    """One line of the comparison; `good` says whether the database has the same."""

    what: str
    declared: str
    answer: str
    good: bool


@dataclass(frozen=True)
class Compared:
    """The last answer of one outside system."""

    source: str
    at: datetime
    rows: tuple[Row, ...]


def compared(session: Session, view: Overview) -> list[Compared]:
    """One table for each system that was asked and answered; its last answer counts."""
    (found,) = ask(session, {"dossier_id": view.dossier.id, "topics": _TOPICS}, _ANSWERED)
    last = {topic: (at, answers) for topic, at, answers in found}
    tables = (Compared(label(labels.SYSTEMS, topic), at, _rows(topic, answers)) for topic, (at, answers) in last.items())
    return [one for one in tables if one.rows]


def _rows(topic: str, answer: Mapping[str, Any]) -> tuple[Row, ...]:
    if topic == "population.lookup":
        return tuple(
            Row(
                label(labels.ROLES, one["role"]),
                one["full_name"],
                label(labels.LOOKUPS, one["outcome"]),
                good=one["outcome"] == "found",
            )
            for one in answer.get("persons", ())
        )
    if topic == "social.entitlements":
        return _entitlements(answer)
    if topic == "driving.lookup":
        return _licence(answer)
    entries = answer.get("entries", ())
    if not entries:
        return (Row(_("Mục trong sổ hộ tịch"), "", label(labels.LOOKUPS, "missing"), good=False),)
    return tuple(
        Row(_("Mục trong sổ hộ tịch"), one["full_name"], _("Có, số %(number)s", number=one["entry_no"]), good=True)
        for one in entries
    )


def _entitlements(answer: Mapping[str, Any]) -> tuple[Row, ...]:
    held, dead, paid = answer["benefit_held"], answer["death_registered"], answer["paid_elsewhere"]
    return (
        Row(_("Chế độ người chết đang hưởng"), "", label(labels.BENEFITS, held), good=held == "social_pension"),
        Row(_("Đăng ký khai tử"), "", label(labels.LOOKUPS, "found" if dead else "missing"), good=dead),
        Row(_("Mai táng phí từ nguồn khác"), "", _("Đã chi") if paid else _("Chưa chi"), good=not paid),
    )


def _licence(answer: Mapping[str, Any]) -> tuple[Row, ...]:
    there, clear = answer["licence_state"] == "found", answer["violation_state"] == "clear"
    return (
        Row(_("Giấy phép lái xe đang có"), "", label(labels.LOOKUPS, "found" if there else "missing"), good=there),
        Row(_("Vi phạm giao thông"), "", label(labels.VIOLATIONS, answer["violation_state"]), good=clear),
    )
