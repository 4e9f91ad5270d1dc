"""The web server: gunicorn around our application, whose code is loaded once for all its processes."""

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

# Loaded before the processes part: it takes seconds and half of the memory. Only code is shared; what must not be
# (database connections, V8) is made in each process, by `create_app` and later.
from webapp import application, wiring


class _Web(BaseApplication):  # type: ignore[misc]
    """Gunicorn, told by us instead of by its command line."""

    def __init__(self, settings: dict[str, Any]):
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        app = application.create_app()
        wiring.read_up(app.extensions["house"])
        return app


def run(bind: str, *, workers: int, threads: int) -> None:
    """Serve until told to stop; what is in hand then gets ten seconds."""
    settings = {
        "bind": bind,
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "graceful_timeout": 10,
        "loglevel": "warning",
        "control_socket_disable": True,
    }
    wiring.settle_in()
    _Web(settings).run()
