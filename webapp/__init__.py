"""The only Flask: reads a request, calls one command or query, renders the answer."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from webapp.wiring import House


def create_app(house: "House | None" = None) -> "Flask":
    """The application on a house; without one, on that of the environment."""
    # Not above: the command line, the supervisor and the embedded database also live in this package, and
    # must not wait two seconds for all of Flask and the engine.
    from webapp import application

    return application.create_app(house)
