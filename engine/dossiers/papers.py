"""The statutory slips and notices of a dossier, as data; printing is a matter of templates."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.orm import aliased

from engine.base.clock import VIETNAM
from engine.base.ids import digest_of, uuid7
from engine.base.money import dong, in_words
from engine.base.questions import Question, ask, those
from engine.catalog.terms import holds
from engine.documents import checklist, numbers
from engine.documents.models import Component, Slip
from engine.documents.paper_models import COUNTRY
from engine.dossiers import facts, limits, people, steps
from engine.dossiers.act import Act
from engine.dossiers.fees import Part
from engine.dossiers.models import Task
from engine.dossiers.place import ADDRESSES
from engine.ledger.events import SlipIssued
from engine.notices.models import Notice
from engine.org.models import Office, Officer
from engine.payments.models import Charge
from forms import places


def slip(act: Act, kind: str, *, decides: bool = False, number: str | None = None, **extra: Any) -> Slip:
    """Issue a slip with what every form shows (Circular 03/2025, annex I) and what this one adds.

    It comes from the office that receives, or (`decides`) from the one that decides, and bears the next number of its
    register there, unless it was numbered already.
    """
    dossier = act.dossier
    office_id = dossier.competent_office_id if decides else dossier.receiving_office_id
    data = _head(act, office_id) | extra
    row = Slip(
        id=uuid7(),
        dossier_id=dossier.id,
        office_id=office_id,
        kind=kind,
        number=number or numbers.allocate(act.uow, office_id, kind),
        made_at=act.uow.clock.now(),
        made_by=act.uow.actor.officer_id,
        data=data,
        digest=digest_of(data),
    )
    act.uow.session.add(row)
    act.tell(SlipIssued(slip_id=str(row.id), kind=kind, number=row.number, data_digest=row.digest))
    return row


def receipt(act: Act) -> Slip:
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả (Mẫu 01), made again when the clock restarts."""
    dossier = act.dossier
    deadline = steps.running(act)
    return slip(
        act,
        "receipt",
        components=handed_in(act),
        sets=1,
        charges=[
            {"name": row.name, "amount": row.amount, "basis": row.basis, "state": row.state} for row in _charges(act)
        ],
        statutory=statutory(act),
        due_at=dossier.due_at.isoformat() if dossier.due_at else None,
        due_lines=deadline.lines if deadline else [],
        return_way=dossier.return_way,
    )


#: Under which is kept what the applicant was told of a visit.
VISIT = "visit"


def site_minutes(act: Act, said: Mapping[str, Any]) -> None:
    """Biên bản kiểm tra thực địa, under the number that those present signed it with."""
    told = act.answers(VISIT)
    announced = {name: told[name] for name in ("at", "place", "people", "told_at")} if told else None
    slip(act, "site_minutes", decides=True, number=said["minutes_no"], announced=announced, **_found(said))


def _found(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was seen there, without what is only ticked."""
    names = ("visited_at", "state", "access_m", "photos", "disputes", "fits_dossier", "conclusion")
    rows = {name: said.get(name) or [] for name in ("present", "dimensions", "neighbours")}
    return {name: said.get(name) for name in names} | rows


def council_minutes(act: Act, said: Mapping[str, Any]) -> None:
    """Biên bản phiên họp hội đồng thẩm định: who was there, what was said, how the votes fell (72/2020/QH14, art. 34)."""
    facts_ = {name: said.get(name) for name in ("held_on", "minutes", "council_vote")} | {"held_at": said.get("place")}
    slip(act, "council_minutes", decides=True, number=said["minutes_no"], members=said.get("members") or [], **facts_)


def supplement(
    act: Act, items: Sequence[Mapping[str, Any]], due: datetime | str | None, *, after_acceptance: bool
) -> Slip:
    """Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ (Mẫu 02): everything that is missing, once, each with its counts.

    A ministry's system says by when as it says it, or not at all.
    """
    components = {row.key: row for row in _components(act)}

    def counted(item: Mapping[str, Any]) -> dict[str, Any]:
        row = components.get(item.get("component") or "")
        return dict(item) | (_counts(row) if row else {"originals": 0, "certified": 0, "copies": 0})

    return slip(
        act,
        "supplement",
        items=[counted(one) for one in items],
        due_at=due.isoformat() if isinstance(due, datetime) else due,
        after_acceptance=after_acceptance,
    )


def refusal(act: Act, reason: str) -> Slip:
    """Phiếu từ chối tiếp nhận hồ sơ (Mẫu 03), before acceptance (art. 17)."""
    return slip(act, "refusal", reason=reason, assessed=False, returned=handed_in(act, originals=True))


def refusal_assessed(act: Act) -> Slip:
    """Mẫu 03 after assessment, with the reason and the number of the refusal that was signed (art. 19(3))."""
    said = act.last_with("refusal_reason")
    return slip(
        act,
        "refusal",
        decides=True,
        number=act.dossier.result_number or None,
        assessed=True,
        signed_by=_signed_by(act),
        reason=said.get("refusal_reason") or "",
        article=said.get("article") or "",
        next_step=said.get("next_step") or "",
        returned=handed_in(act, originals=True),
    )


def _signed_by(act: Act) -> str:
    """Who of the leaders signed last."""
    signed = (
        select(Officer.name)
        .join(Task, Task.done_by == Officer.id)
        .where(Task.dossier_id == act.dossier.id, Task.lane == "leader", Task.done_how == "completed")
        .order_by(Task.done_at.desc())
    )
    return act.uow.session.scalar(signed.limit(1)) or ""


def stop(act: Act, reason: str, *, ground: str) -> Slip:
    """Thông báo dừng giải quyết hồ sơ (Mẫu 05): who wanted it and why, from when, what goes back (art. 21)."""
    return slip(
        act,
        "stop",
        decides=ground != "withdrawn" and act.dossier.accepted_at is not None,
        reason=reason,
        ground=ground,
        effective_at=act.uow.clock.now().isoformat(),
        returned=handed_in(act, originals=True),
        refunds=[{"name": row.name, "amount": row.amount} for row in _refunds(act, ground)],
    )


def _refunds(act: Act, ground: str) -> list[Charge]:
    """What was paid and goes back by the record's rules, whether that is entered already or follows from this end."""
    known = facts.for_rules(act) | {"end_reason": "withdrawn" if ground == "withdrawn" else "stopped"}
    back = {rule.id for rule in act.terms.fees if rule.refund and holds(rule.refund, known)}
    return [row for row in _charges(act) if row.state == "refund_due" or (row.state == "paid" and row.fee in back)]


def fee_receipt(
    act: Act,
    kind: str,
    *,
    lines: Sequence[Mapping[str, Any]],
    payer: str | None = None,
    payer_address: str | None = None,
    way: str = "cash",
    series: str = "",
    form: str = "",
    number: str | None = None,
) -> Slip:
    """Biên lai thu phí or lệ phí (`kind`: phi | le_phi), each on its own paper (Decree 123/2020, art. 30).

    `lines` are {name, amount, basis}; without a `number` the next of the office's register is taken.
    """
    amount = sum(int(one["amount"]) for one in lines)
    return slip(
        act,
        f"fee_receipt_{kind}",
        number=number,
        payer=payer or act.dossier.submitter_name,
        payer_address=payer_address,
        lines=[dict(one) for one in lines],
        amount=amount,
        words=in_words(amount),
        way=way,
        series=series,
        form=form,
    )


def fee_refund(act: Act, amount: int, *, way: str, why: str, parts: Sequence[Part], receiver: str | None = None) -> Slip:
    """Phiếu chi hoàn trả phí, lệ phí: what goes back of which receipts, and why, to be signed by whoever receives it."""
    return slip(
        act,
        "fee_refund",
        receiver=receiver or act.dossier.submitter_name,
        lines=[_given_back(one) for one in parts],
        amount=amount,
        words=in_words(amount),
        way=way,
        why=why,
    )


def _given_back(part: Part) -> dict[str, Any]:
    """What was taken; where not all of it goes back, how much does."""
    row = part.charge
    name = row.name if part.amount == row.amount else f"{row.name} (hoàn {dong(part.amount)})"
    return {"name": name, "amount": row.amount, "receipt_no": row.receipt_no}


def result_registers(act: Act, variables: Mapping[str, Any]) -> tuple[str, ...]:
    """The registers of the deciding office in which the document is numbered that is signed now, the first with a pattern."""
    match document_kind(variables):
        case "refusal":
            return ("refusal",)
        case "interim":
            return ("document",)
    return (f"result.{act.terms.code}", "result")


def document_kind(variables: Mapping[str, Any]) -> str:
    """What is signed: a correction says so when it starts; a refusal after assessment follows from its outcome."""
    refused = variables.get("examination_outcome") == "ineligible"
    return str(variables.get("document_kind") or ("refusal" if refused else "result"))


def statutory(act: Act) -> str:
    """How long the law gives, in its words."""
    if own := limits.of_group(act):
        return str(own["text"])
    if rule := act.terms.limit(facts.for_rules(act)):
        return rule.text
    return f"{act.dossier.agreed_days} ngày làm việc, theo thỏa thuận" if act.dossier.agreed_days else ""


def handed_in(act: Act, *, originals: bool = False) -> list[dict[str, Any]]:
    """What was found good, with its counts; or only what lies in the house on paper and is the applicant's."""
    rows = [
        {"name": row.name, "obtained_by": row.obtained_by} | _counts(row)
        for row in _components(act)
        if row.verdict == "ok"
    ]
    if not originals:
        return rows
    return [one for one in rows if one["obtained_by"] in (None, "paper", "scan") and any(map(one.get, _COUNTS))]


_COUNTS = ("originals", "certified", "copies")


def _counts(row: Component) -> dict[str, int]:
    return {name: getattr(row, name) for name in _COUNTS}


def _components(act: Act) -> Sequence[Component]:
    return checklist.lines(act.uow.session, act.dossier.id)


def _charges(act: Act) -> Sequence[Charge]:
    return those(act.uow.session, _CHARGES, dossier_id=act.dossier.id)


_CHARGES = Question(
    select(Charge).where(Charge.dossier_id == bindparam("dossier_id")).order_by(Charge.kind, Charge.name)
)


def _head(act: Act, office_id: uuid.UUID) -> dict[str, Any]:
    dossier = act.dossier
    offices = _offices(act, office_id)
    office, above = offices[office_id], offices.get(offices[office_id].parent_id)
    return {
        "parent_office": above.name if above else "",
        "office": office.name,
        "office_phone": office.phone or "",
        "office_address": office.address or "",
        "receiving_office": offices[dossier.receiving_office_id].name,
        "competent_office": offices[dossier.competent_office_id].name,
        "helping_office": offices[dossier.helping_office_id].name if dossier.helping_office_id else "",
        **place_of(_places(offices, office_id)),
        "code": dossier.code,
        "reference": dossier.reference,
        "secret": dossier.secret,
        "procedure": {"code": act.terms.code, "name": act.terms.name},
        "channel": dossier.way,
        **_people(act),
        "lodged_at": dossier.lodged_at.isoformat(),
        "accepted_at": dossier.accepted_at.isoformat() if dossier.accepted_at else None,
        "made_on": act.uow.clock.now().astimezone(VIETNAM).date().isoformat(),
        "officer": act.uow.actor.name,
    }


_OFFICE, _ABOVE, _TOP = aliased(Office), aliased(Office), aliased(Office)
_WITH_THOSE_ABOVE = Question(
    select(_OFFICE, _ABOVE, _TOP)
    .where(_OFFICE.id == any_(bindparam("wanted", type_=ARRAY(Uuid))))
    .outerjoin(_ABOVE, _ABOVE.id == _OFFICE.parent_id)
    .outerjoin(_TOP, _TOP.id == _ABOVE.parent_id)
)


def _offices(act: Act, office_id: uuid.UUID) -> dict[uuid.UUID | None, Office]:
    """The offices of the dossier, and all above the one that writes; three levels at most (no districts)."""
    wanted = {office_id, act.dossier.receiving_office_id, act.dossier.competent_office_id}
    if act.dossier.helping_office_id:
        wanted.add(act.dossier.helping_office_id)
    (rows,) = ask(act.uow.session, {"wanted": [*wanted]}, _WITH_THOSE_ABOVE)
    return {office.id: office for row in rows for office in row if office}


def _places(offices: Mapping[uuid.UUID | None, Office], office_id: uuid.UUID) -> list[str]:
    """Codes of the places of an office and of those above it."""
    office: Office | None = offices[office_id]
    codes = []
    while office:
        codes += [office.place_code] if office.place_code else []
        office = offices.get(office.parent_id)
    return codes


def place_of(codes: Sequence[str]) -> dict[str, str]:
    """The place that the line of the date names (Decree 30/2020, annex I), the nearest, and the province, the last."""
    if not codes:
        return {"place": "", "province": COUNTRY}
    place = places.provinces().get(codes[0].zfill(2)) or places.all_communes().get(codes[0].zfill(5), "")
    return {"place": _bare(place), "province": codes[-1].zfill(2)}


def _bare(place: str) -> str:
    """`Phường Hạc Thành` -> `Hạc Thành`; a name that is a number keeps its kind (`Phường 1`)."""
    for kind in ("Tỉnh ", "Thành phố ", "Phường ", "Xã ", "Đặc khu "):
        bare = place.removeprefix(kind)
        if bare != place and not bare[:1].isdigit():
            return bare
    return place


def _people(act: Act) -> dict[str, Any]:
    """Who handed it in, who asks, and whom it is about: each with their own data (art. 6; Mẫu 01)."""
    dossier, declared = act.dossier, act.answers("lodge")
    applicant = {
        "name": dossier.applicant_name,
        "personal_id": dossier.applicant_personal_id or "",
        "phone": dossier.applicant_phone or "",
        "email": dossier.applicant_email or "",
        "address": dossier.applicant_address or _address(declared, act.terms.applicant.get("name", "")),
    }
    owner = {
        "name": dossier.owner_name,
        "address": _address(declared, act.terms.applicant.get("owner_name", "")) or applicant["address"],
    }
    submitter: dict[str, Any] = dict(applicant)
    if dossier.is_proxy:
        given = declared.get("proxy") or {}
        words = {name: str(given.get(name) or "") for name in ("personal_id", "phone", "email", "relation")}
        authorised = {name: str(given.get(name) or "") for name in ("authorisation_no", "authorisation_date")}
        submitter = {"name": dossier.submitter_name, "address": _address(declared, "proxy.full_name"), **words, **authorised}
        row = next((one for one in people.representatives(act) if one.role == "submitter"), None)
        if row and row.number:
            until = row.valid_until.isoformat() if row.valid_until else ""
            submitter |= {"authorisation_kind": row.kind, "authorisation_until": until, "scope": row.scope}
    return {"submitter": submitter, "applicant": applicant, "owner": owner, "is_proxy": dossier.is_proxy}


def _address(declared: Mapping[str, Any], name_path: str) -> str:
    """The address beside a name in a declaration, in one line; empty where none was asked for."""
    person: Any = declared
    for part in name_path.split(".")[:-1]:
        person = person.get(part) if isinstance(person, Mapping) else None
    if not isinstance(person, Mapping):
        return ""
    found = next((one for key in ADDRESSES if isinstance(one := person.get(key), Mapping)), {})
    commune = places.all_communes().get(str(found.get("commune") or ""), "")
    province = places.provinces().get(str(found.get("province") or ""), "")
    if province and not province.startswith("Thành phố"):
        province = f"tỉnh {province}"
    return ", ".join(str(part) for part in (found.get("detail"), _inside(commune), _inside(province)) if part)


def _inside(place: str) -> str:
    """`Phường Hạc Thành` within a line: `phường Hạc Thành`."""
    return place[:1].lower() + place[1:]


def tell_applicant(act: Act, template: str, **facts: Any) -> None:
    """Leave a notice for the applicant; the tracking page shows it."""
    act.uow.session.add(
        Notice(
            dossier_id=act.dossier.id, template=template, facts=facts, made_at=act.uow.clock.now()
        )
    )
