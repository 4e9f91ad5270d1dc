"""Hours and public holidays of the country, 2026 and 2027, as rows for an empty calendar.

Sources, as each row names them:
* Labour Code 2019 art. 112 (11 days; a holiday on a weekly day off is taken on the next working day);
* Resolution 28/2026/QH16 (24 November, from 2026);
* 9441/TB-BNV of 16/10/2025 (Tết and National Day 2026, with the swap of 31/8 for 22/8);
* 12729/VPCP-KGVX of 25/12/2025 (the swap of 2/1 for 10/1).
For Tết and National Day 2027 no notice was known when this was written: the shortest reading of art. 112.
"""

from datetime import UTC, date, datetime

from sqlalchemy import select

from engine.base.uow import UnitOfWork
from engine.calendar.models import DayException, DayKind, OfficeHours
from engine.calendar.opening import USUAL_DAY

#: All rows count as known from here on, before any dossier of the demo.
ENTERED_AT = datetime(2025, 12, 26, tzinfo=UTC)

ART_112 = "Bộ luật Lao động 2019, Điều 112"
EXPECTED = f"{ART_112} (dự kiến, chờ thông báo)"
NOTICE_2026 = "Thông báo 9441/TB-BNV ngày 16/10/2025"
NEW_YEAR_SWAP = "Văn bản 12729/VPCP-KGVX ngày 25/12/2025"
CULTURE_DAY = "Nghị quyết 28/2026/QH16"

TET = "Tết Nguyên đán", "Lunar New Year"
NATIONAL_DAY = "Quốc khánh", "National Day"
HUNG_KINGS = "Giỗ Tổ Hùng Vương", "Hung Kings Commemoration Day"
VICTORY_DAY = "Ngày Chiến thắng 30/4", "Victory Day"
LABOUR_DAY = "Ngày Quốc tế Lao động", "International Labour Day"
CULTURE = "Ngày Văn hóa Việt Nam", "Vietnam Culture Day"

#: (month, day, (name, English name), source) of every weekday on which offices are closed
HOLIDAYS: dict[int, list[tuple[int, int, tuple[str, str], str]]] = {
    2026: [
        (1, 1, ("Tết Dương lịch", "New Year's Day"), ART_112),
        (1, 2, ("Nghỉ hoán đổi, làm bù 10/1", "Swapped day off, made up on 10 January"), NEW_YEAR_SWAP),
        *((2, day, TET, NOTICE_2026) for day in range(16, 21)),
        (4, 27, ("Nghỉ bù Giỗ Tổ Hùng Vương", "In lieu of Hung Kings Day"), ART_112),
        (4, 30, VICTORY_DAY, ART_112),
        (5, 1, LABOUR_DAY, ART_112),
        (8, 31, ("Nghỉ hoán đổi, làm bù 22/8", "Swapped day off, made up on 22 August"), NOTICE_2026),
        (9, 1, NATIONAL_DAY, NOTICE_2026),
        (9, 2, NATIONAL_DAY, NOTICE_2026),
        (11, 24, CULTURE, CULTURE_DAY),
    ],
    2027: [
        (1, 1, ("Tết Dương lịch", "New Year's Day"), ART_112),
        *((2, day, TET, EXPECTED) for day in (4, 5, 8)),
        *((2, day, ("Nghỉ bù Tết Nguyên đán", "In lieu of Lunar New Year"), EXPECTED) for day in (9, 10)),
        (4, 16, HUNG_KINGS, ART_112),
        (4, 30, VICTORY_DAY, ART_112),
        (5, 3, ("Nghỉ bù Ngày Quốc tế Lao động", "In lieu of International Labour Day"), ART_112),
        (9, 2, NATIONAL_DAY, ART_112),
        (9, 3, NATIONAL_DAY, EXPECTED),
        (11, 24, CULTURE, CULTURE_DAY),
    ],
}
#: (day, what it makes up for, source)
MAKE_UPS = [
    (date(2026, 1, 10), "02/01/2026", NEW_YEAR_SWAP),
    (date(2026, 8, 22), "31/08/2026", NOTICE_2026),
]


def seed_calendar(uow: UnitOfWork) -> None:
    """Give an empty calendar the usual week and the holidays; a calendar that has hours stays as it is."""
    session = uow.session
    if session.scalar(select(OfficeHours.id).where(OfficeHours.office_id.is_(None)).limit(1)):
        return
    session.add(
        OfficeHours(
            week=[USUAL_DAY] * 5 + [[], []],
            source="Giờ hành chính, thứ Hai đến thứ Sáu",
            valid_from=date(2025, 7, 1),
            entered_at=ENTERED_AT,
        )
    )
    session.add_all(_holidays())
    session.add_all(
        DayException(
            day=day,
            kind=DayKind.MAKE_UP,
            name=f"Làm bù ngày {made_up}",
            name_en=f"Makes up for {made_up}",
            source=source,
            entered_at=ENTERED_AT,
        )
        for day, made_up, source in MAKE_UPS
    )
    session.flush()


def _holidays() -> list[DayException]:
    return [
        DayException(
            day=date(year, month, day),
            kind=DayKind.HOLIDAY,
            name=name,
            name_en=name_en,
            source=source,
            entered_at=ENTERED_AT,
        )
        for year, rows in HOLIDAYS.items()
        for month, day, (name, name_en), source in rows
    ]
