"""The ledger of a copied dossier: the same events about other rows, offices and days, with a chain of their own."""

import re
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, LiteralString

import psycopg

from engine.base.ids import canonical

#: A limited ledger keeps events in this order; then what people did, then the rest, as far as it reaches.
MAIN_FACTS = ("dossier.", "deadline.", "instance.ended", "task.completed", "status.changed", "slip.issued")
#: In an event's words: an id, the day of an instant. The code of the dossier is a third.
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_DAY = r"\d{4}-\d\d-\d\d(?=T\d\d:)"


def prepare(connection: psycopg.Connection[Any]) -> None:
    """Keep what each template tells, in pieces: words as they are, and those that are others in each copy."""
    for statement in (_TOLD, _RETOLD, _CHAIN_STEP, _CHAIN):
        connection.execute(statement)
    rows = connection.execute(_EVENTS).fetchall()
    moved = {str(one) for (one,) in connection.execute("SELECT DISTINCT old FROM another")}
    fixed = {str(one) for (one,) in connection.execute(_FIXED)}
    stories: dict[uuid.UUID, list[Any]] = {}
    for row in rows:
        stories.setdefault(row[0], []).append(row)
    with connection.cursor().copy("COPY told FROM STDIN") as copy:
        for story in stories.values():
            for seq, row in enumerate(_main(story), start=1):
                stream, _, kind, version, at, actor, payload, code, _ = row
                pieces = [*_pieces(canonical(payload).decode(), code, moved, fixed)]
                copy.write_row((stream, seq, kind, version, at, actor, pieces))
    connection.execute("ANALYZE told")


def _main(story: Sequence[Any]) -> Sequence[Any]:
    """As many events as the share of the template allows, the main facts before all others, in their order."""
    wanted = max(1, round(len(story) * story[0][-1]))
    ranked = sorted(story, key=lambda row: next((i for i, one in enumerate(MAIN_FACTS) if row[2].startswith(one)), 9))
    return sorted(ranked[:wanted], key=lambda row: row[1])


def _pieces(words: str, code: str, moved: set[str], fixed: set[str]) -> Iterator[str]:
    """Each begins with its kind: = as it is, # an own row, ~ an office or officer, @ a day, $ the dossier's code."""
    plain = "="
    for number, piece in enumerate(re.split(f"({_UUID}|{_DAY}|{re.escape(code)})", words)):
        if number % 2 == 0 or (piece in fixed and piece not in moved):
            plain += piece
            continue
        yield from [plain] if len(plain) > 1 else []
        plain = "="
        if piece == code:
            yield "$" + piece
        elif len(piece) == len("2026-11-23"):
            yield "@" + piece
        else:
            yield ("~" if piece in moved else "#") + piece
    yield from [plain] if len(plain) > 1 else []


def multiply(connection: psycopg.Connection[Any]) -> None:
    """Tell the story of every copy, which has few events: a hash over all who stand in would be made anew for each."""
    connection.execute("SET LOCAL enable_hashjoin = off")
    connection.execute("SET LOCAL enable_mergejoin = off")
    connection.execute(_MULTIPLY)
    connection.execute("SET LOCAL enable_hashjoin = on")
    connection.execute("SET LOCAL enable_mergejoin = on")


_TOLD: LiteralString = """
CREATE TEMP TABLE told (of uuid, seq int, type text, version int, at timestamptz, actor_id uuid, pieces text[],
                        PRIMARY KEY (of, seq)) ON COMMIT DROP
"""
_EVENTS: LiteralString = """
SELECT e.stream_id, e.seq, e.type, e.version, e.at, e.actor_id, e.payload, coalesce(d.code, d.reference), t.share
FROM ledger_event e JOIN template t ON t.id = e.stream_id JOIN dossier d ON d.id = t.id ORDER BY e.stream_id, e.seq
"""
#: Ids that are the same in each copy, unless somebody stands in.
_FIXED: LiteralString = "SELECT id FROM procedure_version UNION SELECT id FROM officer UNION SELECT id FROM office"
_RETOLD: LiteralString = """
CREATE FUNCTION pg_temp.retold(pieces text[], nr bigint, turned int, days int, code text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE said text := ''; piece text; stand_in text;
BEGIN
    FOREACH piece IN ARRAY pieces LOOP
        IF left(piece, 1) = '=' THEN said := said || substr(piece, 2);
        ELSIF left(piece, 1) = '#' THEN said := said || (md5(substr(piece, 2) || nr)::uuid)::text;
        ELSIF left(piece, 1) = '@' THEN said := said || (substr(piece, 2)::date + days)::text;
        ELSIF left(piece, 1) = '$' THEN said := said || code;
        ELSE
            SELECT new::text INTO stand_in FROM another WHERE old = substr(piece, 2)::uuid AND turn = turned;
            said := said || stand_in;
        END IF;
    END LOOP;
    RETURN said;
END $$
"""
_CHAIN_STEP: LiteralString = """
CREATE FUNCTION pg_temp.chain_step(prev text, head text, tail text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN RETURN encode(sha256(convert_to(head || prev || tail, 'UTF8')), 'hex'); END $$
"""
_CHAIN: LiteralString = "CREATE AGGREGATE pg_temp.chain(text, text) (SFUNC = pg_temp.chain_step, STYPE = text, INITCOND = '')"
#: The canonical JSON of engine.ledger.chain, whose middle is the digest of the event before.
_MULTIPLY: LiteralString = """
INSERT INTO ledger_event (stream_id, seq, type, version, at, actor_id, payload, prev, digest)
SELECT c.id, story.* FROM copy c CROSS JOIN LATERAL (
    SELECT seq, type, version, at, actor_id, words::jsonb, coalesce(lag(digest) OVER (ORDER BY seq), ''), digest
    FROM (
        SELECT said.*, pg_temp.chain(
            '{"actor_id":"' || actor_id || '","at":"' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
                || '","payload":' || words || ',"prev":"',
            '","seq":' || seq || ',"stream_id":"' || c.id || '","type":"' || type || '","version":' || version || '}'
        ) OVER (ORDER BY seq) AS digest
        FROM (
            SELECT e.seq, e.type, e.version, e.at + c.moved AS at, coalesce(a.new, e.actor_id) AS actor_id,
                   CASE WHEN cardinality(e.pieces) = 1 THEN substr(e.pieces[1], 2)
                        ELSE pg_temp.retold(e.pieces, c.n, c.turn, extract(day FROM c.moved)::int,
                                            coalesce(c.code, c.reference)) END AS words
            FROM told e LEFT JOIN another a ON a.old = e.actor_id AND a.turn = c.turn WHERE e.of = c.of OFFSET 0
        ) said
    ) chained
) story
"""
