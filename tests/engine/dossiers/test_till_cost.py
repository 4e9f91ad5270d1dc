"""What the till asks for beside the steps costs the same at a province in which 10,000 fees wait for their step."""

import pytest
from sqlalchemy import event, text

from engine.dossiers import cashier
from webapp.demo.walk import Policy

OWED = 10_000
#: As many fees like this one, each at a moment of its own that has not come.
FILL = text("""
INSERT INTO charge SELECT (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid()))).*
FROM charge one, generate_series(1, :many) WHERE one.id = (SELECT min(id::text)::uuid FROM charge WHERE state = 'owed')
""")


def blocks(session, officer):
    """Pages of tables and indexes that the question for the charges touches, by the plans that PostgreSQL chose."""
    said, connection = [], session.connection()

    def heard(_connection, _cursor, statement, parameters, *_):
        said.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", heard)
    found = cashier.more(session, officer)
    event.remove(connection, "before_cursor_execute", heard)
    asked = [one for one in said if "FROM charge" in one[0]]
    assert asked
    plans = [connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {one}", given).scalar()[0]["Plan"] for one, given in asked]
    return found.total, sum(one["Shared Hit Blocks"] + one["Shared Read Blocks"] for one in plans)


@pytest.mark.parametrize("left", [0, 1])
def test_fees_that_wait_for_their_step_are_not_read(ward, left):
    ward.walk(ward.lodge("2.000635", channel="in_person"), Policy(rest_at=("take_payment",)))
    if left:
        ended = ward.lodge("1.004222", channel="online")
        ward.walk(ended)
    officer, touched = ward.officer("thuphi.hacthanh"), []
    with ward.sessions() as session:
        # The role of the application may not analyse, and PostgreSQL would pass over it without a word.
        session.execute(text("SET ROLE NONE"))
        if left:
            session.execute(text("UPDATE charge SET state = 'owed', cause = 'left' WHERE dossier_id = :one"), {"one": ended.dossier_id})
        for many in (0, OWED):
            session.execute(FILL, {"many": many})
            session.execute(text("ANALYZE charge, dossier"))
            found, read = blocks(session, officer)
            assert found == left
            touched.append(read)
        session.execute(text("SET ROLE motcua_app"))

    assert touched[1] <= touched[0] + 100
