"""What a dossier owes by what is known now takes the place of what it owed before (art. 21, 24).

Nothing that was written is taken back. What is owed and unpaid is replaced; of what was paid the difference is asked for
by a charge of its own, or stands as an excess that goes back. A waived amount is kept with its article.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from engine.dossiers import fees, papers
from engine.dossiers.act import Act
from engine.dossiers.fees import Owed
from engine.ledger.events import ChargeClosed, ChargeExceeded, FeeReassessed
from engine.payments.models import Charge

#: Charges that may still be worked out anew; what is recorded as a debt stays as it was recorded, of others the dossier has ended.
_LIVE = ("owed", "waived", "paid")


@dataclass(frozen=True)
class Difference:
    """What is owed by the answers, papers and result as they are now, and was before."""

    before: int
    after: int


def reckon(act: Act, cause: str) -> Difference | None:
    """Work out each fee by what is known now; None: all is as it was. `cause` is amended | exempted | decided. Refusal: FeeNotWhole."""
    rules = {rule.id for rule in act.terms.fees if not (rule.counted_by and act.dossier.decided_at)}
    if not rules or act.dossier.parent_id or act.dossier.unresolved_at:
        return None  # of a group, and of a place that nobody knows yet, nothing is owed so far
    found = act.uow.session.scalars(select(Charge).filter_by(dossier_id=act.dossier.id).order_by(Charge.id)).all()
    rules -= {one.fee for one in found if one.state == "debt_recorded"}
    rows = [one for one in found if one.state in _LIVE and one.fee in rules]
    now = {one.rule.id: one for one in fees.assess(act.terms, fees.known_of(act)) if one.rule.id in rules}
    before = sum(one.amount - one.excess for one in rows)
    changed = False
    for fee in sorted({*now, *(one.fee for one in rows)}):
        changed |= _settle(act, [one for one in rows if one.fee == fee], now.get(fee), cause)
    if not changed:
        return None
    difference = Difference(before, sum(one.amount for one in now.values()))
    act.uow.session.flush()
    act.tell(FeeReassessed(cause=cause, before=difference.before, after=difference.after))
    if difference.before != difference.after:
        papers.tell_applicant(act, f"fee_{cause}", before=difference.before, after=difference.after)
    return difference


def _settle(act: Act, rows: Sequence[Charge], now: Owed | None, cause: str) -> bool:
    """The rows of one fee; whether anything changed."""
    paid = [one for one in rows if one.state == "paid"]
    open_ = [one for one in rows if one.state != "paid"]
    if not paid:
        if _same(open_, [now] if now else []):
            return False
        _replace(act, open_, [now] if now else [], cause)
        return True
    net = sum(one.amount - one.refunded for one in paid)
    target = now.amount if now else 0
    wanted = _beside(now, net, target)
    same = _same(open_, wanted)
    if not same:
        _replace(act, open_, wanted, cause)
    return _exceed(act, paid, max(0, net - target)) or not same


def _beside(now: Owed | None, net: int, target: int) -> list[Owed]:
    """What stands beside a fee that was paid: the rest that is asked for; what is waived by now, so that it is counted."""
    if now and target > net:
        return [replace(now, amount=target - net, full_amount=target - net)]
    if now and now.exempt_class and target < net:
        return [replace(now, amount=0, full_amount=now.full_amount - target)]
    return []


def _same(rows: Sequence[Charge], wanted: Sequence[Owed]) -> bool:
    are = [(one.amount, one.full_amount, one.basis, one.exempt_class) for one in rows]
    return are == [(one.amount, one.full_amount, one.basis, one.exempt_class) for one in wanted]


def _replace(act: Act, rows: Iterable[Charge], wanted: list[Owed], cause: str) -> None:
    for row in rows:
        row.state = "cancelled"
        act.tell(ChargeClosed(charge_id=str(row.id), state=row.state))
    fees.open_charges(act, wanted, cause=cause)


def _exceed(act: Act, paid: Sequence[Charge], left: int) -> bool:
    """So much of what was paid goes back, of the newest first; what went back before stays in it."""
    changed = False
    for row in reversed(paid):
        part = min(left, row.amount - row.refunded)
        left -= part
        if row.excess != row.refunded + part:
            row.excess, changed = row.refunded + part, True
            act.tell(ChargeExceeded(charge_id=str(row.id), excess=row.excess))
    return changed
