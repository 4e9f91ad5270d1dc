"""What a dossier owes by the rules of its version."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from connectors.ministries.shadow import said
from engine.base.actor import SYSTEM
from engine.catalog.models import Procedure, ProcedureVersion, VersionKind
from engine.catalog.terms import FEE_CLASSES, FeeRule, Terms, terms_of
from engine.dossiers import course
from engine.dossiers.fees import (
    ClassUnknown,
    FeeNotWhole,
    ProofMissing,
    assess,
    by_pages,
    check_classes,
    free_by,
)
from engine.ledger.read import history
from engine.payments.models import Charge
from tests.factories.province import ROOT
from webapp import labels
from webapp.demo.walk import Policy

FEE = FeeRule("F", "le_phi", "Lệ phí", "8000 * copies", "copies > 0", "at_reception", "TT 281/2016", 10)
FREE = replace(FEE, id="F-0", amount="0", when='channel = "online"', article="NQ 12/2025", priority=20)
OTHER = replace(FEE, id="P", kind="phi", amount="20000", when=None, article="TT 75/2022", priority=5)


def terms(*fees: FeeRule) -> Terms:
    return Terms("1.0", "", "", {}, {}, {}, (), fees, (), (), {}, ())


def of_record(code: str) -> Terms:
    record = json.loads((ROOT / "bpmn" / code / "procedure.json").read_text("utf-8"))
    return terms_of(Procedure(code=code, name_vi=""), ProcedureVersion(record=record, kind=VersionKind.PROCEDURE))


class TestAssess:
    @pytest.mark.parametrize(
        ("fees", "facts", "owed"),
        [
            ((FEE,), {"copies": 3}, [("F", 24_000, 24_000, "TT 281/2016")]),
            ((FEE,), {"copies": 0}, []),
            ((FEE,), {}, []),
            ((FREE, FEE), {"copies": 1, "channel": "post"}, [("F", 8_000, 8_000, "TT 281/2016")]),
            # what is waived keeps its sum and says by which article
            ((FREE, FEE), {"copies": 1, "channel": "online"}, [("F", 0, 8_000, "NQ 12/2025")]),
            # of its own kind only
            (
                (FREE, FEE, OTHER),
                {"copies": 1, "channel": "online"},
                [("F", 0, 8_000, "NQ 12/2025"), ("P", 20_000, 20_000, "TT 75/2022")],
            ),
            # nothing to waive is nothing to show
            ((FREE, FEE), {"copies": 0, "channel": "online"}, []),
        ],
    )
    def test_rules_that_hold_are_owed_unless_one_of_zero_waives_them(self, fees, facts, owed):
        found = assess(terms(*fees), facts)

        assert [(one.rule.id, one.amount, one.full_amount, one.basis) for one in found] == owed

    @pytest.mark.parametrize(
        ("pages", "copies", "owed"),
        [([1], 1, 2_000), ([2], 1, 4_000), ([3], 1, 5_000), ([10], 1, 12_000), ([250], 1, 200_000), ([1, 10], 3, 42_000)],
    )
    def test_a_certified_copy_costs_by_the_pages_of_its_original_and_200000_dong_at_most(self, pages, copies, owed):
        """Circular 226/2016/TT-BTC, art. 4: 2,000 dong a page, 1,000 from the third."""
        facts = {"copy_kind": "paper", "originals": [{"pages": one} for one in pages], "copies_each": copies}

        assert [one.amount for one in assess(of_record("2.000815"), facts)] == [owed]

    @pytest.mark.parametrize(
        ("channel", "day", "owed"),
        [("online", "2025-12-31", 115_000), ("online", "2026-01-01", 135_000), ("in_person", "2025-12-31", 135_000)],
    )
    def test_the_day_of_lodging_says_which_row_binds(self, channel, day, owed):
        """63/2023/TT-BTC until 31 December 2025, then 37/2023/TT-BTC again."""
        facts = {"channel": channel, "lodged_on": date.fromisoformat(day)}

        assert [one.amount for one in assess(of_record("3.000347"), facts)] == [owed]

    @pytest.mark.parametrize(
        ("places", "owed"), [([], 8_000), (["01"], 8_000), (["38"], 5_000), (["14857", "38"], 5_000), (["14858", "38"], 0)]
    )
    def test_of_one_fee_the_nearest_council_sets_the_amount(self, places, owed):
        thanh_hoa = replace(FEE, amount="5000", place="38")
        ward = replace(FEE, amount="0", place="14858")

        found = assess(terms(FEE, thanh_hoa, ward), {"copies": 1, "places": places})
        assert sum(one.amount for one in found) == owed

    @pytest.mark.parametrize(("share", "paid"), [(0, 0), (50, 12_000), (33, 7_920)])
    def test_a_class_of_person_pays_the_share_that_is_left_and_the_full_amount_is_kept(self, share, paid):
        half = replace(FEE, id="F-CLASS", amount="0", when=None, classes=("child", "disabled"), share=share, article="Điều 4")

        (one,) = assess(terms(half, FEE), {"copies": 3, "fee_classes": ["disabled"]})
        assert (one.amount, one.full_amount, one.basis, one.exempt_class) == (paid, 24_000, "Điều 4", "disabled")
        assert [one.amount for one in assess(terms(half, FEE), {"copies": 3})] == [24_000]

    @pytest.mark.parametrize(
        ("born", "owed"),
        [
            ({"y": 2010, "m": 11, "d": 24}, 0),
            ({"y": 2010, "m": 11, "d": 23}, 20_000),
            ({"y": 2010}, 0),
            ({"y": 1966, "m": 11, "d": 24}, 20_000),
            ({"y": 1966, "m": 11, "d": 23}, 0),
            ({"y": 1966}, 0),
        ],
    )
    def test_residence_is_free_for_children_and_from_sixty_on_to_the_day(self, born, owed):
        """75/2022/TT-BTC, art. 4; where only the year is known, as it is best for whoever moves."""
        facts = {"mover": {"birth_date": {"m": None, "d": None} | born}, "lodged_on": date(2026, 11, 23), "channel": "in_person"}

        assert [one.amount for one in assess(of_record("1.004222"), facts)] == [owed]

    @pytest.mark.parametrize("one", ["minority_hard_area", "border_island", "orphan", "disabled", "poor_household", "merit_family"])
    def test_residence_is_free_for_whoever_shows_a_class_that_the_circular_names(self, one):
        """75/2022/TT-BTC, art. 4."""
        facts = {"mover": {"birth_date": {"y": 1990, "m": 1, "d": 1}}, "lodged_on": date(2026, 11, 23), "channel": "in_person"}

        (owed,) = assess(of_record("1.004222"), facts | {"fee_classes": [one]})
        assert (owed.amount, owed.full_amount, owed.exempt_class) == (0, 20_000, one)

    @pytest.mark.parametrize(
        ("code", "declared", "full"),
        [
            ("1.013978", {"wants_certificate": True, "has_house": True}, [100_000, 500_000]),
            ("1.013831", {"change_kind": "transfer", "new_certificate": "new"}, [50_000, 500_000]),
            ("1.001612", {}, [150_000]),
            ("1.010733", {"project": {"capital": 5_000_000_000}}, [5_000_000]),
            ("1.013225", {"variant": "house_household"}, [75_000]),
        ],
    )
    def test_what_the_council_of_thanh_hoa_sets_is_nothing_online_and_the_full_amount_is_kept(self, code, declared, full):
        """12/2025/NQ-HĐND: 0 dong online, for phí and lệ phí within its authority, from July 2025."""
        facts = declared | {"channel": "online", "lodged_on": date(2026, 11, 23)}
        there = assess(of_record(code), facts | {"places": ["14857", "38"]})
        elsewhere = assess(of_record(code), facts | {"places": ["01"]})

        assert [(one.amount, one.full_amount) for one in there] == [(0, amount) for amount in full]
        assert all(one.basis.startswith("Nghị quyết 12/2025/NQ-HĐND") for one in there)
        assert [one.amount for one in elsewhere] == full
        assert [one.amount for one in assess(of_record(code), facts | {"places": ["38"], "lodged_on": date(2025, 6, 30)})] == full

    @pytest.mark.parametrize("code", ["2.000635", "1.004222", "3.000347"])
    def test_what_the_ministry_of_finance_sets_is_owed_online_too(self, code):
        facts = {"channel": "online", "lodged_on": date(2026, 11, 23), "places": ["38"], "copies_count": 1}

        assert all(one.amount for one in assess(of_record(code), facts))

    @pytest.mark.parametrize("code", ["1.013978", "1.013831"])
    def test_a_poor_household_pays_no_charge_for_a_certificate_and_the_appraisal(self, code):
        facts = {"wants_certificate": True, "change_kind": "transfer", "fee_classes": ["poor_household"], "channel": "in_person"}

        assert [one.amount for one in assess(of_record(code), facts)] == [0, 500_000]

    @pytest.mark.parametrize("amount", ["-5", "7.5", "8000 * copies", '"abc"', "10 ** 20", "[8000]"])
    def test_what_is_no_whole_amount_is_refused_in_words_and_never_cut(self, amount):
        with pytest.raises(FeeNotWhole) as refused:
            assess(terms(replace(FEE, amount=amount)), {"copies": 0.33333})

        assert refused.value.facts["fee"] == "Lệ phí"

    def test_where_nothing_is_owed_the_rule_that_says_so_is_known(self):
        """Birth within sixty days: 60/2014/QH13, art. 11."""
        facts = {"lodged_on": date(2026, 11, 23), "child": {"birth_date": "2026-11-01"}, "copies_count": 0}

        assert assess(of_record("1.001193"), facts) == []
        assert [rule.article for rule in free_by(of_record("1.001193"), facts) if not rule.channels][:1] == ["60/2014/QH13 Điều 11"]

    @settings(max_examples=200)
    @given(pages=st.integers(0, 2_000), cap=st.none() | st.integers(0, 300_000))
    def test_a_page_more_never_costs_less_nor_more_than_the_first_step(self, pages, cap):
        steps = ((1, 2_000), (3, 1_000))
        less, more = by_pages(steps, pages, cap), by_pages(steps, pages + 1, cap)

        assert 0 <= more - less <= 2_000
        assert cap is None or more <= cap


def test_every_class_that_a_fee_may_ask_for_has_its_words():
    assert list(labels.FEE_CLASSES) == list(FEE_CLASSES)


class TestClasses:
    TERMS = replace(terms(replace(FEE, classes=("disabled",), amount="0", when=None), FEE))

    @pytest.mark.parametrize("proofs", [{}, {"disabled": "  "}, {"child": "Giấy khai sinh"}])
    def test_nobody_is_exempt_without_a_proof(self, proofs):
        with pytest.raises(ProofMissing):
            check_classes(self.TERMS, {"fee_classes": ["disabled"], "fee_proofs": proofs})

    def test_a_class_that_no_fee_asks_for_is_not_taken(self):
        with pytest.raises(ClassUnknown):
            check_classes(self.TERMS, {"fee_classes": ["elderly"], "fee_proofs": {"elderly": "Căn cước"}})


@pytest.mark.usefixtures("ledger_and_rows_agree")
def test_what_a_ministry_took_itself_is_told_once_and_stands_in_the_ledger_as_in_the_rows(ward):
    lodged = ward.lodge("1.004222", channel="online")
    ward.walk(lodged, Policy(rest_at=("lodge_there", "ask_ministry")))
    for state in ("DA_TIEP_NHAN", "DANG_XU_LY"):
        (asks,) = [one for one in ward.waits(lodged).values() if one.kind == "service"]
        with ward.act(SYSTEM) as uow:
            course.answer_service(uow, asks.id, said("1.004222", {"state": state, "code": "CT-1", "fee_receipt_no": "BL-7"}))
        ward.walk(lodged, Policy(rest_at=("ask_ministry",)))

    with ward.sessions() as session:
        (charge,) = session.scalars(select(Charge).filter_by(dossier_id=lodged.dossier_id))
        told = [one.payload for one in history(session, lodged.dossier_id) if one.type == "charge.counted"]
    assert (charge.state, charge.receipt_no) == ("paid", "BL-7")
    assert told == [{"state": "paid", "amount": 10_000, "charges": [str(charge.id)]}]
