"""What stands around every officer's page: who am I, where, and the list of work on the left."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from werkzeug.local import LocalProxy

from engine.dossiers import inbox, legs
from engine.dossiers.inbox import Counts
from engine.org import directory, permissions
from engine.org.permissions import OVERSEERS
from webapp.labels import english
from webapp.unit import current_actor, current_standing, house, read_session


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
    #: of the inbox
    counts: Counts
    rail: list[Group]


def init_app(app: Flask) -> None:
    # Looked up when a page first draws something of it: those of citizens, and those that say that the database is
    # away, draw nothing.
    app.jinja_env.globals["desk"] = LocalProxy(desk)


def desk() -> Desk:
    """Once a page; the counts are those of the inbox itself."""
    if "desk" not in g:
        g.desk = _desk()
    return cast(Desk, g.desk)


def _desk() -> Desk:
    actor, now = current_actor(), house().clock.now()
    standing = current_standing()
    with read_session() as session:
        counts, incoming = inbox.at_the_desk(session, actor, now)
        # Heads are told of legs that nobody acknowledged in time.
        missed = legs.missed_count(session, actor) or None if any(map(actor.stands_in, OVERSEERS)) else None
    lanes = dict.fromkeys(one.lane_name_en if english() else one.lane_name for one in standing)
    views = counts.by_view
    mine = [
        _item(_("Hộp việc"), "inbox.index", views["all"], view=None),
        _item(_("Chưa ai nhận"), "inbox.index", views["open"], view="open"),
        _item(_("Người khác đang giữ"), "inbox.index", views["team"], view="team"),
        _item(_("Cơ quan khác gửi đến"), "inbox.incoming", incoming),
        _item(_("Đang chờ bên ngoài"), "inbox.waiting"),
        _item(_("Bàn giao hồ sơ, kết quả"), "handovers.index", missed),
    ]
    if actor.stands_in("centre_head"):
        mine.append(_item(_("Xác định thẩm quyền"), "coordination.index"))
    books = [
        _item(_("Tra cứu hồ sơ"), "dossiers.find"),
        *([_item(_("Sổ theo dõi hồ sơ"), "registers.index")] if directory.serves(actor) or actor.stands_in("auditor") else []),
        *([_item(_("Kho kết quả điện tử"), "warehouse.index")] if permissions.may(actor, "warehouse.read") else []),
        _item(pgettext("list", "Thủ tục"), "catalogue.index"),
        _item(pgettext("list", "Cơ quan"), "offices.index"),
        _item(_("Lịch làm việc"), "calendar.index"),
        _item(_("Quy tắc thời hạn"), "calendar.law"),
        _item(_("Giao giải quyết tại quầy"), "delegations.index"),
    ]
    groups = [Group(_("Việc của tôi"), mine), Group(_("Sổ sách"), books)]
    if actor.stands_in("reception"):
        groups.insert(0, Group(_("Quầy tiếp nhận"), [_item(_("Tiếp nhận mới"), "counter.index")]))
    if actor.stands_in("cashier"):
        till = [_item(_("Thu phí, lệ phí"), "cashier.index"), _item(_("Sổ thu trong ngày"), "cashier.day")]
        groups.insert(0, Group(_("Quầy thu"), till))
    if permissions.may(actor, "incident.retry"):
        groups.append(Group(_("Vận hành"), [_item(_("Sự cố"), "incidents.index")]))
    if permissions.may(actor, "paper.manage"):
        lists = [_item(_("Số, ký hiệu, mẫu giấy"), "registers.numbers"), _item(_("Thẩm quyền giải quyết"), "coordination.index")]
        groups.append(Group(_("Danh mục"), lists))
    return Desk(
        officer_id=actor.officer_id,
        name=actor.name,
        office=standing[0].office_name if standing else "",
        lanes=", ".join(lanes),
        now=now,
        counts=counts,
        rail=groups,
    )


def _item(title: str, endpoint: str, count: int | None = None, **query: str | None) -> Item:
    here = request.endpoint == endpoint and all(request.args.get(k) == v for k, v in query.items())
    return Item(title, url_for(endpoint, **{k: v for k, v in query.items() if v}), here, count)
