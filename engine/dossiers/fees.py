"""What a dossier owes: fee rules of its version, tried by priority; an exemption wins and says why.

A rule binds by the day of lodging, the place of the office that decides, the channel, the class of person, then by
what its FEEL says of the answers. Of one fee that several places set, the nearest place's counts.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

import feel
from engine.base.errors import DomainError
from engine.base.ids import digest_of, uuid7
from engine.base.money import dong
from engine.base.questions import Question, those
from engine.catalog.terms import FeeRule, Terms, holds
from engine.dossiers.act import Act
from engine.dossiers.channels import payment_way
from engine.dossiers.facts import for_rules, moments
from engine.ledger.events import ChargeClosed, ChargeCounted, ChargeOpened, ChargeRefunded, ExemptionProved
from engine.org.models import Office
from engine.payments.models import Charge
from forms import places

#: More than any fee of the country: what is above was mistyped.
_MOST = 10**15


class FeeNotWhole(DomainError):
    """A fee is whole dong, not less than 0: with these answers its rule gives something else."""

    kind = "invalid"


class ProofMissing(DomainError):
    """Nobody is exempt without a paper, or a look-up, that shows it."""

    kind = "invalid"


class RefundTooMuch(DomainError):
    """Nobody gets back more than was paid."""

    kind = "invalid"


class ClassUnknown(DomainError):
    """No fee of this procedure asks for this class of person."""

    kind = "invalid"


def check_classes(terms: Terms, facts: Mapping[str, Any]) -> None:
    """What is claimed is asked for and proved. Refusals: ClassUnknown, ProofMissing."""
    proofs = facts.get("fee_proofs") or {}
    for one in facts.get("fee_classes") or ():
        if one not in terms.fee_classes:
            raise ClassUnknown(exempt=one)
        if not str(proofs.get(one) or "").strip():
            raise ProofMissing(exempt=one)


@dataclass(frozen=True)
class Owed:
    """One fee of one dossier: what it would be, what it is, and by which article."""

    rule: FeeRule
    amount: int
    full_amount: int
    basis: str
    #: Class of person for whom it is waived or reduced.
    exempt_class: str | None = None


def assess(terms: Terms, facts: Mapping[str, Any]) -> list[Owed]:
    """Every fee that applies; where an exemption of the same kind holds, the fee is waived or reduced by it.

    Refusal: FeeNotWhole.
    """
    matching = [(rule, _amount(rule, facts)) for rule in binding(terms.fees, facts) if holds(rule.when, facts)]
    waivers: dict[str, FeeRule] = {}
    for rule, amount in matching:
        known = waivers.get(rule.kind)
        if (rule.share is not None or amount == 0) and (known is None or (rule.share or 0) < (known.share or 0)):
            waivers[rule.kind] = rule
    owed = []
    for rule, amount in matching:
        if not amount or rule.share is not None:
            continue
        waiver = waivers.get(rule.kind)
        if waiver is None:
            owed.append(Owed(rule, amount, amount, rule.article))
        else:
            paid = amount * (waiver.share or 0) // 100
            owed.append(Owed(rule, paid, amount, waiver.article, _class_of(waiver, facts)))
    return owed


def free_by(terms: Terms, facts: Mapping[str, Any]) -> list[FeeRule]:
    """Where nothing is owed: the rules that say so, for the applicant who asks why."""
    return [
        rule for rule in binding(terms.fees, facts)
        if rule.tariff is None and holds(rule.when, facts) and _amount(rule, facts) == 0
    ]


def binding(rules: Sequence[FeeRule], facts: Mapping[str, Any]) -> list[FeeRule]:
    """Rules that hold on the day, at the place, for the channel and the person, in their order."""
    day, around = facts.get("lodged_on"), list(facts.get("places") or ())
    there = [
        rule for rule in rules
        if rule.holds_on(day if isinstance(day, date) else None)
        and (rule.place is None or rule.place in around)
        and (not rule.channels or facts.get("channel") in rule.channels)
        and (not rule.classes or _class_of(rule, facts))
    ]
    nearest: dict[str, int] = {}
    for rule in there:
        nearest[rule.id] = min(nearest.get(rule.id, len(around)), _far(rule, around))
    return [rule for rule in there if _far(rule, around) == nearest[rule.id]]


def _far(rule: FeeRule, there: Sequence[str]) -> int:
    return len(there) if rule.place is None else there.index(rule.place)


def _class_of(rule: FeeRule, facts: Mapping[str, Any]) -> str | None:
    held = facts.get("fee_classes") or ()
    return next((one for one in rule.classes if one in held), None)


def _amount(rule: FeeRule, facts: Mapping[str, Any]) -> int:
    if rule.tariff is None:
        return _whole(rule, feel.evaluate(rule.amount, facts))
    counted = feel.evaluate(rule.tariff.pages, facts)
    papers = [_whole(rule, one) for one in (counted if isinstance(counted, list) else [counted])]
    times = _whole(rule, feel.evaluate(rule.tariff.times, facts)) if rule.tariff.times else 1
    one_of_each = sum(by_pages(rule.tariff.steps, pages, rule.tariff.cap) for pages in papers)
    return _whole(rule, one_of_each * times)


def by_pages(steps: Iterable[tuple[int, int]], pages: int, cap: int | None) -> int:
    """2.000 for each page to the second, 1.000 from the third: 3 pages cost 5.000; never more than the cap."""
    ends = [*steps, (pages + 1, 0)]
    amount = sum(max(0, min(after, pages + 1) - first) * each for (first, each), (after, _) in pairwise(ends))
    return amount if cap is None else min(cap, amount)


def _whole(rule: FeeRule, value: Any) -> int:
    """Nothing is 0: what is asked for is still being typed."""
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not 0 <= value <= _MOST or value != int(value):
        raise FeeNotWhole(fee=rule.name, amount=str(value))
    return int(value)


def places_of(session: Session, terms: Terms, office_id: uuid.UUID) -> list[str]:
    """Codes of the commune and the province whose councils may have set a fee of this procedure, the nearest first.

    A department has no place of its own: its fees are those of the province above it.
    """
    office = session.get(Office, office_id) if any(rule.place for rule in terms.fees) else None
    while office and office.place_code is None:
        office = session.get(Office, office.parent_id) if office.parent_id else None
    return places.within(office.place_code) if office and office.place_code else []


def known_of(act: Act) -> dict[str, Any]:
    """What fee rules may read of a dossier."""
    return for_rules(act) | {"places": places_of(act.uow.session, act.terms, act.dossier.competent_office_id)}


def open_charges(act: Act, owed: list[Owed], *, cause: str | None = None) -> None:
    """Rows for what was assessed; a waived fee keeps its full amount, for whoever counts waivers.

    `cause`: why it was assessed after the lodging.
    """
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
            exempt_class=one.exempt_class,
            moment=one.rule.moment,
            cause=cause,
            state="owed" if one.amount else "waived",
            opened_at=act.uow.clock.now(),
        )
        act.uow.session.add(charge)
        act.tell(ChargeOpened(charge_id=str(charge.id), fee=charge.fee, amount=charge.amount))
        if one.exempt_class:
            proof = str(act.dossier.facts["fee_proofs"][one.exempt_class])
            act.tell(
                ExemptionProved(
                    charge_id=str(charge.id),
                    exempt_class=one.exempt_class,
                    basis=one.basis,
                    proof_digest=digest_of(proof.encode()),
                )
            )


def hang_on_result(terms: Terms) -> bool:
    """Whether a fee is owed for some results only: a refusal need not cost what a permit does. `result_kind` is null before."""
    return any("result_kind" in feel.reads(rule.when) for rule in terms.fees if rule.when and not rule.counted_by)


def recount(act: Act) -> dict[str, Any]:
    """What is due at the return, once officers have counted: it takes the place of what was declared."""
    rules = {rule.id: rule for rule in act.terms.fees if rule.counted_by}
    if not rules:
        return _asked_at_the_return(act)
    known = known_of(act)
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
    return _asked_at_the_return(act)


def _asked_at_the_return(act: Act) -> dict[str, Any]:
    """Of any fee: what nobody paid until there was a result is asked for before it is handed over (art. 24(2))."""
    amount = owed(act)
    if not amount:
        return {"amount_due": 0}
    return {"amount_due": amount, "fee_timing": "at_return", "payment_way": payment_way(act.dossier.channel)}


def owed(act: Act) -> int:
    """Dong to be paid now."""
    return sum(row.amount for row in asked(act))


def asked(act: Act) -> list[Charge]:
    """What is owed and due by now: of a fee of a later moment nobody is asked before."""
    come = moments(act.dossier)
    return [row for row in unpaid(act) if row.moment in come]


def unpaid(act: Act) -> Sequence[Charge]:
    """What is owed, now or later."""
    return _in(act, "owed")


def settle(act: Act, rows: Sequence[Charge], state: str, *, way: str | None) -> None:
    """These charges, which were owed, are paid, waived or recorded as a debt; `unpaid` leaves them owed."""
    if state != "unpaid":
        for row in rows:
            row.state, row.way, row.settled_at = state, way, act.uow.clock.now()
    act.tell(ChargeCounted(state=state, amount=sum(row.amount for row in rows), charges=[str(row.id) for row in rows]))


def drop(act: Act, reason: str) -> None:
    """Nothing is owed to a dossier that has ended, however it did."""
    for row in unpaid(act):
        row.state = "cancelled"
        act.tell(ChargeClosed(charge_id=str(row.id), state=row.state, reason=reason))


def close(act: Act, end_reason: str) -> bool:
    """The dossier ended early: whether money must go back, as the record says (art. 21)."""
    facts = known_of(act) | {"end_reason": end_reason}
    refunds = {rule.id for rule in act.terms.fees if rule.refund and holds(rule.refund, facts)}
    paid = [row for row in _in(act, "paid") if row.fee in refunds]
    for row in paid:
        row.state = "refund_due"
        act.tell(ChargeClosed(charge_id=str(row.id), state=row.state, reason=end_reason))
    return bool(paid)


@dataclass(frozen=True)
class Part:
    """So much of one charge goes back."""

    charge: Charge
    amount: int


def refund(act: Act, amount: int) -> list[Part]:
    """Money went back: what was due, or what was paid where an officer decided so; never more than that. How much of which.

    A charge is refunded when all of it went back; until then the rest can follow. Refusal: RefundTooMuch.
    """
    rows, most = _to_refund(act), refundable(act)
    if amount > most:
        raise RefundTooMuch(most=dong(most), amount=dong(amount))
    left, parts = amount, []
    for row in rows:
        if part := min(left, row.amount - row.refunded):
            row.refunded += part
            parts.append(Part(row, part))
            left -= part
    act.tell(ChargeRefunded(amount=amount, parts={str(one.charge.id): one.amount for one in parts}))
    for row in rows:
        if row.refunded == row.amount:
            row.state = "refunded"
            act.tell(ChargeClosed(charge_id=str(row.id), state=row.state))
    return parts


def refundable(act: Act) -> int:
    """What may still go back, in dong: what must, else what was paid."""
    return sum(row.amount - row.refunded for row in _to_refund(act))


def _to_refund(act: Act) -> Sequence[Charge]:
    return _in(act, "refund_due") or _in(act, "paid")


def is_due_back(act: Act) -> bool:
    """Whether something that must go back has not yet."""
    return bool(_in(act, "refund_due"))


def _in(act: Act, state: str) -> Sequence[Charge]:
    """In the order in which they were opened: of that, what goes back first is the same each time."""
    return those(act.uow.session, _IN, dossier_id=act.dossier.id, state=state)


_IN = Question(
    select(Charge)
    .where(Charge.dossier_id == bindparam("dossier_id"), Charge.state == bindparam("state"))
    .order_by(Charge.id)
)
