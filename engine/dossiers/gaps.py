"""QUERY: numbers that were given and that nothing bears: codes of dossiers, and papers of each office, register and year.

A number is taken in the transaction of what bears it (Decree 118/2025, art. 28; Decree 30/2020, art. 15), so there can be
no gap. One that is there was made by hand, or by a restore that lost something. Registers in which clerks keep numbers of
results are left out: there a number lies between its paper and its decision for a while.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from engine.documents import numbers

_CODES = text(r"""
WITH borne AS (
    SELECT substring(code FROM '^(.*[-.])\d+$') AS head, substring(code FROM '(\d+)$')::int AS serial
    FROM dossier WHERE code ~ '[-.]\d{4,9}$'
), by_day AS (
    SELECT head, array_agg(serial) AS serials FROM borne GROUP BY head
)
SELECT c.office_code, to_char(c.day, 'DD/MM/YYYY') AS day, m.missing
FROM code_counter c
LEFT JOIN by_day d ON d.head = coalesce(split_part(c.shape, '{', 1), c.office_code || to_char(c.day, '-YYMMDD-'))
CROSS JOIN LATERAL (
    SELECT array_agg(serial ORDER BY serial) AS missing
    FROM (SELECT generate_series(1, c.last) AS serial EXCEPT SELECT unnest(d.serials)) lacking
) m
WHERE m.missing IS NOT NULL
ORDER BY c.day, c.office_code
""")
#: Every number of a paper with the office whose it is. On a paper of before that was kept, the office is known by its name
#: of that day.
_MADE = """
WITH named AS (
    SELECT id, name FROM office UNION SELECT office_id, name FROM former_name
), made AS (
    SELECT office_id, kind AS register, number, made_at AS at FROM slip WHERE office_id IS NOT NULL
    UNION ALL
    SELECT named.id, kind, number, made_at FROM slip JOIN named ON named.name = data->>'office' WHERE office_id IS NULL
    UNION ALL
    SELECT named.id, 'handover_list', number, sent_at FROM handover_list JOIN named ON named.name = data->>'office'
), borne AS (
    SELECT office_id, register, extract(year FROM at AT TIME ZONE 'Asia/Ho_Chi_Minh')::int AS year, number FROM made
)
"""
#: Series that bear another number of numbers than were given; of a whole province, only these are looked at one by one.
_UNEVEN = r"""
, counted AS (
    SELECT office_id, register, year, count(*) AS many
    FROM (SELECT office_id, register, year, number FROM borne GROUP BY 1, 2, 3, 4) once GROUP BY 1, 2, 3
)
SELECT s.office_id, o.code, s.register, s.year, s.pattern, s.last
FROM number_series s
JOIN office o ON o.id = s.office_id
LEFT JOIN counted c ON (c.office_id, c.register, c.year) = (s.office_id, s.register, s.year)
WHERE s.register NOT IN ('refusal', 'document') AND s.register !~ '^result(\.|$)' AND coalesce(c.many, 0) <> s.last
ORDER BY s.year, o.code, s.register
"""
_NUMBERS = "SELECT number FROM borne WHERE (office_id, register, year) = (:office_id, :register, :year)"


@dataclass(frozen=True)
class Gap:
    """Numbers of one series that are nowhere."""

    #: `code`, or the register.
    register: str
    #: Its code.
    office: str
    #: The day of codes, the year of other numbers.
    period: str
    missing: tuple[int, ...]


def gaps(session: Session) -> Iterator[Gap]:
    """Every gap, the oldest first; reads only."""
    for office, day, missing in session.execute(_CODES):
        yield Gap("code", office, day, tuple(missing))
    for office_id, office, register, year, pattern, last in session.execute(text(_MADE + _UNEVEN)).all():
        borne = session.scalars(text(_MADE + _NUMBERS), {"office_id": office_id, "register": register, "year": year})
        found = {numbers.serial(pattern, one, year) for one in borne}
        if missing := tuple(one for one in range(1, last + 1) if one not in found):
            yield Gap(register, office, str(year), missing)
