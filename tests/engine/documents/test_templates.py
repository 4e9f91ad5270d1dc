"""Templates of papers as data: published from files, the most special one of the day is chosen."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from engine.base.clock import VIETNAM
from engine.documents import templates
from engine.documents.models import Slip
from engine.documents.paper_models import PaperTemplate
from engine.documents.templates import PartMissing, TemplateMissing
from engine.ledger.models import LedgerEvent


@pytest.fixture
def folder(tmp_path):
    for name, text in (
        ("00/_base.html", "base {% block x %}{% endblock %}"),
        ("00/receipt.html", '{% extends "_base.html" %}{% block x %}national{% endblock %}'),
        ("00/1.004222/receipt.html", '{% extends "_base.html" %}{% block x %}CT04{% endblock %}'),
        ("38/receipt.html", '{% extends "_base.html" %}{% block x %}Thanh Hoa{% endblock %}'),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def slip(*, procedure="1.001193", province="38", made_at=None):
    data = {"procedure": {"code": procedure}, "province": province}
    return Slip(kind="receipt", made_at=made_at or datetime(2026, 11, 23, 9, 50, tzinfo=VIETNAM), data=data)


def said(uow, **which):
    return templates.chosen(uow.session, slip(**which)).sources["main"]


class TestPublish:
    def test_the_same_again_is_no_new_version_and_a_change_is_the_next(self, unit, folder):
        with unit() as uow:
            assert len(templates.publish(uow, folder)) == 3
            assert templates.publish(uow, folder) == []
            (folder / "00/_base.html").write_text("changed {% block x %}{% endblock %}")
            assert {one.number for one in templates.publish(uow, folder)} == {2}

    def test_it_is_told_with_its_digest(self, unit, folder, session):
        with unit() as uow:
            [made] = [one for one in templates.publish(uow, folder) if one.procedure]
        told = session.scalars(select(LedgerEvent).filter_by(stream_id=made.id)).one()
        assert (told.type, told.payload["sources_digest"]) == ("template.published", made.digest)

    def test_a_part_that_is_not_there_is_refused_by_name(self, unit, folder):
        (folder / "00/refusal.html").write_text('{% include "_lost.html" %}')
        with pytest.raises(PartMissing) as refused, unit() as uow:
            templates.publish(uow, folder)
        assert refused.value.facts == {"part": "_lost.html", "paper": "refusal.html"}


class TestChosen:
    def test_a_sectors_own_paper_before_a_provinces_before_the_countrys(self, unit, folder):
        with unit() as uow:
            templates.publish(uow, folder)
            assert "CT04" in said(uow, procedure="1.004222")
            assert "Thanh Hoa" in said(uow)
            assert "national" in said(uow, province="01")

    def test_a_paper_keeps_the_face_of_its_day(self, unit, folder, clock):
        with unit() as uow:
            templates.publish(uow, folder)
        clock.at = datetime(2026, 12, 1, 8, tzinfo=VIETNAM)
        (folder / "38/receipt.html").write_text("new in 2027")
        with unit() as uow:
            templates.publish(uow, folder, effective_from=date(2027, 1, 1))
            assert "Thanh Hoa" in said(uow)
            assert "Thanh Hoa" in said(uow, made_at=datetime(2026, 12, 31, 23, 59, tzinfo=VIETNAM))
            assert said(uow, made_at=datetime(2027, 1, 1, tzinfo=VIETNAM)) == "new in 2027"

    def test_a_paper_older_than_all_templates_gets_the_first(self, unit, folder, clock):
        with unit() as uow:
            templates.publish(uow, folder)
            (folder / "38/receipt.html").write_text("later")
            templates.publish(uow, folder)
            assert "Thanh Hoa" in said(uow, made_at=datetime(2025, 7, 1, tzinfo=VIETNAM))

    def test_without_any_template_it_is_refused(self, unit):
        with pytest.raises(TemplateMissing), unit() as uow:
            templates.chosen(uow.session, slip())


def test_residence_has_the_papers_of_the_ministry_of_public_security(unit):
    with unit() as uow:
        templates.publish(uow)
        for kind, form in (("receipt", "CT04"), ("supplement", "CT05"), ("refusal", "CT06")):
            [row] = uow.session.scalars(select(PaperTemplate).filter_by(kind=kind, procedure="1.004222"))
            assert form in row.sources["main"]


def test_every_paper_of_the_product_is_whole():
    assert {kind for (kind, _province, _procedure), _sources in templates.read()} >= {
        "receipt", "supplement", "refusal", "extension", "stop", "control", "register", "handover", "handover_list",
        "result_receipt", "history", "site_minutes", "council_minutes", "fee_receipt_phi", "fee_receipt_le_phi", "fee_refund",
    }  # fmt: skip
