"""The role under which the application works: the ledger takes INSERT and SELECT, nothing else.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute(
        """
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
                CREATE ROLE motcua_app NOLOGIN;
            END IF;
            EXECUTE format('GRANT motcua_app TO %I', current_user);
        END $$
        """
    )
    op.execute("GRANT USAGE ON SCHEMA public TO motcua_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO motcua_app")
    op.execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO motcua_app")
    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO motcua_app"
    )
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO motcua_app")
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON ledger_event FROM motcua_app")
