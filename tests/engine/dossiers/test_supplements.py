"""What is asked of the applicant: said in words, each line with a place of its own for files."""

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
