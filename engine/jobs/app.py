"""The procrastinate app: what runs outside a request, and what happens to a stalled job."""

from collections.abc import Callable
from typing import Any

import procrastinate
from procrastinate import App, PsycopgConnector, RetryStrategy

from engine.base.queue import RELAY

#: A worker says so often that it lives, and is given up after so much silence; then another takes over its jobs.
#: All in seconds: a job whose worker was killed runs again within `_SILENCE` and one round.
_HEARTBEAT, _SILENCE, _STALLED_ROUND = 3, 10, 5
#: Seconds between two looks for what is due.
TIMER_ROUND = 10
#: A question to the outside is asked so often: at once, then after one minute more each time, for over an hour.
_RETRIES, _MINUTE = 12, 60


def create_app(
    dsn: str,
    *,
    look_around: Callable[[], object],
    relay: Callable[..., None],
) -> App:
    """Wire the worker: `look_around` wakes what is due and brings what dossiers told one another.

    `relay` carries one job to its connector: it gets the topic, the payload, and whether this try is the `last`.
    """
    app = App(connector=PsycopgConnector(conninfo=dsn))

    @app.periodic(cron=f"* * * * * */{TIMER_ROUND}")
    @app.task(name="look_around", queueing_lock="look_around", pass_context=False)
    def look(timestamp: int) -> None:
        look_around()

    @app.task(name=RELAY, retry=RetryStrategy(max_attempts=_RETRIES, linear_wait=_MINUTE), pass_context=True)
    def carry(context: procrastinate.JobContext, topic: str, payload: dict[str, Any]) -> None:
        relay(topic, payload, last=context.job.attempts >= _RETRIES)

    @app.periodic(cron=f"* * * * * */{_STALLED_ROUND}")
    @app.task(name="retry_stalled", queueing_lock="retry_stalled", pass_context=True)
    async def retry_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_SILENCE):
            await app.job_manager.retry_job(job)

    return app


def run(app: App) -> None:
    """Run jobs until told to stop; a stop lets the running ones finish."""
    with app.open():
        app.run_worker(
            concurrency=4,
            shutdown_graceful_timeout=15,
            update_heartbeat_interval=_HEARTBEAT,
            stalled_worker_timeout=_SILENCE,
        )
