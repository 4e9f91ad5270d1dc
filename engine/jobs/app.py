"""What a worker runs: the jobs of the queue through procrastinate, and every few seconds a round of its own beside them."""

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import procrastinate
import structlog
from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from engine.base.queue import DEFAULT, READ_SCAN, RELAY, SCANS

#: A worker says so often that it lives, and is given up after so much silence; then another takes over its jobs.
#: All in seconds: a job whose worker was killed runs again within `_SILENCE` and one round.
_HEARTBEAT, _SILENCE, _STALLED_ROUND = 3, 10, 5
#: Seconds between two looks for what is due, and between two tries to come back to a database that went away.
_ROUND, _AWAY = 5, 1
#: Seconds that anything of the queue waits for a connection.
_PATIENCE = 5
#: A question to the outside is asked so often: at once, then after one minute more each time, for over an hour.
_RETRIES, _MINUTE = 12, 60
#: A scan is read so often: at once, and three times more.
_READINGS = 4
#: So many jobs of each queue at once; a scan keeps a core busy.
_HANDS = {DEFAULT: 4, SCANS: 1}

log = structlog.get_logger()


def create_app(dsn: str, *, relay: Callable[..., None], read_scan: Callable[..., None]) -> App:
    """The queue. `relay` carries one job to its connector, `read_scan` makes one scan searchable.

    They get the topic and the payload, or the file, and whether this try is the `last`.
    """
    pool = partial(AsyncConnectionPool, configure=_each_alone)
    app = App(connector=PsycopgConnector(conninfo=dsn, timeout=_PATIENCE, pool_factory=pool))

    @app.task(name=RELAY, retry=RetryStrategy(max_attempts=_RETRIES, linear_wait=_MINUTE), pass_context=True)
    def carry(context: procrastinate.JobContext, topic: str, payload: dict[str, Any]) -> None:
        relay(topic, payload, last=context.job.attempts >= _RETRIES)

    @app.task(name=READ_SCAN, retry=RetryStrategy(max_attempts=_READINGS - 1, linear_wait=_MINUTE), pass_context=True)
    def read(context: procrastinate.JobContext, file_id: str) -> None:
        read_scan(file_id, last=context.job.attempts >= _READINGS - 1)

    @app.periodic(cron=f"* * * * * */{_STALLED_ROUND}")
    @app.task(name="retry_stalled", queueing_lock="retry_stalled", pass_context=True)
    async def retry_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_SILENCE):
            if job.task_name in (RELAY, READ_SCAN):
                await app.job_manager.retry_job(job)
            else:  # a round like this one, of a worker that was killed: the next is on its way
                await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)

    return app


async def _each_alone(connection: AsyncConnection[Any]) -> None:
    """Whatever the queue asks is one statement: a BEGIN and a COMMIT around it would be two journeys for nothing."""
    await connection.set_autocommit(True)


def run(app: App, look_around: Callable[[Callable[[], bool]], object]) -> None:
    """Run jobs and rounds until told to stop; a stop lets what is in hand finish.

    `look_around` wakes what is due; it is told how to ask whether to stop.
    """
    with app.open(), _rounds(look_around):
        while True:
            try:
                return asyncio.run(_work(app))
            except ConnectorException:
                # The database is away. What was in hand is found by its silence, like that of a killed worker.
                log.warning("worker waits for the database")
                time.sleep(_AWAY)


async def _work(app: App) -> None:
    """Hands for each queue; where one ends, told to or not, the others finish what they have and end too."""
    async with app.open_async():
        hands = [
            asyncio.create_task(
                app.run_worker_async(
                    queues=[queue],
                    concurrency=at_once,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=15,
                    update_heartbeat_interval=_HEARTBEAT,
                    stalled_worker_timeout=_SILENCE,
                    # What came of it is in the ledger; only what failed stays to be looked at.
                    delete_jobs="successful",
                )
            )
            for queue, at_once in _HANDS.items()
        ]

        def stop() -> None:
            for one in hands:
                one.cancel()

        if threading.current_thread() is threading.main_thread():
            for which in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(which, stop)
        await asyncio.wait(hands, return_when=asyncio.FIRST_COMPLETED)
        stop()
        for ended in await asyncio.gather(*hands, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended


@contextmanager
def _rounds(look_around: Callable[[Callable[[], bool]], object]) -> Iterator[None]:
    """In a thread, not as a job: a round needs no place in the queue, and every worker takes its part at once."""
    stop = threading.Event()

    def go() -> None:
        while not stop.wait(_ROUND):
            try:
                look_around(stop.is_set)
            except Exception:
                log.exception("round broke")

    thread = threading.Thread(target=go, name="rounds")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
