"""`python -m benchmarks`: a table on the screen, figures in var/bench.json. `... year` and `... month` are large ones."""

from dataclasses import asdict
from pathlib import Path

import click
import orjson

from benchmarks import intake, machine, measures, rules, workers, world, year
from benchmarks.measures import Figure
from benchmarks.month import replay
from webapp.application import create_app
from webapp.demo.load import Size
from webapp.postgres import ROOT

#: Of the dossiers of the ordinary run, the share that is open, as in the demo.
OPEN = 0.7


@click.group(invoke_without_command=True)
@click.option("--catalogue", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The published procedures.")
@click.option("--dossiers", default=20_000, show_default=True)
@click.pass_context
def main(context: click.Context, catalogue: Path | None, dossiers: int) -> None:
    """Measure the product on a database of its own; a line for each figure with its goal."""
    if context.invoked_subcommand:
        return
    figures = machine.ratios() + rules.costs()
    click.echo(f"Making {dossiers} dossiers")
    with world.house(Size(dossiers, round(dossiers * OPEN))) as house:
        app = create_app(house)
        figures += measures.acts(house)
        figures += measures.posts(house, app)
        figures += measures.pages(house, app)
        figures += intake.intake(house, app)
        figures += measures.searches(house, catalogue)
    _tell(figures + _bursts(), "bench.json")


@main.command("year")
@click.option("--catalogue", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The published procedures.")
@click.option("--dossiers", default=2_000_000, show_default=True)
@click.option("--open", "lying", default=50_000, show_default=True, help="Of them not ended.")
@click.option("--events", default=20_000_000, show_default=True)
@click.option("--officers", default=18_174, show_default=True)
def of_year(catalogue: Path | None, dossiers: int, lying: int, events: int, officers: int) -> None:
    """Measure the pages on a province's year, and with the same open dossiers and only 20,000 closed ones.

    Takes most of an hour and some 30 GB of disk at its full size.
    """
    few = Size(lying + year.FEW, lying, officers)
    figures = []
    for name, size in ((year.said(year.FEW), few), (year.said(dossiers), Size(dossiers, lying, officers, events))):
        click.echo(f"Making {size.dossiers} dossiers")
        with world.house(size, catalogue or measures.found_catalogue()) as house:
            figures += year.pages(house, create_app(house), name)
    _tell(figures, "bench-year.json")


@main.command("month")
@click.option("--share", default=1.0, show_default=True, help="Of the month's dossiers; every day is thinner.")
@click.option("--processes", default=2, show_default=True, help="In which officers and applicants act.")
@click.option("--officers", default=18_174, show_default=True)
@click.option("--catalogue", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The published procedures.")
def of_month(share: float, processes: int, officers: int, catalogue: Path | None) -> None:
    """Replay a province's month, 160,766 dossiers to their end, through the commands that the pages call."""
    with world.staffed(officers, catalogue or measures.found_catalogue()) as (url, house):
        done = replay.replay(url, house.settings.blob_folder, share, processes, click.echo)
    for line in replay.story(done):
        click.echo(line)
    _tell(replay.figures(done), "bench-month.json")


@main.command("workers")
def of_workers() -> None:
    """Measure only how workers share what is due."""
    _tell(_bursts(), "bench-workers.json")


def _bursts() -> list[Figure]:
    click.echo(f"Making {workers.SIZE.dossiers} dossiers that wait for a timer")
    with world.house(workers.SIZE, stories=workers.WAITING) as house:
        return workers.bursts(house)


def _tell(figures: list[Figure], name: str) -> None:
    for figure in figures:
        click.echo(_line(figure))
    path = ROOT / "var" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(orjson.dumps([asdict(one) for one in figures], option=orjson.OPT_INDENT_2))
    click.echo(f"\n{path.relative_to(ROOT)} written")


def _line(figure: Figure) -> str:
    met = figure.value <= figure.goal if figure.better == "lower" else figure.value >= figure.goal
    words = "ok" if met else "MISSED"
    return f"{figure.name:<28}{figure.value:>10.1f} {figure.unit:<11} goal {figure.goal:>6g}  {words}"


if __name__ == "__main__":
    main()
