"""A dossier in an applicant's words: what state it is in, what is asked of them, where it has been."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, jsonify
from flask_babel import get_locale
from flask_babel import gettext as _

from engine.base.clock import VIETNAM
from engine.base.money import dong
from engine.dossiers.models import Dossier
from engine.dossiers.tracking import Track
from engine.notices.models import Notice
from engine.org.models import Office
from webapp import labels
from webapp.filters import vndate, vndatetime, vnday
from webapp.labels import label
from webapp.spans import span

#: States in which nothing more happens to the dossier, and its result is not handed over.
_ENDED_EARLY = ("not_accepted", "stopped", "withdrawn")


@dataclass(frozen=True)
class State:
    """The heading of the page and the sentence under it."""

    heading: str
    words: str


@dataclass(frozen=True)
class Stage:
    """One of the five phases; `css` is is-past | is-now | is-end | empty."""

    title: str
    css: str
    words: str


def state_of(track: Track, now: datetime) -> State:
    """What the applicant must do comes before what the office does."""
    until = _("đến %(time)s", time=vnday(track.answer_by)) if track.answer_by else ""
    if track.in_form:
        clock = _("Thời gian này không tính vào hạn của cơ quan; hạn tiếp theo bắt đầu khi nhận đủ hồ sơ lần hai.")
        return State(_("Đang chờ bạn nộp hồ sơ lần hai"), _sentence(_("Hạn nộp"), until, clock))
    if track.your_turn == "resubmit":
        clock = (
            _("Thời gian chờ bạn không tính vào hạn của cơ quan; nhận đủ thì thời hạn tính lại từ đầu.")
            if track.dossier.code
            else _("Thời hạn giải quyết bắt đầu khi hồ sơ được tiếp nhận đủ.")
        )
        return State(_("Đang chờ bạn bổ sung giấy tờ"), _sentence(_("Hạn bổ sung"), until, clock))
    if track.your_turn == "pay":
        clock = _("Nộp xong, hồ sơ được giải quyết tiếp ngay.")
        return State(
            _("Đang chờ bạn nộp %(amount)s", amount=dong(track.amount_owed)),
            _sentence(_("Hạn nộp"), until, clock),
        )
    if track.your_turn == "confirm":
        clock = _("Quá hạn mà bạn không trả lời thì coi như bạn đồng ý với bản này.")
        return State(_("Mời bạn xác nhận bản điện tử"), _sentence(_("Hạn trả lời"), until, clock))
    return _office_turn(track, now)


def _sentence(what: str, until: str, rest: str) -> str:
    return f"{what}: {until}. {rest}" if until else rest


def _office_turn(track: Track, now: datetime) -> State:
    dossier = track.dossier
    if dossier.due_at and now > dossier.due_at and dossier.decided_at is None and dossier.ended_at is None:
        return State(
            _("Hồ sơ đang chậm so với ngày hẹn"),
            _(
                "Hẹn trả %(time)s nhưng chưa có kết quả. Bạn có thể gọi cho cơ quan ở cuối trang.",
                time=vnday(dossier.due_at),
            ),
        )
    if track.elsewhere and dossier.status == "awaiting_supplement":
        words = _("Nội dung ghi trên phiếu yêu cầu bổ sung; bạn nộp trên hệ thống của bộ hoặc tại nơi đã nộp hồ sơ.")
        return State(_("Hệ thống của bộ đang chờ bạn bổ sung"), words)
    if track.elsewhere and dossier.status == "awaiting_payment":
        return State(_("Hệ thống của bộ đang chờ bạn nộp lệ phí"), _("Bạn nộp trên hệ thống của bộ."))
    due = _("Hẹn trả kết quả: %(time)s.", time=vnday(dossier.due_at)) if dossier.due_at else ""
    headings = {
        "registered": (
            _("Hồ sơ đã gửi, đang chờ tiếp nhận"),
            _("Cơ quan kiểm tra giấy tờ rồi báo ngày hẹn."),
        ),
        "accepted": (_("Hồ sơ đã được tiếp nhận"), due),
        "in_process": (_("Hồ sơ đang được giải quyết"), due),
        "awaiting_supplement": (_("Cơ quan đang xem phần bạn bổ sung"), ""),
        "awaiting_payment": (_("Đang chờ xác nhận khoản phải nộp"), ""),
        "decided": (_("Đã có kết quả"), _way_back(track)),
        "handed_over": (_("Đã trả kết quả"), _("Lúc %(time)s.", time=vndatetime(dossier.ended_at))),
        "not_accepted": (_("Hồ sơ không được tiếp nhận"), _("Lý do ghi trên phiếu từ chối gửi cho bạn.")),
        "stopped": (_("Hồ sơ đã dừng giải quyết"), _("Lý do ghi trên thông báo gửi cho bạn.")),
        "withdrawn": (_("Bạn đã rút hồ sơ"), _("Muốn làm lại, bạn nộp hồ sơ mới.")),
    }
    return State(*headings[dossier.status])


def _way_back(track: Track) -> str:
    if track.parcel and track.parcel.came_back:
        return _("Bưu điện không phát được kết quả. Mời bạn nhận tại %(office)s.", office=named(track.office))
    if track.parcel:
        return _(
            "Kết quả đã gửi qua %(carrier)s lúc %(time)s, số vận đơn %(number)s.",
            carrier=track.parcel.carrier, time=vndatetime(track.parcel.at), number=track.parcel.number,
        )  # fmt: skip
    if track.dossier.return_way == "post":
        return _("Kết quả được gửi qua bưu chính đến địa chỉ của bạn.")
    if track.dossier.return_way == "online":
        return _(
            "Bản điện tử được gửi cho bạn; bản giấy, nếu có, nhận tại %(office)s.", office=named(track.office)
        )
    return _("Mời bạn đến %(office)s nhận, mang theo giấy tiếp nhận và căn cước.", office=named(track.office))


def stages(track: Track, state: State) -> list[Stage]:
    """The five phases, each with the fact that is known of it; an early end takes the place of the rest."""
    dossier = track.dossier
    words = (
        (_("Bạn nộp hồ sơ"), _lodged(track)),
        (_("Tiếp nhận"), _accepted(dossier)),
        (_("Giải quyết"), _("Nơi giải quyết: %(office)s.", office=named(track.competent))),
        (_("Có kết quả"), _decided(dossier)),
        (_("Bạn nhận kết quả"), _returned(track)),
    )
    reached = track.phase or _reached(dossier)
    over = dossier.status == "handed_over"
    rows = [
        Stage(title, "is-past" if at < reached or over else "is-now" if at == reached else "", said)
        for at, (title, said) in enumerate(words, start=1)
    ]
    if dossier.status not in _ENDED_EARLY:
        return rows
    ended = Stage(state.heading, "is-end", vndatetime(dossier.ended_at))
    return [Stage(row.title, "is-past", row.words) for row in rows[:reached]] + [ended]


def _reached(dossier: Dossier) -> int:
    return 2 if dossier.accepted_at else 1


def _lodged(track: Track) -> str:
    return _(
        "%(day)s, nộp %(channel)s, %(office)s.",
        day=vndate(track.dossier.lodged_at),
        channel=label(labels.CHANNELS, track.dossier.way),
        office=named(track.office),
    )


def _accepted(dossier: Dossier) -> str:
    if not dossier.accepted_at:
        return ""
    return _("%(time)s, mã hồ sơ %(code)s.", time=vndatetime(dossier.accepted_at), code=dossier.code)


def _decided(dossier: Dossier) -> str:
    if not dossier.decided_at:
        return ""
    kind = label(labels.RESULT_KINDS, dossier.result_kind)
    number = _(", số %(number)s", number=dossier.result_number) if dossier.result_number else ""
    return f"{vndatetime(dossier.decided_at)}: {kind}{number}."


def _returned(track: Track) -> str:
    if track.dossier.status == "handed_over":
        return _("Đã trả lúc %(time)s.", time=vndatetime(track.dossier.ended_at))
    way = label(labels.RETURN_WAYS, track.dossier.return_way)
    return f"{way}. {named(track.office)}." if track.dossier.return_way == "counter" else f"{way}."


def named(office: Office) -> str:
    """The office in the reader's language."""
    return office.name_en if str(get_locale()) == "en" else office.name


def as_json(track: Track, state: State) -> Response:
    """The page for a program: the same facts, the same public name. Described in docs/tracking.md."""
    dossier = track.dossier
    return jsonify(
        code=dossier.code,
        reference=dossier.reference,
        procedure={"code": dossier.procedure_code, "name": track.procedure_name},
        owner=track.owner,
        status=dossier.status,
        heading=state.heading,
        words=state.words,
        your_turn=track.your_turn,
        answer_by=_iso(track.answer_by),
        amount_owed=track.amount_owed,
        lodged_at=_iso(dossier.lodged_at),
        accepted_at=_iso(dossier.accepted_at),
        due_at=_iso(dossier.due_at),
        decided_at=_iso(dossier.decided_at),
        ended_at=_iso(dossier.ended_at),
        receiving_office={"name": named(track.office), "phone": track.office.phone},
        competent_office={"name": named(track.competent), "phone": track.competent.phone},
        asked=[{"what": one.what, "lack": one.lack, "why": one.why, "how": one.how} for one in track.supplement.lines] if track.supplement else [],
        steps=[
            {"title": one.title, "state": _STATES[one.css], "words": one.words} for one in stages(track, state)
        ],
    )


#: How a phase is drawn -> how a program is told.
_STATES = {"is-past": "past", "is-now": "now", "is-end": "ended", "": "to_come"}


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(VIETNAM).isoformat() if at else None


def told(notice: Notice) -> str:
    """A notice as a sentence; sums and instants as people write them."""
    facts: dict[str, Any] = dict(notice.facts)
    facts |= {name: dong(facts[name]) for name in ("amount", "before", "after") if isinstance(facts.get(name), int)}
    for name in ("due_at", "old_due_at"):
        if facts.get(name):
            facts[name] = vnday(facts[name])
    if why := facts.get("why"):
        said = {"part": label(labels.CHILDREN, facts["child"]), "limit": span([facts["limit"]]) if "limit" in facts else ""}
        facts["reason"] = label(labels.MOVED, why, **facts | said)
    if str(get_locale()) == "en" and (reason := facts.get("reason_en")):
        facts["reason"] = reason
    return label(labels.NOTICES, notice.template, **facts)
