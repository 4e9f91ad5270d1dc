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
    SELECT substring(code FROM '^(.*)-\d+$') AS head, substring(code FROM '(\d+)$')::int AS serial
    FROM dossier WHERE code ~ '-\d{6}-\d{4,9}$'
), by_day AS (
    SELECT head, array_agg(serial) AS serials FROM borne GROUP BY head
)
SELECT c.office_code, to_char(c.day, 'DD/MM/YYYY') AS day, m.missing
FROM code_counter c
LEFT JOIN by_day d ON d.head = c.office_code || to_char(c.day, '-YYMMDD')
CROSS JOIN LATERAL (
    SELECT array_agg(serial ORDER BY serial) AS missing
    FROM (SELECT generate_series(1, c.last) AS serial EXCEPT SELECT unnest(d.serials)) lacking
) m
WHERE m.missing IS NOT NULL
ORDER BY c.day, c.office_code
""")
#: An office is known on a paper by its name of that day.
_PAPERS = text(r"""
WITH named AS (
    SELECT id, name FROM office UNION SELECT office_id, name FROM former_name
), made AS (
    SELECT kind AS register, data->>'office' AS name, number, made_at AS at FROM slip
    UNION ALL
    SELECT 'handover_list', data->>'office', number, sent_at FROM handover_list
), borne AS (
    SELECT named.id AS office_id, register, extract(year FROM at AT TIME ZONE 'Asia/Ho_Chi_Minh')::int AS year,
           array_agg(number) AS numbers
    FROM made JOIN named USING (name) GROUP BY 1, 2, 3
)
SELECT s.register, o.code, s.year, s.pattern, s.last, coalesce(b.numbers, '{}') AS numbers
FROM number_series s
JOIN office o ON o.id = s.office_id
LEFT JOIN borne b ON (b.office_id, b.register, b.year) = (s.office_id, s.register, s.year)
WHERE s.register NOT IN ('refusal', 'document') AND s.register !~ '^result(\.|$)'
ORDER BY s.year, o.code, s.register
""")


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
    for register, office, year, pattern, last, borne in session.execute(_PAPERS):
        found = {numbers.serial(pattern, one, year) for one in borne}
        if missing := tuple(one for one in range(1, last + 1) if one not in found):
            yield Gap(register, office, str(year), missing)
