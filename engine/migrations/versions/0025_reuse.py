"""Papers of the warehouse are used again: who looked for what and why, which file came from there, what kind of result each is.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    # the first bytes may be stored again after others, and one result may belong to two people
    op.drop_constraint("uq__warehouse_paper__dossier_id", "warehouse_paper")
    op.add_column("warehouse_paper", sa.Column("kind", sa.String(), server_default="granted", nullable=False))
    op.add_column("document_file", sa.Column("warehouse_paper_id", sa.Uuid(), nullable=True))
    op.create_table(
        "warehouse_lookup",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("component_key", sa.String(), nullable=True),
        sa.Column("paper_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__warehouse_lookup__dossier_id__dossier")),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["warehouse_paper.id"], name=op.f("fk__warehouse_lookup__paper_id__warehouse_paper")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__warehouse_lookup")),
    )
    op.create_index(op.f("ix__warehouse_lookup_at"), "warehouse_lookup", ["at"])
    op.create_index(op.f("ix__warehouse_lookup_dossier_id"), "warehouse_lookup", ["dossier_id"])
    op.create_index(
        "ix__ledger_event__reused", "ledger_event", ["at"], postgresql_where=sa.text("type = 'paper.reused'")
    )
