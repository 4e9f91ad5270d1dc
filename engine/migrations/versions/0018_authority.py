"""Which office decides, as rows; the helping office of a dossier, and whether anybody knows who decides it.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    _moment = sa.DateTime(timezone=True)
    op.create_table(
        "authority_row",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("procedure_code", sa.String(), nullable=True),
        sa.Column("field", sa.String(), nullable=True),
        sa.Column("place_code", sa.String(), nullable=True),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("entered_at", _moment, nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(procedure_code IS NULL) <> (field IS NULL)", name=op.f("ck__authority_row__one_subject")),
        sa.CheckConstraint(
            "effective_to IS NULL OR effective_to > effective_from", name=op.f("ck__authority_row__valid_range")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk__authority_row__office_id__office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__authority_row")),
    )
    op.create_index("ix__authority_row__procedure_code", "authority_row", ["procedure_code"])
    op.create_index("ix__authority_row__field", "authority_row", ["field"])
    op.add_column("dossier", sa.Column("helping_office_id", sa.Uuid(), nullable=True))
    op.add_column("dossier", sa.Column("authority_id", sa.Uuid(), nullable=True))
    op.add_column("dossier", sa.Column("unresolved_at", _moment, nullable=True))
    op.create_foreign_key(
        op.f("fk__dossier__helping_office_id__office"), "dossier", "office", ["helping_office_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk__dossier__authority_id__authority_row"), "dossier", "authority_row", ["authority_id"], ["id"]
    )
    op.create_index(
        "ix__dossier__unresolved",
        "dossier",
        ["receiving_office_id"],
        postgresql_where=sa.text("unresolved_at IS NOT NULL"),
    )
