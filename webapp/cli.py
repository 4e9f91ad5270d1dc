"""The command line: `motcua --help` reads like a manual."""

import os
import sys

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Một Cửa: administrative procedures from the applicant's papers to the handed-over result.

    Every command uses the database that DATABASE_URL names, or the embedded PostgreSQL below var/.
    """


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def up(host: str, port: int) -> None:
    """Run everything on this machine: database, web, worker, stand-ins. Ctrl-C stops it."""
    from engine import migrations
    from webapp import supervisor

    sys.exit(supervisor.run_all(host, port, prepare=migrations.upgrade))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Processes; each has threads and a V8 of its own.")
@click.option("--threads", default=4, show_default=True)
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the pages with gunicorn."""
    size = ("--workers", str(workers), "--threads", str(threads), "--worker-class", "gthread")
    tidy = ("--no-control-socket", "--log-level", "warning")
    where = ("--bind", f"{host}:{port}", "webapp:create_app()")
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *size, *tidy, *where])


@main.command()
def worker() -> None:
    """Run the jobs: timers, deadlines, notices, what goes to the outside."""
    from webapp.wiring import run_worker

    run_worker()


@main.command("stand-in")
@click.option("--port", default=8009, show_default=True)
def stand_in(port: int) -> None:
    """Play the systems of the outside, for the demo: population, civil status, the national portal."""
    from connectors import standin

    standin.server(port=port).serve_forever()


@main.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from engine import migrations
    from webapp.postgres import database_url

    migrations.upgrade(database_url(os.environ))


if __name__ == "__main__":
    main()
