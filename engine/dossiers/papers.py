"""The statutory slips and notices of a dossier, as data; printing is a matter of templates."""

from typing import Any

from sqlalchemy import func, select

from engine.base.clock import VIETNAM
from engine.base.ids import digest_of, uuid7
from engine.documents.models import Component, Slip
from engine.dossiers import limits
from engine.dossiers.act import Act
from engine.ledger.events import SlipIssued
from engine.notices.models import Notice
from engine.org.models import Office
from engine.payments.models import Charge


def slip(act: Act, kind: str, **extra: Any) -> Slip:
    """Issue a slip with what every form shows (Circular 03/2025, annex I) and what this one adds."""
    session, dossier, now = act.uow.session, act.dossier, act.uow.clock.now()
    count = session.scalar(select(func.count()).select_from(Slip).filter_by(dossier_id=dossier.id, kind=kind))
    data = _head(act) | extra
    row = Slip(
        id=uuid7(),
        dossier_id=dossier.id,
        kind=kind,
        number=f"{dossier.code or dossier.reference}/{(count or 0) + 1}",
        made_at=now,
        made_by=act.uow.actor.officer_id,
        data=data,
        digest=digest_of(data),
    )
    session.add(row)
    act.tell(SlipIssued(slip_id=str(row.id), kind=kind, number=row.number, data_digest=row.digest))
    return row


def receipt(act: Act) -> Slip:
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả (Mẫu 01), made again when the clock restarts."""
    session, dossier = act.uow.session, act.dossier
    components = session.scalars(
        select(Component).filter_by(dossier_id=dossier.id).order_by(Component.position)
    )
    charges = session.scalars(select(Charge).filter_by(dossier_id=dossier.id))
    deadline = limits.running(act)
    return slip(
        act,
        "receipt",
        components=[
            {
                "name": row.name,
                "originals": row.originals,
                "certified": row.certified,
                "copies": row.copies,
                "obtained_by": row.obtained_by,
            }
            for row in components
            if row.verdict == "ok"
        ],
        charges=[
            {"name": row.name, "amount": row.amount, "basis": row.basis, "state": row.state}
            for row in charges
        ],
        due_at=dossier.due_at.isoformat() if dossier.due_at else None,
        due_lines=deadline.lines if deadline else [],
        return_way=dossier.return_way,
    )


def _head(act: Act) -> dict[str, Any]:
    session, dossier = act.uow.session, act.dossier
    receiving = session.get_one(Office, dossier.receiving_office_id)
    competent = session.get_one(Office, dossier.competent_office_id)
    parent = session.get(Office, receiving.parent_id) if receiving.parent_id else None
    return {
        "parent_office": parent.name if parent else "",
        "office": receiving.name,
        "office_phone": receiving.phone or "",
        "office_address": receiving.address or "",
        "competent_office": competent.name,
        "code": dossier.code,
        "reference": dossier.reference,
        "secret": dossier.secret,
        "procedure": {"code": act.terms.code, "name": act.terms.name},
        "channel": dossier.channel,
        "applicant": dossier.applicant_name,
        "owner": dossier.owner_name,
        "submitter": dossier.submitter_name,
        "personal_id": dossier.applicant_personal_id or "",
        "phone": dossier.applicant_phone or "",
        "email": dossier.applicant_email or "",
        "address": dossier.applicant_address or "",
        "lodged_at": dossier.lodged_at.isoformat(),
        "accepted_at": dossier.accepted_at.isoformat() if dossier.accepted_at else None,
        "made_on": act.uow.clock.now().astimezone(VIETNAM).date().isoformat(),
        "officer": act.uow.actor.name,
    }


def tell_applicant(act: Act, template: str, **facts: Any) -> None:
    """Leave a notice for the applicant; the tracking page shows it."""
    act.uow.session.add(
        Notice(
            dossier_id=act.dossier.id, template=template, facts=facts, made_at=act.uow.clock.now()
        )
    )
