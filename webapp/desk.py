"""What stands around every officer's page: who am I, where, and the list of work on the left."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user

from engine.dossiers import inbox
from engine.org import directory, permissions
from webapp.unit import current_actor, house, read_session


@dataclass(frozen=True)
class Item:
    title: str
    url: str
    here: bool
    count: int | None = None


@dataclass(frozen=True)
class Group:
    title: str
    items: list[Item]


@dataclass(frozen=True)
class Desk:
    """The header and the rail of one officer at one moment."""

    officer_id: uuid.UUID
    name: str
    office: str
    lanes: str
    now: datetime
    rail: list[Group]


def init_app(app: Flask) -> None:
    @app.context_processor
    def around() -> dict[str, Any]:
        if not current_user or not current_user.is_authenticated:
            return {}
        return {"desk": desk()}


def desk() -> Desk:
    """Looked up once a page; the counts are those of the inbox itself."""
    actor, now = current_actor(), house().clock.now()
    english = str(get_locale()) == "en"
    with read_session() as session:
        standing = directory.standings(session, actor.officer_id, on=house().clock.today())
        counts = inbox.counts(session, actor, now) if actor.lanes else None
        incoming = inbox.incoming_count(session, actor) if actor.offices else 0
    lanes = dict.fromkeys(one.lane_name_en if english else one.lane_name for one in standing)
    views = counts.by_view if counts else {}
    mine = [
        _item(_("Hộp việc"), "inbox.index", views.get("all", 0), view=None),
        _item(_("Chưa ai nhận"), "inbox.index", views.get("open", 0), view="open"),
        _item(_("Người khác đang giữ"), "inbox.index", views.get("team", 0), view="team"),
        _item(_("Cơ quan khác gửi đến"), "inbox.incoming", incoming),
        _item(_("Đang chờ bên ngoài"), "inbox.waiting"),
    ]
    books = [
        _item(_("Tra cứu hồ sơ"), "dossiers.find"),
        _item(_("Thủ tục"), "catalogue.index"),
    ]
    groups = [Group(_("Việc của tôi"), mine), Group(_("Sổ sách"), books)]
    if actor.stands_in("reception"):
        groups.insert(0, Group(_("Quầy tiếp nhận"), [_item(_("Tiếp nhận mới"), "counter.index")]))
    if permissions.may(actor, "incident.retry"):
        groups.append(Group(_("Vận hành"), [_item(_("Sự cố"), "incidents.index")]))
    return Desk(
        officer_id=actor.officer_id,
        name=actor.name,
        office=standing[0].office_name if standing else "",
        lanes=", ".join(lanes),
        now=now,
        rail=groups,
    )


def _item(title: str, endpoint: str, count: int | None = None, **query: str | None) -> Item:
    here = request.endpoint == endpoint and all(request.args.get(k) == v for k, v in query.items())
    return Item(title, url_for(endpoint, **{k: v for k, v in query.items() if v}), here, count)
