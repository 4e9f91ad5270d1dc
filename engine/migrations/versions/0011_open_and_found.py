"""What is closed costs nothing: lists of what waits begin at open dossiers, a search at the dossiers of an office.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

#: The words of a dossier, and the offices that receive and decide it.
FOUND = (
    "(to_tsvector('simple'::regconfig, search_text::text)"
    " || array_to_tsvector(ARRAY[receiving_office_id::text, competent_office_id::text]))"
)


def upgrade() -> None:
    op.add_column("wait", sa.Column("beside", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE wait SET beside = true FROM runtime_state AS run"
        " WHERE run.id = wait.runtime_id AND run.role = 'side' AND wait.closed_at IS NULL"
    )
    beside = sa.text("closed_at IS NULL AND beside")
    op.create_index("ix__wait__beside", "wait", ["dossier_id"], postgresql_where=beside)
    for side in ("receiving", "competent"):
        office = f"{side}_office_id"
        op.create_index(f"ix__dossier__open_{side}", "dossier", [office], postgresql_where=sa.text("ended_at IS NULL"))
    op.create_index("ix__dossier__found", "dossier", [sa.text(FOUND)], postgresql_using="gin")
    op.drop_index("ix__dossier__words", "dossier")
