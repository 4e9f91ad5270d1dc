"""What is asked of the applicant: said in words, each line with a place of its own for files."""

from dataclasses import replace

from engine.calendar.opening import local
from engine.catalog.terms import StepLimit
from engine.dossiers import limits
from engine.dossiers.act import Act
from engine.dossiers.models import Supplement
from engine.dossiers.topics.supplement import asked_items


def items(ward, *rows):
    lodged = ward.lodge("1.001193")
    with ward.act() as uow:
        return asked_items(Act.on(uow, lodged.dossier_id), {"supplement_items": list(rows)})


def test_a_chosen_component_is_named_as_people_call_it_and_not_by_its_code(ward):
    assert items(ward, {"component": "birth_notice", "why": "Bản chụp mờ"}) == [
        {"what": "Giấy chứng sinh", "why": "Bản chụp mờ", "component": "birth_notice"}
    ]


def test_what_the_officer_writes_stands_beside_the_component_it_is_about(ward):
    asked = {"component": "birth_notice", "what": "Bản chụp rõ của giấy chứng sinh", "why": ""}
    assert items(ward, asked) == [asked | {"component": "birth_notice"}]


def test_another_paper_without_words_is_still_said_in_words(ward):
    assert items(ward, {"component": "other"}) == [{"what": "Giấy tờ khác", "why": ""}]


def test_two_lines_about_one_component_have_two_places():
    line = {"what": "Giấy chứng sinh", "why": "", "component": "birth_notice"}
    row = Supplement(round=2, items=[line, line | {"what": "Mặt sau"}, {"what": "Đơn", "why": ""}])

    assert [one.key for one in row.lines] == ["birth_notice", "asked_2_2", "asked_2_3"]


def test_t07_the_record_of_a_sector_sets_how_long_the_applicant_has(ward):
    """Fifteen days from 23/11 are Tuesday 08/12; seven working days, 24/11 being a holiday, are Thursday 03/12."""
    lodged = ward.lodge("1.001776")
    with ward.act() as uow:
        act = Act.on(uow, lodged.dossier_id)
        assert f"{local(limits.supplement(act)):%d/%m %H:%M}" == "08/12 23:59"
        act.terms = replace(act.terms, step_limits={**act.terms.step_limits, "supplement_expired": StepLimit("7 wd")})
        assert f"{local(limits.supplement(act)):%d/%m %H:%M}" == "03/12 23:59"
        row = Supplement(rule="T07", after_acceptance=True, asked_at=uow.clock.now())
        assert f"{local(limits.answer_by(act, row)):%d/%m %H:%M}" == "03/12 23:59", "also when the calendar changes"
