"""Form 04 at its edges: a mistyped year, a clock that stood still before it and after it, a dossier that was verified.

Decree 118/2025 art. 19(6): one new appointment, told with an apology and its reason.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.base.actor import SYSTEM
from engine.dossiers import clock, limits, tasks
from engine.dossiers.act import Act
from engine.dossiers.models import Deadline
from tests.journeys.clerk import File, Town
from tests.journeys.test_birth import taken_in
from tests.journeys.test_group_dates import supported

LETTER, WRITE, GRANT = "Xin lỗi và hẹn lại (Mẫu 04)", "Soạn văn bản xin lỗi, hẹn lại", "Duyệt gia hạn"
WHY = "Chờ kết quả xác minh"


def apologised(file: File, day: str) -> None:
    file.say(LETTER, by="chuyenvien")
    file.by("chuyenvien", WRITE, reason=WHY, new_due_on=day)
    file.by("lanhdao", GRANT, extension_approval="approve")


class TestAMistypedYear:
    def test_is_refused_to_whoever_writes_the_letter_and_says_until_when_a_date_may_be(self, town: Town) -> None:
        file, support = supported(town)
        support.say(LETTER, by="chuyenvien")
        form = town.clerk("chuyenvien.hacthanh").task(support.ref, WRITE).form("Hoàn thành bước")
        form.fill({"reason": WHY, "new_due_on": "2199-12-30"})
        page = form.press("Hoàn thành bước")
        assert page.status == 422
        assert "Ngày hẹn lại không được muộn hơn 23:59 23/11/2027" in page.said
        form.fill({"new_due_on": "2026-12-04"})
        form.press("Hoàn thành bước")
        support.by("lanhdao", GRANT, extension_approval="approve")
        assert (file.due, support.due) == ("17:00 thứ Sáu 04/12/2026", "17:00 thứ Sáu 04/12/2026")

    def test_of_a_letter_that_lies_with_the_leader_already_can_be_said_no_to(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        file, support = supported(town)
        support.say(LETTER, by="chuyenvien")
        with monkeypatch.context() as before:
            before.setitem(tasks.CHECKS, "write_apology", lambda act, letter: None)
            support.by("chuyenvien", WRITE, reason=WHY, new_due_on="2199-12-30")
        form = town.clerk("lanhdao.hacthanh").task(support.ref, GRANT).form("Hoàn thành bước")
        form.fill({"extension_approval": "approve"})
        assert "Hãy xem lại năm đã gõ" in form.press("Hoàn thành bước").said
        support.by("lanhdao", GRANT, extension_approval="deny")
        assert (file.due, support.due) == ("17:00 thứ Hai 30/11/2026", "17:00 thứ Sáu 27/11/2026")

    def test_that_another_system_promises_for_a_part_moves_no_group(self, town: Town) -> None:
        file, _ = supported(town)
        with town.house.unit(SYSTEM) as uow:
            act = Act.on(uow, file.row.id)
            [run] = act.runs
            assert limits.longer(act, run, town.clock.at.replace(year=2199)) is None
