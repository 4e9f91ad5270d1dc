"""A province's year: a small demo, multiplied inside the database by one INSERT for each table.

Every copy of a dossier has rows, ids, code, names and a place in the year of its own, and lies in another office with
other officers. Its ledger is chained as a real one is, but it is synthetic: what people declared and the printed slips
stay those of the dossier it was copied from, and with a limit on events a closed dossier keeps only its main facts and
the same share of its other rows.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import Column, Table, Uuid

from engine.base.db import Base, UtcDateTime
from engine.base.text import fold
from engine.org import seed
from engine.org.models import OfficeKind
from webapp.demo import retell
from webapp.demo.people import every_name
from webapp.wiring import House

#: Lanes of the seats of an office, in turn; the first four make it whole.
DECIDING = ["specialist", "leader", "clerk", "division_head", "specialist", "specialist", "specialist", "specialist"]
RECEIVING = ["reception", "return", "cashier", "centre_head", "reception", "return", "reception", "reception"]
#: Copies come round to the same office and people after so many turns: seven times the 166 communes.
TURNS = 1162
#: Rows that belong to one dossier.
_OF_ONE = {"dossier.id", "runtime_state.id", "task.id", "wait.id"}
#: What a copy says instead.
_REWRITTEN = {
    "dossier.code": "c.code",
    "dossier.reference": "c.reference",
    "dossier.lodging_key": "NULL",
    "dossier.procedure_code": "c.procedure_code",
    "dossier.owner_name": "owner.name",
    "dossier.owner_is_organisation": "false",
    "dossier.applicant_name": "applicant.name",
    "dossier.submitter_name": "applicant.name",
    "dossier.applicant_personal_id": "c.personal_id",
    "dossier.search_text": (
        "lower(concat_ws(' ', c.code, c.serial, c.reference, owner.folded,"
        " nullif(applicant.folded, owner.folded), c.personal_id))"
    ),
    "slip.number": "replace(t.number, c.of_called, coalesce(c.code, c.reference))",
}
_PEOPLE = " JOIN people owner ON owner.nr = c.owner_nr JOIN people applicant ON applicant.nr = c.applicant_nr"
Say = Callable[[str], None]


class TooFew(ValueError):
    """Fewer officers than seats that every office must fill."""


@dataclass(frozen=True)
class Size:
    """How much to make; the demo that is there already counts."""

    dossiers: int
    #: Of them not ended.
    open: int
    #: 0: only those of the demo, and every copy stays in its office.
    officers: int = 0
    #: In the ledgers of all dossiers; None: every closed dossier keeps its whole story.
    events: int | None = None


def check(officers: int) -> None:
    """Before anything is made: whether so many officers fill the offices of the demo. Refusal: TooFew."""
    if officers:
        _fills(officers, sum(1 for _ in seed.people()), sum(1 for one in seed.offices() if one.kind != OfficeKind.PROVINCE))


def _fills(wanted: int, there: int, offices: int) -> None:
    if wanted - there < 4 * offices:
        raise TooFew(f"{offices} offices need at least {4 * offices + there} officers")


def fill(house: House, size: Size, say: Say = lambda line: None) -> None:
    """Multiply the demo in the house's database, as its owner, in one transaction; the schema stays as it is."""
    with house.sessions() as session:
        address = session.connection().engine.url.set(drivername="postgresql")
    url = address.render_as_string(hide_password=False)
    tables = [one for one in Base.metadata.sorted_tables if "id" in one.columns and _copied(one)]
    events = Base.metadata.tables["ledger_event"]
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
        for setting in ("work_mem = '128MB'", "maintenance_work_mem = '1GB'", "synchronous_commit = off", "jit = off"):
            connection.execute(sql.SQL("SET LOCAL ") + sql.SQL(setting))
        if size.officers:
            hire(connection, size.officers)
        _cast(connection, moving=size.officers > 0)
        _plan(connection, size, house.clock.today())
        retell.prepare(connection)
        with _bare(connection, [*(one.name for one in tables), events.name], say):
            for table in tables:
                _timed(say, table.name, lambda table=table: _multiply(connection, table))
            _timed(say, events.name, lambda: retell.multiply(connection))
        connection.execute(_COUNTERS)
    with psycopg.connect(url, autocommit=True) as connection:
        _timed(say, "vacuum", lambda: connection.execute("VACUUM ANALYZE"))


def _timed(say: Say, what: str, do: Callable[[], Any]) -> None:
    start = time.monotonic()
    do()
    say(f"{what} {time.monotonic() - start:.0f} s")


def hire(connection: psycopg.Connection[Any], wanted: int) -> None:
    """Officers up to a number, evenly over the offices, in every lane of each."""
    _people(connection)
    there = connection.execute("SELECT count(*), (SELECT count(*) FROM office WHERE kind <> 'province') FROM officer")
    officers, of_offices = there.fetchone() or (0, 0)
    _fills(wanted, officers, of_offices)
    connection.execute(_HIRED, {"many": wanted - officers, "offices": of_offices, "deciding": DECIDING, "receiving": RECEIVING})
    for statement in (_OFFICERS, _ACCOUNTS, _POSTINGS):
        connection.execute(statement)


def _people(connection: psycopg.Connection[Any]) -> None:
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS people (nr bigint PRIMARY KEY, name text, folded text) ON COMMIT DROP")
    if connection.execute("SELECT FROM people LIMIT 1").fetchone() is None:
        with connection.cursor().copy("COPY people FROM STDIN") as copy:
            for number, name in enumerate(every_name()):
                copy.write_row((number, name, fold(name)))
        connection.execute("ANALYZE people")


def _cast(connection: psycopg.Connection[Any], *, moving: bool) -> None:
    """For each turn, which office and which officer stand in for those of the demo."""
    connection.execute(
        "CREATE TEMP TABLE another (old uuid, turn int, new uuid, PRIMARY KEY (old, turn)) ON COMMIT DROP"
    )
    if moving:
        connection.execute(_OTHER_OFFICES, {"turns": TURNS})
        connection.execute(_OTHER_OFFICERS)
    connection.execute("ANALYZE another")


def _plan(connection: psycopg.Connection[Any], size: Size, today: date) -> None:
    """One row for each copy: of which dossier, when, where, and how it is called."""
    _people(connection)
    connection.execute(_TEMPLATES)
    rows = connection.execute(
        "SELECT count(*) FILTER (WHERE ended_at IS NULL), count(*) FILTER (WHERE ended_at IS NOT NULL) FROM dossier"
    )
    lying, ended = rows.fetchone() or (0, 0)
    parameters = {
        "open": max(0, size.open - lying),
        "closed": max(0, size.dossiers - size.open - ended),
        "weeks": _weeks(today),
        "turns": TURNS,
    }
    connection.execute(_COPIES, parameters)
    connection.execute("ALTER TABLE copy ADD PRIMARY KEY (n)")
    connection.execute("ANALYZE copy")
    if size.events is not None:
        connection.execute(_SHARES, {"events": size.events})
    connection.execute("CREATE TEMP TABLE kept (id uuid PRIMARY KEY) ON COMMIT DROP")


def _weeks(today: date) -> list[int]:
    """How many weeks ago, as often as a week of the past year has working days: at Tết nobody comes."""
    tet = date(today.year, 2, 16)
    return [ago for ago in range(52) for _ in range(1 if abs(today - timedelta(weeks=ago) - tet).days < 5 else 5)]


def _multiply(connection: psycopg.Connection[Any], table: Table) -> None:
    connection.execute(_statement(_KEPT, table, _whole(table)))
    columns = [column for column in table.columns if column.computed is None]
    values = [_value(column) for column in columns]
    joins = [f" LEFT JOIN another {one.name}_now ON {one.name}_now.old = t.{one.name} AND {one.name}_now.turn = c.turn"
             for one in columns if _is_moved(one)]  # fmt: skip
    people = _PEOPLE if table.name == "dossier" else ""
    key = "id" if table.name == "dossier" else "dossier_id"
    names = ", ".join(f'"{column.name}"' for column in columns)
    statement = (
        f"INSERT INTO {table.name} ({names}) SELECT {', '.join(values)}"  # noqa: S608  our own names
        f" FROM {table.name} t JOIN kept USING (id) JOIN copy c ON c.of = t.{key}{people}{''.join(joins)}"
    )
    connection.execute(statement.encode())


def _whole(table: Table) -> str:
    """What else a row names must be kept too."""
    others = [one.name for one in table.columns if one.name != "dossier_id" and not one.primary_key and _is_own(one)]
    return " AND ".join(_NAMES_KEPT.format(name) for name in others) or "true"


def _copied(table: Table) -> bool:
    return table.name == "dossier" or "dossier_id" in table.columns


def _is_own(column: Column[Any]) -> bool:
    """Whether the column names a row that each copy has for itself."""
    if column.primary_key and column.name == "id" and isinstance(column.type, Uuid):
        return True
    return any(f"{key.column.table.name}.{key.column.name}" in _OF_ONE for key in column.foreign_keys)


def _is_moved(column: Column[Any]) -> bool:
    """Whether the column names an office or an officer."""
    named = any(key.column.table.name in ("office", "officer") for key in column.foreign_keys)
    return named or (isinstance(column.type, Uuid) and column.name.endswith("_by"))


def _value(column: Column[Any]) -> str:
    rewritten = _REWRITTEN.get(f"{column.table.name}.{column.name}")
    if rewritten:
        return rewritten
    if _is_own(column):
        return f"md5(t.{column.name}::text || c.n)::uuid"
    if _is_moved(column):
        return f"coalesce({column.name}_now.new, t.{column.name})"
    if isinstance(column.type, UtcDateTime):
        return f"t.{column.name} + c.moved"
    return f't."{column.name}"'


def _statement(template: str, table: Table, whole: str) -> bytes:
    key = "id" if table.name == "dossier" else "dossier_id"
    return template.format(table=table.name, key=key, whole=whole).encode()


@contextmanager
def _bare(connection: psycopg.Connection[Any], tables: list[str], say: Say) -> Iterator[None]:
    """Without keys and indexes while rows are written; made again from their own definitions, and so checked."""
    oids = {"oids": [f"public.{one}" for one in tables]}
    constraints = connection.execute(_CONSTRAINTS, oids).fetchall()
    indexes = connection.execute(_INDEXES, oids).fetchall()
    for table, name, _definition in constraints:
        connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'.encode())
    for name, _definition in indexes:
        connection.execute(f'DROP INDEX "{name}"'.encode())
    yield
    for name, definition in indexes:
        _timed(say, name, lambda definition=definition: connection.execute(definition.encode()))
    for table, name, definition in reversed(constraints):
        add = f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}'.encode()
        _timed(say, name, lambda add=add: connection.execute(add))


#: Foreign keys first: the others cannot go while one leans on them.
_CONSTRAINTS: LiteralString = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype IN ('f', 'u', 'p')
  AND (conrelid = ANY(%(oids)s::regclass[]) OR confrelid = ANY(%(oids)s::regclass[]))
ORDER BY contype <> 'f', conrelid, conname
"""
_INDEXES: LiteralString = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%(oids)s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
ORDER BY 1
"""

_HIRED: LiteralString = """
CREATE TEMP TABLE hired ON COMMIT DROP AS
SELECT n, md5('officer ' || n)::uuid AS id, people.name, o.id AS office_id,
       CASE WHEN o.kind = 'centre' THEN (%(receiving)s::text[])[1 + (n / %(offices)s) %% 8]
            ELSE (%(deciding)s::text[])[1 + (n / %(offices)s) %% 8] END AS lane, o.valid_from
FROM generate_series(0, %(many)s - 1) n
JOIN (SELECT *, row_number() OVER (ORDER BY code) - 1 AS nr FROM office WHERE kind <> 'province') o
  ON o.nr = n %% %(offices)s
JOIN people ON people.nr = n * 37 %% (SELECT count(*) FROM people)
"""
_OFFICERS: LiteralString = "INSERT INTO officer (id, name) SELECT id, name FROM hired"
_ACCOUNTS: LiteralString = """
INSERT INTO account (id, officer_id, username, email, password, active, fs_uniquifier, login_count)
SELECT md5('account ' || n)::uuid, id, 'canbo' || n, 'canbo' || n || '@thanhhoa.example',
       (SELECT max(password) FROM account), true, md5(random()::text) || md5(random()::text), 0 FROM hired
"""
_POSTINGS: LiteralString = """
INSERT INTO posting (id, officer_id, office_id, lane, position, valid_from)
SELECT md5('posting ' || n)::uuid, id, office_id, lane, 0, valid_from FROM hired
UNION ALL
-- a department may appraise by a council: its leaders sit there
SELECT md5('council ' || n)::uuid, hired.id, office_id, 'council', 1, hired.valid_from FROM hired
JOIN office ON office.id = office_id AND office.kind = 'department' WHERE lane = 'leader'
"""

#: Communes, with the centres below them, and departments each form a ring; a turn is one step on.
_OTHER_OFFICES: LiteralString = """
INSERT INTO another
WITH ring AS (
    SELECT o.id, o.kind, centre.id AS centre_id, row_number() OVER (PARTITION BY o.kind ORDER BY o.code) - 1 AS nr,
           count(*) OVER (PARTITION BY o.kind) AS many
    FROM office o LEFT JOIN office centre ON centre.parent_id = o.id AND o.kind = 'commune'
    WHERE o.kind IN ('commune', 'department')
), used AS (SELECT DISTINCT office_id AS id FROM posting JOIN officer ON officer.id = officer_id WHERE title IS NOT NULL),
turned AS (
    SELECT a.id AS old, turn, b.id AS new, a.centre_id AS old_centre, b.centre_id AS new_centre
    FROM ring a CROSS JOIN generate_series(0, %(turns)s - 1) turn
    JOIN ring b ON b.kind = a.kind AND b.nr = (a.nr + turn) %% a.many
    WHERE a.id IN (SELECT id FROM used)
)
SELECT old, turn, new FROM turned
UNION ALL SELECT old_centre, turn, new_centre FROM turned WHERE old_centre IS NOT NULL
"""
_OTHER_OFFICERS: LiteralString = """
INSERT INTO another
WITH seat AS (
    SELECT officer_id, office_id, lane, row_number() OVER w - 1 AS nr,
           count(*) OVER (PARTITION BY office_id, lane) AS many
    FROM posting WHERE position = 0 WINDOW w AS (PARTITION BY office_id, lane ORDER BY officer_id)
)
SELECT old.officer_id, o.turn, new.officer_id
FROM seat old JOIN officer ON officer.id = old.officer_id AND title IS NOT NULL
JOIN another o ON o.old = old.office_id
JOIN seat new ON new.office_id = o.new AND new.lane = old.lane AND new.nr = o.turn %% new.many
""".replace("%%", "%")

#: What waits for an outside system is not copied: a worker would ask for each copy. Nor is what ended with work left,
#: such as papers to hand back; nor groups, whose dossiers name one another.
_TEMPLATES: LiteralString = """
CREATE TEMP TABLE template ON COMMIT DROP AS
SELECT d.id, d.ended_at IS NOT NULL AS closed, 1.0::float AS share,
       (SELECT count(*) FROM ledger_event e WHERE e.stream_id = d.id) AS events,
       row_number() OVER (PARTITION BY d.ended_at IS NOT NULL ORDER BY d.id) - 1 AS nr,
       CASE WHEN v.kind = 'frame' THEN CASE o.kind WHEN 'commune' THEN 'commune' ELSE 'province' END END AS level
FROM dossier d JOIN procedure_version v ON v.id = d.version_id JOIN office o ON o.id = d.competent_office_id
WHERE NOT EXISTS (SELECT FROM wait w WHERE w.dossier_id = d.id AND w.closed_at IS NULL AND w.kind = 'service')
  AND NOT (d.ended_at IS NOT NULL AND EXISTS (SELECT FROM task WHERE task.dossier_id = d.id AND done_at IS NULL))
  AND NOT (d.ended_at IS NOT NULL AND EXISTS (SELECT FROM wait w WHERE w.dossier_id = d.id AND w.closed_at IS NULL))
  AND d.parent_id IS NULL AND NOT EXISTS (SELECT FROM dossier child WHERE child.parent_id = d.id)
"""
#: A dossier on the frame may be of any procedure of the catalogue that has no diagram of its own.
_COPIES: LiteralString = """
CREATE TEMP TABLE copy ON COMMIT DROP AS
WITH numbered AS (
    SELECT n, n > %(open)s AS closed, hashint8extended(n, 1) & 2147483647 AS h1, hashint8extended(n, 2) & 2147483647 AS h2,
           hashint8extended(n, 3) & 2147483647 AS h3
    FROM generate_series(1::bigint, %(open)s + %(closed)s) n
), free AS (
    SELECT p.code, level, row_number() OVER (PARTITION BY level ORDER BY p.code) - 1 AS nr
    FROM procedure p CROSS JOIN (VALUES ('commune'), ('province')) l (level)
    WHERE p.levels ? level AND NOT EXISTS (SELECT FROM procedure_version v WHERE v.code = p.code)
), choice AS (SELECT level, count(*) AS many FROM free GROUP BY level),
many AS (SELECT closed, count(*) AS of FROM template GROUP BY closed),
placed AS (
    SELECT k.n, t.id AS of, md5(t.id::text || k.n)::uuid AS id, (k.h1 %% %(turns)s)::int AS turn,
           CASE WHEN k.closed THEN (%(weeks)s::int[])[1 + k.h2 %% cardinality(%(weeks)s::int[])] ELSE 0 END
               * interval '-7 days' AS moved,
           h2, h3, t.closed, t.level, k.h3 %% choice.many AS free_nr
    FROM numbered k JOIN many m USING (closed) JOIN template t ON t.closed = k.closed AND t.nr = k.n %% m.of
    LEFT JOIN choice USING (level)
), lodged AS (
    SELECT p.*, d.code AS of_code, coalesce(d.code, d.reference) AS of_called, o.code AS office_code, coalesce(free.code, d.procedure_code) AS procedure_code,
           to_char((d.lodged_at + p.moved) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYMMDD') AS lodged_on,
           d.accepted_at + p.moved AS accepted_at,
           ((d.accepted_at + p.moved) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS accepted_on
    FROM placed p JOIN dossier d ON d.id = p.of
    LEFT JOIN another a ON a.old = d.competent_office_id AND a.turn = p.turn
    JOIN office o ON o.id = coalesce(a.new, d.competent_office_id)
    LEFT JOIN free ON free.level = p.level AND free.nr = p.free_nr
), counted AS (
    SELECT l.*, CASE WHEN of_code IS NOT NULL THEN coalesce(c.last, 0)
               + row_number() OVER (PARTITION BY l.office_code, accepted_on ORDER BY l.accepted_at, n) END AS number
    FROM lodged l LEFT JOIN code_counter c ON c.office_code = l.office_code AND c.day = l.accepted_on
)
SELECT n, of, id, turn, moved, closed, of_called, office_code, accepted_on, number, procedure_code,
       lpad(number::text, greatest(4, length(number::text)), '0') AS serial,
       office_code || to_char(accepted_on, '-YYMMDD-') || lpad(number::text, greatest(4, length(number::text)), '0') AS code,
       'N' || lodged_on || '-' || translate(upper(lpad(to_hex(n), 6, '0')), '01', 'GH') AS reference,
       h2 %% (SELECT count(*) FROM people) AS owner_nr,
       h3 %% (SELECT count(*) FROM people) AS applicant_nr,
       '099' || lpad((h3 %% 1000000000)::text, 9, '0') AS personal_id
FROM counted
"""
_COUNTERS: LiteralString = """
INSERT INTO code_counter AS known (office_code, day, last)
SELECT office_code, accepted_on, max(number) FROM copy WHERE number IS NOT NULL GROUP BY 1, 2
ON CONFLICT (office_code, day) DO UPDATE SET last = EXCLUDED.last
"""
#: Of the events that are asked for, the open dossiers have theirs; the closed ones share the rest.
_SHARES: LiteralString = """
UPDATE template SET share = least(1.0, greatest(0, %(events)s - spent)::float / greatest(wanted, 1))
FROM (SELECT coalesce(sum(events) FILTER (WHERE NOT t.closed), 0) AS spent,
             coalesce(sum(events) FILTER (WHERE t.closed), 0) AS wanted
      FROM copy JOIN template t ON t.id = copy.of) sums
WHERE template.closed
"""
_NAMES_KEPT = "({0} IS NULL OR {0} IN (SELECT id FROM kept))"
_KEPT = """
INSERT INTO kept
SELECT id FROM (
    SELECT own.id, template.share, row_number() OVER w AS nr, count(*) OVER (PARTITION BY own.{key}) AS many
    FROM {table} own JOIN template ON template.id = own.{key} WHERE {whole} WINDOW w AS (PARTITION BY own.{key} ORDER BY own.id)
) ranked WHERE nr <= ceil(many * share)
"""
