"""Everything on one machine: database, web, worker, and a stand-in for the outside. What `make run` runs."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import FrameType

import click

from webapp.postgres import Server

#: Seconds until the web must answer, and that a part gets to finish what it has in hand.
_PATIENCE = 120
_GOODBYE = 15
#: Workers share what there is to do; one keeps one core busy at most, and more than these one machine seldom needs.
_MOST_WORKERS = 4
#: The stand-in of the outside systems listens so many ports above the web.
_STAND_IN = 9


@dataclass(frozen=True)
class Part:
    """One process of the product: a command of `motcua`."""

    name: str
    command: tuple[str, ...]

    def start(self, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        # A session of its own: Ctrl-C reaches only the supervisor, which then stops the parts in order.
        # And should the supervisor be killed, the kernel ends the part.
        alone = ("setpriv", "--pdeathsig", "TERM", sys.executable, "-m", "webapp.cli", *self.command)
        return subprocess.Popen(alone, env=environment, start_new_session=True)


class Stopped(Exception):
    """Somebody asked us to stop (Ctrl-C, SIGTERM)."""


def run_all(host: str, port: int, *, prepare: Callable[[str], None], welcome: Callable[[], str]) -> int:
    """Start everything, wait for Ctrl-C or for a part to fail, stop everything. The exit code.

    `prepare` gets the database's URL before anything else may use it: migrations, the demo. `welcome` says
    who may log in, once all runs.
    """
    _refuse_a_taken(host, port)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    embedded = None if os.environ.get("DATABASE_URL") else Server("postgres")
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        url = embedded.start() if embedded else os.environ["DATABASE_URL"]
        prepare(url)
        for part in _parts(host, port):
            running[part.name] = part.start({**_defaults(host, port), **os.environ, "DATABASE_URL": url})
        _wait_for_the_web(host, port, running)
        click.echo(f"\n  Một Cửa: http://{host}:{port}\n\n{welcome()}\n  Ctrl-C stops everything.")
        return _first_to_end(running)
    except Stopped:
        return 0
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        _end(running)
        if embedded:
            embedded.release()
            embedded.wait_until_stopped(_GOODBYE)
        click.echo("Stopped.")


def workers() -> int:
    """As many as there are cores for us."""
    return min(len(os.sched_getaffinity(0)), _MOST_WORKERS)


def _parts(host: str, port: int) -> tuple[Part, ...]:
    return (
        Part("web", ("serve", "--host", host, "--port", str(port))),
        *(Part(f"worker {number}", ("worker",)) for number in range(1, workers() + 1)),
        Part("stand-in", ("standin", "--port", str(port + _STAND_IN))),
    )


def _defaults(host: str, port: int) -> dict[str, str]:
    """Where the parts find one another, and a quiet console; the environment may say otherwise."""
    outside = f"http://127.0.0.1:{port + _STAND_IN}"
    return {
        "MOTCUA_LOG_LEVEL": "warning",
        "MOTCUA_PUBLIC_URL": f"http://{host}:{port}",
        "MOTCUA_POPULATION_URL": f"{outside}/population",
        "MOTCUA_CIVIL_STATUS_URL": f"{outside}/civil-status",
        "MOTCUA_PORTAL_URL": f"{outside}/portal",
        "MOTCUA_SOCIAL_URL": f"{outside}/social",
        "MOTCUA_LAND_URL": f"{outside}/land",
        "MOTCUA_BUSINESS_URL": f"{outside}/business",
        "MOTCUA_RESIDENCE_URL": f"{outside}/residence",
        "MOTCUA_DRIVING_URL": f"{outside}/driving",
        "MOTCUA_FOOD_URL": f"{outside}/food",
        "MOTCUA_INSURANCE_URL": f"{outside}/insurance",
        "MOTCUA_HOME_AFFAIRS_URL": f"{outside}/home-affairs",
    }


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _refuse_a_taken(host: str, port: int) -> None:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return
    raise click.ClickException(f"Something already listens on {host}:{port}; choose another --port.")


def _answers(host: str, port: int) -> bool:
    """Whether a page comes back: gunicorn listens long before its workers have loaded the application."""
    web = http.client.HTTPConnection(host, port, timeout=_PATIENCE)
    try:
        web.request("GET", "/")
        return web.getresponse().status < HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        web.close()


def _wait_for_the_web(host: str, port: int, running: Mapping[str, "subprocess.Popen[bytes]"]) -> None:
    end = time.monotonic() + _PATIENCE
    while not _answers(host, port):
        dead = [name for name, process in running.items() if process.poll() is not None]
        if dead or time.monotonic() > end:
            raise click.ClickException(f"{' and '.join(dead) or 'web'} did not start; its message is above.")
        time.sleep(0.05)


def _first_to_end(running: Mapping[str, "subprocess.Popen[bytes]"]) -> int:
    """Wait; a part that ends by itself is a failure of the whole, said aloud rather than hidden by a restart."""
    while True:
        for name, process in running.items():
            if process.poll() is not None:
                click.echo(f"{name} ended with {process.returncode}; stopping the others.", err=True)
                return 1
        time.sleep(0.5)


def _end(running: Mapping[str, "subprocess.Popen[bytes]"]) -> None:
    for process in running.values():
        process.terminate()
    for process in running.values():
        try:
            process.wait(_GOODBYE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
