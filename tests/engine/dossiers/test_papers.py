"""Slips as data: whose name, number, address stand where, what goes back, one receipt for each kind of money."""

import pytest
from sqlalchemy import select

from engine.documents.models import Component, Slip
from engine.dossiers import course, intake, papers
from engine.dossiers.act import Act
from engine.org.models import Office
from engine.payments.models import Charge
from webapp.demo.walk import Policy

ACCEPTED = Policy(rest_at=("examine_dossier", "search_book"))


def slips(ward, lodged, kind):
    with ward.sessions() as session:
        return session.scalars(select(Slip).filter_by(dossier_id=lodged.dossier_id, kind=kind).order_by(Slip.made_at)).all()


class TestForm01:
    PROXY = {
        "full_name": "Lê Thị Hòa",
        "personal_id": "099190000111",
        "phone": "0990000111",
        "relation": "authorised",
        "authorisation_no": "12/GUQ",
        "authorisation_date": "2026-11-20",
    }

    def accepted(self, ward, **changes):
        lodging = ward.lodging("1.001193", **changes)
        if lodging.is_proxy:
            lodging.answers["proxy"] = dict(self.PROXY)
        with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            lodged = intake.lodge(uow, lodging)
        ward.walk(lodged, ACCEPTED)
        [slip] = slips(ward, lodged, "receipt")
        return lodging, slip.data

    def test_whoever_hands_it_in_and_whoever_asks_keep_their_own_data_art_6(self, ward):
        lodging, data = self.accepted(ward, is_proxy=True)
        requester = lodging.answers["requester"]

        said = {k: v for k, v in self.PROXY.items() if k != "full_name"}
        paper = {"authorisation_kind": "power", "authorisation_until": "", "scope": ["lodge"]}
        assert data["submitter"] == {"name": "Lê Thị Hòa", "email": "", "address": ""} | said | paper
        assert data["applicant"]["name"] == requester["full_name"]
        assert data["applicant"]["personal_id"] == requester["personal_id"] != self.PROXY["personal_id"]

    @pytest.mark.parametrize(
        ("person", "address"),
        [
            ({"residence": {"province": "38", "commune": "14797", "detail": "12 Sông Hạc"}}, "12 Sông Hạc, phường Hạc Thành, tỉnh Thanh Hóa"),
            ({"present": {"detail": "Paris"}}, "Paris"),
            ({"residence": {"province": "38"}}, "tỉnh Thanh Hóa"),
            ({}, ""),
            (None, ""),
        ],
    )
    def test_the_address_is_that_beside_the_name(self, person, address):
        assert papers._address({"requester": person}, "requester.full_name") == address

    def test_it_names_sets_and_the_time_of_the_law_art_17_3(self, ward):
        _lodging, data = self.accepted(ward)

        assert data["sets"] == 1
        assert data["statutory"].startswith("Trong ngày làm việc")

    def test_place_and_province_follow_from_the_office(self, ward):
        _lodging, data = self.accepted(ward)

        assert (data["place"], data["province"]) == ("Hạc Thành", "38")


class TestForm05:
    def test_withdrawn_it_says_what_goes_back_art_21(self, ward):
        lodged = ward.lodge("2.000908")
        ward.walk(lodged, ACCEPTED)
        with ward.sessions() as session:
            held = session.scalars(select(Component.name).filter_by(dossier_id=lodged.dossier_id, verdict="ok", obtained_by="paper")).all()
        with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            course.withdraw(uow, lodged.dossier_id, "Không cần nữa.")
        [slip] = slips(ward, lodged, "stop")

        assert (slip.data["ground"], slip.data["reason"]) == ("withdrawn", "Không cần nữa.")
        assert {one["name"] for one in slip.data["returned"]} <= set(held)


class TestFeeReceipt:
    @pytest.mark.parametrize(("kind", "number"), [("phi", "0000001"), ("le_phi", "0000001")])
    def test_phi_and_le_phi_are_receipted_apart_decree_123_2020(self, ward, kind, number):
        lodged = ward.lodge("2.000635")
        with ward.act(ward.officer("thuphi.hacthanh")) as uow:
            act = Act.on(uow, lodged.dossier_id)
            lines = [
                {"name": row.name, "amount": row.amount or 8_000, "basis": row.basis}
                for row in uow.session.scalars(select(Charge).filter_by(dossier_id=lodged.dossier_id))
            ] or [{"name": "Bản sao", "amount": 8_000, "basis": ""}]
            slip = papers.fee_receipt(act, kind, lines=lines, series="TH-26T", form="01BLP0-001")
            again = papers.fee_receipt(act, kind, lines=lines)

        assert (slip.kind, slip.number, again.number) == (f"fee_receipt_{kind}", number, "0000002")
        assert slip.data["amount"] == sum(one["amount"] for one in lines)
        assert slip.data["words"].endswith("nghìn đồng")
        assert slip.data["payer"] == ward.dossier(lodged).submitter_name


def test_a_decision_comes_from_the_office_that_decides_and_its_register(ward):
    lodged = ward.lodge("2.000908")
    ward.walk(lodged, ACCEPTED)
    with ward.act(ward.officer("lanhdao.hacthanh")) as uow:
        act = Act.on(uow, lodged.dossier_id)
        slip = papers.slip(act, "extension", decides=True, reason="x", due_at=None, old_due_at=None)
        competent = uow.session.get_one(Office, act.dossier.competent_office_id)

    assert slip.data["office"] == competent.name
    assert slip.data["parent_office"] == "Ủy ban nhân dân tỉnh Thanh Hóa"
