"""What a dossier owes by the rules of its version."""

from dataclasses import replace

import pytest

from engine.catalog.terms import FeeRule, Terms
from engine.dossiers.fees import assess

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
