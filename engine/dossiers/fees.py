"""What a dossier owes: fee rules of its version, tried by priority; a rule of 0 wins and says why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

import feel
from engine.base.ids import uuid7
from engine.catalog.terms import FeeRule, Terms, holds
from engine.dossiers.act import Act
from engine.dossiers.facts import for_rules
from engine.ledger.events import ChargeClosed, ChargeOpened, ChargeRefunded
from engine.payments.models import Charge


@dataclass(frozen=True)
class Owed:
    """One fee of one dossier: what it would be, what it is, and by which article."""

    rule: FeeRule
    amount: int
    full_amount: int
    basis: str


def assess(terms: Terms, facts: Mapping[str, Any]) -> list[Owed]:
    """Every fee that applies; where a rule of 0 of the same kind holds, the fee is waived by it."""
    matching = [(rule, _amount(rule, facts)) for rule in terms.fees if holds(rule.when, facts)]
    waivers = {rule.kind: rule for rule, amount in reversed(matching) if amount == 0}
    owed = []
    for rule, amount in matching:
        if not amount:
            continue
        waiver = waivers.get(rule.kind)
        paid = 0 if waiver else amount
        owed.append(Owed(rule, paid, amount, waiver.article if waiver else rule.article))
    return owed


def _amount(rule: FeeRule, facts: Mapping[str, Any]) -> int:
    value = feel.evaluate(rule.amount, facts)
    return int(value) if value is not None else 0


def open_charges(act: Act, owed: list[Owed]) -> None:
    """Rows for what was assessed; a waived fee keeps its full amount, for whoever counts waivers."""
    for one in owed:
        charge = Charge(
            id=uuid7(),
            dossier_id=act.dossier.id,
            fee=one.rule.id,
            kind=one.rule.kind,
            name=one.rule.name,
            amount=one.amount,
            full_amount=one.full_amount,
            basis=one.basis,
            moment=one.rule.moment,
            state="owed" if one.amount else "waived",
            opened_at=act.uow.clock.now(),
        )
        act.uow.session.add(charge)
        act.tell(ChargeOpened(charge_id=str(charge.id), fee=charge.fee, amount=charge.amount))


def recount(act: Act, result_kind: str) -> dict[str, Any]:
    """What is due at the return, once officers have counted: it takes the place of what was declared.

    A rule may read `result_kind`: a refusal need not cost what a copy does.
    """
    rules = {rule.id: rule for rule in act.terms.fees if rule.counted_by}
    if not rules:
        return {}
    known = for_rules(act) | {"result_kind": result_kind}
    for step in {rule.counted_by for rule in rules.values() if rule.counted_by}:
        known |= act.answers(step)
    counted = [one for one in assess(act.terms, known) if one.rule.id in rules]
    before = [row for row in _in(act, "owed") if row.fee in rules]
    if {(row.fee, row.amount) for row in before} != {(one.rule.id, one.amount) for one in counted}:
        for row in before:
            row.state = "cancelled"
            act.tell(ChargeClosed(charge_id=str(row.id), state=row.state))
        open_charges(act, counted)
        act.uow.session.flush()
    return {"amount_due": owed(act)}


def owed(act: Act) -> int:
    """Dong still to be paid."""
    return (
        act.uow.session.scalar(
            select(func.coalesce(func.sum(Charge.amount), 0)).filter_by(
                dossier_id=act.dossier.id, state="owed"
            )
        )
        or 0
    )


def settle(act: Act, state: str, *, way: str | None, receipt_no: str | None = None) -> int:
    """Mark what is owed as paid, waived or recorded as a debt; `unpaid` leaves it owed. Returns the sum."""
    rows = _in(act, "owed")
    if state != "unpaid":
        for row in rows:
            row.state, row.way, row.settled_at = state, way, act.uow.clock.now()
            row.receipt_no = receipt_no
    return sum(row.amount for row in rows)


def close(act: Act, end_reason: str) -> bool:
    """The dossier ended early: nothing more is owed. Whether money must go back, as the record says (art. 21)."""
    facts = for_rules(act) | {"end_reason": end_reason}
    refunds = {rule.id for rule in act.terms.fees if rule.refund and holds(rule.refund, facts)}
    owed, paid = _in(act, "owed"), [row for row in _in(act, "paid") if row.fee in refunds]
    for row, state in [*((row, "cancelled") for row in owed), *((row, "refund_due") for row in paid)]:
        row.state = state
        act.tell(ChargeClosed(charge_id=str(row.id), state=state))
    return bool(paid)


def refund(act: Act, amount: int) -> None:
    """Money went back: what was due, or what was paid where an officer decided so."""
    for row in _in(act, "refund_due") or _in(act, "paid"):
        row.state = "refunded"
    act.tell(ChargeRefunded(amount=amount))


def _in(act: Act, state: str) -> Sequence[Charge]:
    return act.uow.session.scalars(select(Charge).filter_by(dossier_id=act.dossier.id, state=state)).all()
