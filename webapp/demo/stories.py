"""What becomes of the demo's dossiers: which procedure, how many, how lodged, how far they went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from webapp.demo.walk import Policy


class Seat(StrEnum):
    """Who decides: a staffed commune, or a department whose counter is that of the provincial centre."""

    COMMUNE = "commune"
    JUSTICE = "H56.03"
    CONSTRUCTION = "H56.07"
    ENVIRONMENT = "H56.06"


@dataclass(frozen=True)
class Story:
    """One kind of dossier. `rest` are the steps at which it still lies today; none: it went to its end."""

    code: str
    count: int
    rest: tuple[str, ...] = ()
    channel: str = "in_person"
    answers: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    #: Events that happen instead of the good news.
    events: tuple[str, ...] = ()
    seat: Seat = Seat.COMMUNE
    #: Lodged at the provincial centre for a commune.
    elsewhere: bool = False
    withdrawn: bool = False
    #: Typed by an officer for a citizen.
    assisted: bool = False

    def policy(self) -> Policy:
        """The same for each dossier, in lists of its own."""
        answers = {step: [dict(one) for one in given] for step, given in self.answers.items()}
        return Policy(answers=answers, events=list(self.events), rest_at=self.rest)


#: Lies untouched at reception, or waits for what the intake asked the outside.
NEW = ("check_dossier",)
_SUPPLEMENT = {"examination_outcome": "supplement"}
ASKED = {step: [_SUPPLEMENT] for step in ("verify_documents", "examine_request", "weigh_findings", "search_book",
                                           "examine_beneficiary", "examine_dossier")}  # fmt: skip
TOLD = {"check_dossier": [{"reception_outcome": "supplement"}]}
REFUSED = {"check_dossier": [{"reception_outcome": "refuse"}]}
INELIGIBLE = {step: [{"examination_outcome": "ineligible"}] for step in ("examine_beneficiary", "examine_dossier")}
_SUPPORTED = {"confirm_benefits": [{"support_benefit": True}]}
_CONSULTED = {"plan_consultation": [{"consultation_needed_flag": True}]}

_COUNCIL = [
    {"name": name, "role": role, "body": body}
    for name, role, body in (
        ("Lê Văn An", "chair", "Sở Nông nghiệp và Môi trường"),
        ("Trần Thị Bích", "secretary", "Sở Nông nghiệp và Môi trường"),
        ("Đỗ Văn Cường", "reviewer", "Sở Xây dựng"),
        ("Hà Thị Dung", "reviewer", "Trường Đại học Hồng Đức"),
        ("Vũ Văn Em", "member", "Sở Khoa học và Công nghệ"),
        ("Mai Thị Giang", "member", "Hội Bảo vệ thiên nhiên và môi trường"),
        ("Bùi Văn Hòa", "member", "Ủy ban nhân dân phường Hạc Thành"),
    )
]


def _appraised(vote: str) -> dict[str, list[dict[str, Any]]]:
    """A council was set up, sat, and voted so, all of one mind."""
    votes = [{"name": one["name"], "role": one["role"], "vote": vote} for one in _COUNCIL]
    return {
        "propose_council": [{"members": _COUNCIL}],
        "hold_council": [{"members": votes, "council_vote": vote}],
        "record_appraisal": [{"appraisal_outcome": vote}],
    }


OF_COMMUNES = (
    Story("2.000635", 30),
    Story("2.000635", 5, NEW, "online"),
    Story("2.000635", 1, NEW, "vneid"),
    Story("2.000635", 1, NEW, "kiosk"),
    Story("2.000635", 1, NEW, "online", assisted=True),
    Story("2.000635", 6, ("take_payment",)),
    Story("2.000635", 8, ("examine_request",)),
    Story("2.000635", 4, ("preview_confirmed", "preview_silent"), "online"),
    Story("2.000635", 6, ("sign_draft",)),
    Story("2.000635", 4, ("transfer_acknowledged",), elsewhere=True),
    Story("2.000635", 2, NEW, elsewhere=True),
    Story("2.000635", 2, ("approve_refusal",), answers=REFUSED, elsewhere=True),
    Story("2.000908", 13),
    Story("2.000908", 6, ("search_book",), "post"),
    Story("2.000908", 3, ("supplement_received", "supplement_expired"), answers=ASKED),
    Story("1.001193", 27),
    Story("1.001193", 8, NEW, "online"),
    Story("1.001193", 10, ("verify_documents",)),
    Story("1.001193", 5, ("number_and_seal",)),
    Story("1.001193", 6, ("hand_over_result",)),
    Story("1.001193", 4, ("completion_received", "completion_expired"), "online", TOLD),
    Story("1.001193", 3, ("approve_refusal",), answers=REFUSED),
    Story("1.001193", 3, answers=REFUSED),
    Story("1.001193", 3, ("supplement_received", "supplement_expired"), answers=ASKED),
    Story("1.000656", 8),
    Story("1.000656", 3, ("verify_documents",)),
    Story("1.000656", 2, ("take_payment",)),
    Story("2.000815", 12),
    Story("2.000815", 3, ("compare_original",)),
    Story("2.000815", 2, ("take_payment",)),
    Story("1.001731", 1),
    Story("1.014028", 4),
    Story("1.014028", 2, ("examine_claim",)),
    Story("3.000347", 3),
    Story("3.000347", 2, ("examine_licence",)),
    Story("3.000347", 1, ("send_data",)),
    Story("2.001827", 3),
    Story("2.001827", 2, ("inspect_site",)),
    Story("2.001827", 1, ("take_payment",)),
    Story("3.000722", 4, channel="online"),
    Story("3.000722", 2, ("verify_documents",), "online"),
    Story("2.002913", 3, channel="online", answers=_SUPPORTED),
    Story("2.002913", 1, ("examine_claim",), "online", _SUPPORTED),
    Story("1.000894", 11),
    Story("1.000894", 5, ("verify_conditions",)),
    Story("1.000894", 3, ("attend_signing",)),
    Story("1.000894", 3, ("sign_draft",), withdrawn=True),
    Story("1.013225", 10),
    Story("1.013225", 5, ("assess_dossier",)),
    Story("1.013225", 4, ("visit_site",)),
    Story("1.013225", 3, ("consultation_overdue", "answers_complete"), answers=_CONSULTED),
    Story("1.013225", 4, ("review_draft",)),
    Story("1.013225", 3, ("supplement_received", "supplement_expired"), answers=ASKED),
    Story("1.013225", 2, answers=ASKED, events=("supplement_expired",)),
    Story("1.001776", 10),
    Story("1.001776", 6, ("assign_specialist",)),
    Story("1.001776", 6, ("examine_beneficiary",)),
    Story("1.001776", 3, answers=INELIGIBLE),
    Story("1.001776", 4, ("enter_pay_list",)),
    # on the one-stop frame
    Story("1.013227", 4),
    Story("1.013227", 3, ("examine_dossier",)),
    Story("1.000419", 3, ("draft_result",)),
)

#: The rests of the frame, with how many dossiers lie at each.
_FRAME = (
    (NEW, 2),
    (("assign_specialist",), 2),
    (("examine_dossier",), 3),
    (("review_draft",), 2),
    (("sign_draft",), 2),
    (("number_and_seal",), 1),
    (("hand_over_result",), 2),
)


def _of_department(seat: Seat, *codes: str) -> tuple[Story, ...]:
    """Work in every lane of a department and of the centre that receives for it, its procedures in turn."""
    ended = (Story(codes[0], 5, seat=seat), Story(codes[1], 3, seat=seat, answers=INELIGIBLE))
    asked = Story(codes[-1], 1, ("supplement_received", "supplement_expired"), answers=ASKED, seat=seat)
    resting = tuple(
        Story(codes[number % len(codes)], count, rest, seat=seat) for number, (rest, count) in enumerate(_FRAME)
    )
    return (*ended, asked, *resting)


STORIES = (
    *OF_COMMUNES,
    # with a fee, for the cashier of the centre
    Story("1.013836", 3, ("take_payment",), seat=Seat.JUSTICE),
    *_of_department(Seat.JUSTICE, "1.002010", "1.002032", "1.003179", "1.002055"),
    Story("1.010733", 1, answers=_appraised("pass"), seat=Seat.ENVIRONMENT),
    Story("1.010733", 2, ("hold_council",), answers=_appraised("pass"), seat=Seat.ENVIRONMENT),
    Story("1.010733", 1, ("record_appraisal",), answers=_appraised("pass"), seat=Seat.ENVIRONMENT),
    Story("1.010733", 1, ("revision_received", "revision_expired"), answers=_appraised("changes"), seat=Seat.ENVIRONMENT),
    *_of_department(Seat.CONSTRUCTION, "1.013224", "1.000028", "1.012891", "1.001577"),
)
