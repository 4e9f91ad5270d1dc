"""`python -m benchmarks [--catalogue FILE] [--dossiers N]`: a table on the screen, the figures in var/bench.json."""

from dataclasses import asdict
from pathlib import Path

import click
import orjson

from benchmarks import machine, measures, rules, world
from benchmarks.measures import Figure
from webapp.application import create_app
from webapp.postgres import ROOT


@click.command()
@click.option("--catalogue", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The published procedures.")
@click.option("--dossiers", default=20_000, show_default=True)
def main(catalogue: Path | None, dossiers: int) -> None:
    """Measure the product on a database of its own; a line for each figure with its goal."""
    figures = machine.ratios() + rules.costs()
    click.echo(f"Making {dossiers} dossiers")
    with world.house(dossiers) as house:
        app = create_app(house)
        figures += measures.acts(house)
        figures += measures.posts(house, app)
        figures += measures.pages(house, app)
        figures += measures.searches(house, catalogue)
    for figure in figures:
        click.echo(_line(figure))
    path = ROOT / "var" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(orjson.dumps([asdict(one) for one in figures], option=orjson.OPT_INDENT_2))
    click.echo(f"\n{path.relative_to(ROOT)} written")


def _line(figure: Figure) -> str:
    met = figure.value <= figure.goal if figure.better == "lower" else figure.value >= figure.goal
    words = "ok" if met else "MISSED"
    return f"{figure.name:<28}{figure.value:>10.1f} {figure.unit:<11} goal {figure.goal:>6g}  {words}"


if __name__ == "__main__":
    main()
