"""What officers look up costs the same at an office that was asked for 10,000 opinions (10,000 dossiers, all closed)."""

from dataclasses import replace

import pytest
from sqlalchemy import event, text

from engine.dossiers import search

CLOSED = 10_000
#: As many closed dossiers like this one, each with a name and a number of its own.
FILL = text("""
INSERT INTO dossier SELECT (jsonb_populate_record(one, jsonb_build_object(
  'id', gen_random_uuid(), 'reference', 'N26-' || n, 'code', 'H56-' || n, 'lodging_key', NULL, 'ended_at', one.lodged_at,
  'search_text', 'nguyen van ' || md5(n::text) || ' n26-' || n
))).* FROM dossier one, generate_series(1, :many) n WHERE one.id = :like
""")
ASK = text("""
INSERT INTO consultation (id, dossier_id, office_id, question, sent_at, due_at, closed_at)
SELECT gen_random_uuid(), id, :office, '?', lodged_at, lodged_at, ended_at FROM dossier WHERE id = :one OR ended_at IS NOT NULL AND :all
""")


def blocks(session, officer, words):
    """Pages of tables and indexes that the questions of a search touch, by the plans that PostgreSQL chose."""
    said, connection = [], session.connection()

    def heard(_connection, _cursor, statement, parameters, *_):
        said.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", heard)
    found = search.found(session, officer, words)
    event.remove(connection, "before_cursor_execute", heard)
    asked = [one for one in said if "to_tsquery" in one[0]]
    assert asked
    plans = [connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {one}", given).scalar()[0]["Plan"] for one, given in asked]
    return [one.id for one in found], sum(one["Shared Hit Blocks"] + one["Shared Read Blocks"] for one in plans)


@pytest.mark.parametrize("lane", ["of one office", "of a province"])
@pytest.mark.parametrize("words", ["reference", "owner_name"])
def test_who_was_asked_much_looks_a_dossier_up_without_reading_all_that(ward, lane, words):
    office, officer = ward.office("Ủy ban nhân dân phường Sầm Sơn"), ward.officer("chuyenvien.samson")
    if lane == "of a province":
        officer = replace(officer, lanes=frozenset({(ward.office("Ủy ban nhân dân tỉnh Thanh Hóa"), "leader")}))
    sought, touched = ward.dossier(ward.lodge("2.000908", channel="in_person")), []
    with ward.sessions() as session:
        # The role of the application may not analyse, and PostgreSQL would pass over it without a word.
        session.execute(text("SET ROLE NONE"))
        session.execute(FILL, {"many": CLOSED, "like": sought.id})
        for all_ in (False, True):
            session.execute(ASK, {"office": office, "one": sought.id, "all": all_})
            session.execute(text("ANALYZE consultation, dossier"))
            found, read = blocks(session, officer, getattr(sought, words))
            assert found == [sought.id]
            touched.append(read)
        session.execute(text("SET ROLE motcua_app"))

    # By way of the questions it would be 40,000.
    assert touched[1] <= 2 * touched[0] + 500
