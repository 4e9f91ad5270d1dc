"""What a dossier owes by the rules of its version."""

import json
from dataclasses import replace

import pytest

from engine.catalog.terms import FeeRule, Terms
from engine.dossiers.fees import assess
from tests.factories.province import ROOT

FEE = FeeRule("F", "le_phi", "Lệ phí", "8000 * copies", "copies > 0", "at_reception", "TT 281/2016", 10)
FREE = replace(FEE, id="F-0", amount="0", when='channel = "online"', article="NQ 12/2025", priority=20)
OTHER = replace(FEE, id="P", kind="phi", amount="20000", when=None, article="TT 75/2022", priority=5)


def terms(*fees: FeeRule) -> Terms:
    return Terms("1.0", "", "", {}, {}, (), fees, (), (), {}, ())


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
        record = json.loads((ROOT / "bpmn" / "2.000815" / "procedure.json").read_text("utf-8"))
        (row,) = (row for row in record["fees"] if row["id"] == "F-CERT")
        rule = FeeRule("F-CERT", "phi", "Phí", row["amount"], row["when"], row["moment"], row["article"], 20)
        facts = {"copy_kind": "paper", "originals": [{"pages": one} for one in pages], "copies_each": copies}

        assert [one.amount for one in assess(terms(rule), facts)] == [owed]
