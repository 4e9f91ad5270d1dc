"""A lane for councils that appraise, in front of the signing leader; the branch of administration of an office.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("office", sa.Column("branch", sa.String(), nullable=True))
    # Where no lane is there yet, the seed of the offices brings it.
    op.execute("UPDATE lane SET position = position + 1 WHERE position >= (SELECT position FROM lane WHERE code = 'leader')")
    op.execute(
        "INSERT INTO lane (code, name, name_en, side, position) "
        "SELECT 'council', 'Hội đồng thẩm định', 'Appraisal council', side, position - 1 FROM lane WHERE code = 'leader' "
        "ON CONFLICT (code) DO NOTHING"
    )
