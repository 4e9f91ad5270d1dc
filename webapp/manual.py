"""How the command line answers: what is refused is a sentence and an exit code, never a traceback."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from engine.catalog.foreign import Problem


class Manual(click.Group):
    """The group of all commands."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was asked for."""
        from sqlalchemy.exc import OperationalError

        from engine.base.errors import DomainError

        try:
            return super().invoke(ctx)
        except DomainError as refused:
            raise click.ClickException(str(refused)) from refused
        except OperationalError as away:
            raise click.ClickException(f"the database does not do it: {away.orig}") from away


def told(problems: "Iterable[Problem]") -> str:
    """What is wrong with a diagram, a line for each: element, line of the file (- where neither is known), sentence."""
    return "\n".join(f"{one.element or '-'}:{one.line or '-'}: {one.sentence}" for one in problems)
