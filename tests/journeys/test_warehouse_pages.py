"""The counter, the warehouse and the result of a dossier as people see them, where the owner's papers are held already."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from engine.documents.warehouse_models import WarehousePaper
from engine.dossiers.models import Dossier
from tests.factories.desk import Ward, example
from tests.journeys.test_browser import Live, Screen, chromium, live  # noqa: F401  fixtures

CODE = "1.014028"
OWNER = example(CODE)["answers"]["deceased"]["personal_id"]


@pytest.mark.parametrize("size", [(1366, 768), (360, 780)], ids=["desk", "phone"])
def test_what_is_held_is_offered_before_it_is_asked_for(live: Live, chromium: Browser, size: tuple[int, int]) -> None:  # noqa: F811
    """Art. 17(1): the officer reads what the warehouse holds, and who looked is kept."""
    name, window = f"held-{size[0]}", {"width": size[0], "height": size[1]}
    house = live.town.house
    ward = Ward(house.unit, house.sessions, house.clock)  # type: ignore[arg-type]
    source = ward.lodge("2.000908")
    with house.unit() as uow:
        dossier = uow.session.get_one(Dossier, source.dossier_id)
        for seq, (number, state) in enumerate((("61/2026/TLKT", "valid"), ("07/2019/TLKT-UBND-HT", "revoked")), start=1):
            uow.session.add(_paper(uow, dossier, seq, number, state))
    screen = Screen.of(live, chromium, **window)
    screen.log_in("tiepnhan.hacthanh")
    screen.open("/warehouse/")
    screen.look(f"{name}-warehouse-empty")
    screen.page.get_by_label("Số định danh của chủ sở hữu").fill(OWNER)
    screen.page.get_by_role("button", name="Tra kho").click()
    assert "lý do tra cứu" in screen.page.get_by_role("alert").inner_text()
    screen.complaints.clear()
    screen.look(f"{name}-warehouse-refused")
    screen.page.get_by_label("Hoặc lý do tra cứu").fill("Xác minh theo đề nghị của Công an xã")
    screen.page.get_by_role("button", name="Tra kho").click()
    expect(screen.page.get_by_text("61/2026/TLKT")).to_be_visible()
    assert OWNER not in screen.page.url
    screen.look(f"{name}-warehouse")

    screen.open(f"/counter/{CODE}")
    screen.fill({"deceased": {"full_name": "Dương Thị Cả", "personal_id": OWNER}})
    screen.page.locator("#lookup").select_option("missing")
    expect(screen.page.locator("#r-death_extract")).to_contain_text("61/2026/TLKT")
    screen.look(f"{name}-counter")


def _paper(uow: Any, dossier: Dossier, seq: int, number: str, state: str) -> WarehousePaper:
    return WarehousePaper(
        owner_id=OWNER, type_code="KQ.G15.000034", seq=seq, number=number, state=state,
        name="Trích lục khai tử (bản điện tử có ký số của Ủy ban nhân dân phường Hạc Thành)", issuer_id=dossier.competent_office_id,
        dossier_id=dossier.id, sha256="c" * 64, media_type="application/pdf", size=9, valid_from=uow.clock.today(), valid_to=None,
        ended_at=uow.clock.now() if state == "revoked" else None, ended_why="Ghi nhầm ngày mất" if state == "revoked" else None,
        stored_at=uow.clock.now(), stored_by=uow.actor.officer_id,
    )  # fmt: skip
