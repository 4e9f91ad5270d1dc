"""Runs migrations on the connection that `upgrade` opened, one transaction each, one migrator at a time."""

from alembic import context

#: The key of the advisory lock under which one process migrates; two machines may be started at once.
_MIGRATING = 20250704

connection = context.config.attributes["connection"]
context.configure(connection=connection, transaction_per_migration=True)
# Waiting for another migrator is the one lock worth waiting for.
connection.exec_driver_sql("SET lock_timeout = '10min'")
connection.exec_driver_sql(f"SELECT pg_advisory_lock({_MIGRATING})")
connection.exec_driver_sql("RESET lock_timeout")
connection.commit()
with context.begin_transaction():
    context.run_migrations()
