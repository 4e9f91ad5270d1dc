"""The command line: `motcua --help` reads like a manual."""

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.manual import Manual, told

if TYPE_CHECKING:
    from webapp.wiring import House


def _house() -> "House":
    from webapp.wiring import build

    return build()


def _configure_logs() -> None:
    from webapp import config, logs

    logs.configure(config.read().log_level)


@click.group(cls=Manual, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Một Cửa: administrative procedures from the applicant's papers to the handed-over result.

    Every command uses the database that DATABASE_URL names, or the embedded PostgreSQL below var/.
    """


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def up(host: str, port: int) -> None:
    """Run everything on this machine, with the demo province. Ctrl-C stops it."""
    from webapp import supervisor

    def prepare(url: str) -> None:
        os.environ["DATABASE_URL"] = url
        if _prepared(url):
            _make_demo(url)

    sys.exit(supervisor.run_all(host, port, prepare=prepare, welcome=_welcome))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Processes; each has threads and a V8 of its own.")
@click.option("--threads", default=4, show_default=True)
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the pages with gunicorn."""
    from webapp import server

    _configure_logs()
    server.run(f"{host}:{port}", workers=workers, threads=threads)


@main.command()
def worker() -> None:
    """Run the jobs: timers, deadlines, notices, what goes to the outside."""
    from webapp.wiring import run_worker

    _configure_logs()
    run_worker()


@main.command()
@click.option("--port", default=8009, show_default=True)
def standin(port: int) -> None:
    """Serve stand-ins of the outside systems: population, civil status, portal, social assistance."""
    from connectors.standin import server

    _configure_logs()
    with server(port=port) as serving:
        serving.serve_forever()


@main.command()
def migrate() -> None:
    """Bring the database's schema up to date, and the faces of papers that the product brings."""
    from engine import migrations
    from webapp.postgres import database_url

    migrations.upgrade(database_url(os.environ))
    _publish_papers()


def _publish_papers(folder: Path | None = None, effective_from: datetime | None = None) -> None:
    from engine.documents import templates

    with _house().unit() as uow:
        day = effective_from.date() if effective_from else None
        for one in templates.publish(uow, folder or templates.HERE, effective_from=day):
            place = " ".join(part for part in (one.province, one.procedure) if part)
            click.echo(f"{one.kind} ({place}) version {one.number} in force from {one.effective_from}")


@main.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--from", "effective_from", type=click.DateTime(["%Y-%m-%d"]), help="First day in force; today by default.")
def papers(folder: Path | None, effective_from: datetime | None) -> None:
    """Publish templates of papers from FOLDER, by default those of the product.

    In it lie folders by province (00 for the country) with an HTML file for each paper, and below them folders by
    procedure. What is the same as the version published last stays; papers made before keep the template of their day,
    and what was printed stays as it is.
    """
    _publish_papers(folder, effective_from)


@main.command()
def demo() -> None:
    """Fill an empty database with the demo province: offices, people, procedures, some 390 dossiers."""
    from webapp.postgres import database_url

    url = database_url(os.environ)
    if not _prepared(url):
        raise click.ClickException("the database is not empty")
    _make_demo(url)


@main.command()
@click.option("--dossiers", type=click.IntRange(0), default=2_000_000, show_default=True, help="How many there are afterwards.")
@click.option("--open", "lying", type=click.IntRange(0), default=50_000, show_default=True, help="Of them not ended.")
@click.option("--events", type=click.IntRange(0), default=20_000_000, show_default=True, help="In their ledgers; 0 for every event of each story.")
@click.option("--officers", type=click.IntRange(0), default=18_174, show_default=True, help="In every lane of every office; 0 for those of the demo.")
@click.option("--catalogue", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The published procedures.")
@click.option("--scale", type=click.FloatRange(0, min_open=True), default=1.0, show_default=True, help="Multiplies dossiers and events: 0.001 for a quick look.")
def load(dossiers: int, lying: int, events: int, officers: int, catalogue: Path | None, scale: float) -> None:
    """Fill an empty database with a province's year, to see what its size costs.

    The demo is multiplied inside the database: every copy has rows, ids, a code, names, a day, an office and officers of
    its own. All is synthetic. Each ledger's chain holds, but a closed dossier keeps only as many events as --events
    allows, and that share of its tasks, papers and answers; declarations and printed slips are those of the original.
    """
    from engine.catalog import national
    from webapp.demo import load as loading
    from webapp.postgres import database_url

    try:
        loading.check(officers)
    except loading.TooFew as wrong:
        raise click.BadParameter(str(wrong), param_hint="--officers") from wrong
    url = database_url(os.environ)
    if not _prepared(url):
        raise click.ClickException("the database is not empty")
    _make_demo(url, factor=0.1, whole=False)
    house = _house()
    if catalogue:
        with house.unit() as uow:
            national.import_file(uow, catalogue)
    size = loading.Size(round(dossiers * scale), round(lying * scale), officers, round(events * scale) or None)
    loading.fill(house, size, click.echo)


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--forms", type=click.Path(exists=True, file_okay=False, path_type=Path), default=None,
              help="Where the forms lie; forms/schemas beside the bundles by default.")  # fmt: skip
def deploy(folder: Path, forms: Path | None) -> None:
    """Check a bundle (a procedure's FOLDER, or bpmn/ whole) and store it as a draft.

    The same bytes again are the same version. What is wrong is printed with file, element and line.
    """
    from engine.catalog import publish
    from engine.catalog.findings import DeployRefused

    forms = forms or folder.resolve().parent / "forms" / "schemas"
    try:
        with _house().unit() as uow:
            whole = (folder / "_parts").is_dir()
            made = publish.deploy_all(uow, folder, forms=forms) if whole else [
                publish.deploy(uow, folder, forms=forms if forms.is_dir() else None)
            ]  # fmt: skip
    except DeployRefused as refused:
        raise click.ClickException("\n".join(["refused", *map(str, refused.findings)])) from refused
    for one in made:
        click.echo(f"{one.code} version {one.number} {'drafted' if one.is_new else 'unchanged'} {one.version_id}")
        for finding in one.findings:
            click.echo(f"  {finding}")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it; onto FILE by default.")
def translate(file: Path, to: Path | None) -> None:
    """Say a diagram of Camunda Modeler or spiff-arena in our words; what is not clear is listed and nothing is written.

    A change that begins with "!" runs otherwise than there unless it is seen to.
    """
    from engine.catalog.foreign import DiagramRefused, translate

    try:
        said = translate(file.read_bytes())
    except DiagramRefused as refused:
        raise click.ClickException(told(refused.problems)) from refused
    for change in said.changes:
        click.echo(f"{'! ' if change.heed else ''}{change.element or '-'}:{change.line}: {change.sentence}")
    if said.left:
        raise click.ClickException(f"not translated\n{told(said.left)}")
    (to or file).write_bytes(said.data)
    click.echo(f"{to or file}: {said.maker or 'ours already'}, {len(said.changes)} changes")


@main.command()
@click.argument("code")
@click.option("--number", type=int, help="Which version; the newest draft by default.")
@click.option("--from", "effective_from", type=click.DateTime(["%Y-%m-%d"]), help="First day in force; today by default.")
def publish(code: str, number: int | None, effective_from: datetime | None) -> None:
    """Let a draft of CODE bind the dossiers received from a day on."""
    from sqlalchemy import select

    from engine.catalog import publish as publishing
    from engine.catalog.models import ProcedureVersion, VersionState

    house = _house()
    with house.unit() as uow:
        query = select(ProcedureVersion).filter_by(code=code)
        query = query.filter_by(number=number) if number else query.filter_by(state=VersionState.DRAFT)
        version = uow.session.scalars(query.order_by(ProcedureVersion.number.desc())).first()
        if version is None:
            raise click.ClickException(f"{code} has no such draft")
        day = effective_from.date() if effective_from else house.clock.today()
        publishing.publish(uow, version.id, effective_from=day)
    click.echo(f"{code} version {version.number} in force from {day}")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def rules(file: Path) -> None:
    """Check an edition of the rules of the clock: gaps, overlaps, unknown units; says what is wrong with which."""
    from engine.calendar.rules import RulesRefused, read

    try:
        edition = read(file.stem, json.loads(file.read_text("utf-8")))
    except RulesRefused as refused:
        raise click.ClickException("\n".join(refused.facts["sentence"].split("; "))) from refused
    except ValueError as error:
        raise click.ClickException(f"{file}: {error}") from error
    click.echo(f"{len(edition.rows)} rows, no gap and no overlap")


@main.group()
def catalogue() -> None:
    """The procedures of the nation."""


@catalogue.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def catalogue_import(file: Path) -> None:
    """Load FILE, one JSON object a line, plain or .gz; running it twice changes nothing.

    A broken line is reported with its number and the reason; the others load.
    """
    from engine.catalog.national import import_file

    with click.progressbar(length=100, label="Procedures", width=40) as bar:

        def moved(done: int, total: int) -> None:
            bar.update(max(0, int(100 * done / max(total, 1)) - bar.pos))

        with _house().unit() as uow:
            report = import_file(uow, file, moved)
    click.echo(f"{report.created} created, {report.updated} updated, {report.unchanged} unchanged")
    for line, reason in report.refused:
        click.echo(f"line {line}: {reason}", err=True)
    if report.refused:
        sys.exit(1)


@catalogue.command("search")
@click.argument("words", nargs=-1, required=True)
def catalogue_search(words: tuple[str, ...]) -> None:
    """Find procedures by code or words, with or without diacritics."""
    from engine.catalog.search import search

    with _house().sessions() as session:
        for hit in search(session, " ".join(words)):
            click.echo(f"{hit.code}  {hit.name}  ({hit.field})")


@main.group()
def dossier() -> None:
    """Look at dossiers."""


@dossier.command("show")
@click.argument("code")
def dossier_show(code: str) -> None:
    """Print where a dossier is, what it waits for, and its story."""
    from sqlalchemy import select

    from engine.dossiers.models import Dossier, Task, Wait
    from engine.ledger.chain import first_break
    from engine.ledger.read import history

    with _house().sessions() as session:
        row = session.scalars(select(Dossier).where((Dossier.code == code) | (Dossier.reference == code))).first()
        if row is None:
            raise click.ClickException(f"no dossier {code}")
        click.echo(f"{row.code or row.reference}  {row.procedure_code}  {row.status}  due {row.due_at}")
        for task in session.scalars(select(Task).filter_by(dossier_id=row.id, done_at=None)):
            click.echo(f"  task {task.step_id} ({task.lane}) since {task.opened_at:%Y-%m-%d %H:%M}")
        for wait in session.scalars(select(Wait).filter_by(dossier_id=row.id, closed_at=None)):
            click.echo(f"  waits for {wait.kind} {wait.subject or wait.step_id}, due {wait.due_at}")
        events = history(session, row.id)
        for event in events:
            click.echo(f"  {event.seq:3} {event.at:%Y-%m-%d %H:%M} {event.type} {event.payload}")
        broken = first_break(events)
        click.echo("chain intact" if broken is None else f"CHAIN BROKEN at {broken}")


@dossier.command("move")
@click.argument("code")
@click.option("--to", "number", type=int, required=True, help="The version of CODE on which they go on.")
@click.option("--map", "pairs", multiple=True, metavar="OLD=NEW", help="An element that is called otherwise there.")
@click.option("--only", multiple=True, metavar="DOSSIER", help="Only these dossiers; all open ones of CODE by default.")
@click.option("--for-real", is_flag=True, help="Move them. Without it, only say which could.")
def dossier_move(code: str, number: int, pairs: tuple[str, ...], only: tuple[str, ...], *, for_real: bool) -> None:
    """Let running dossiers of a procedure, or of the frame, CODE go on in another version of its diagram.

    Tries each one and says why it cannot move. Due times stay; each that moved has an event in its ledger.
    Ends with 1 when some cannot.
    """
    from sqlalchemy import select

    from engine.base.actor import SYSTEM
    from engine.base.errors import DomainError
    from engine.base.uow import unit_of_work
    from engine.catalog.models import ProcedureVersion, VersionState
    from engine.dossiers import moving

    if wrong := [pair for pair in pairs if pair.count("=") != 1]:
        raise click.BadParameter(f"{wrong[0]!r} is not OLD=NEW", param_hint="--map")
    names, house = dict(pair.split("=") for pair in pairs), _house()
    with house.sessions() as session:
        target = session.scalars(select(ProcedureVersion).filter_by(code=code, number=number)).first()
        if target is None:
            raise click.ClickException(f"{code} has no version {number}")
        if (unpublished := target.state != VersionState.PUBLISHED) and for_real:
            raise click.ClickException(f"{code} version {number} is not published: nobody is moved to it")
        found = [one for one in moving.prospects(session, target, names) if not only or one.code in only]
    missing = sorted({*only} - {one.code for one in found})
    click.echo("".join(f"{name}: no open dossier on another version of {code}\n" for name in missing), nl=False)
    left = 0
    for one in found:
        said = [problem.sentence for problem in one.problems]
        if for_real and not said:
            try:
                # told here, to whoever moves them: no incident of the dossier
                with unit_of_work(house.sessions, SYSTEM, house.clock) as uow:
                    moving.move(uow, one.dossier_id, target.id, names)
            except DomainError as refused:
                said = [str(refused)]
        left += bool(said)
        click.echo(f"{one.code} version {one.number}, {one.status}: {'; '.join(said) or 'moved' if for_real else '; '.join(said) or 'can move'}")
    yet = ", which is not published yet" if unpublished else ""
    click.echo(f"{len(found) - left} {'moved' if for_real else 'can move'} to version {number}{yet}, {left} cannot")
    sys.exit(1 if left or missing else 0)


def _rings(due_at: datetime | None) -> str:
    """When what waits goes on by itself, or is too late, in Vietnam."""
    from engine.base.clock import VIETNAM

    return f", {due_at.astimezone(VIETNAM):%Y-%m-%d %H:%M}" if due_at else ""


#: Numbers of one gap that are named.
_SHOWN = 10
#: What `motcua check` says of an alarm.
_ALARMS = {
    "idle": "nobody has it and it waits for nothing",
    "unmanned": "nobody stands in the lane of this step",
    "unarmed": "a timer that has no time",
    "late_timer": "its time has come and no worker woke it",
    "unasked": "waits for the outside, and no job asks",
    "unheard": "a message or signal for it was sent and no worker brings it",
    "unreadable": "its stored state or its diagram cannot be read",
    "out_of_step": "rows and diagram disagree on what is open",
    "incident": "broke and was rolled back; see the list of incidents",
}


@main.command()
@click.option("--each", is_flag=True, help="A line for every open dossier, not only for those in trouble.")
def check(*, each: bool) -> None:
    """Say of every open dossier who has it or what it waits for; one with neither is an alarm.

    So is a number of a code or a paper that was given and that nothing bears, a version of a procedure that was
    changed where it lies, what a part of a group brought and its group did not take in time, a system that was not mended
    in time, and a fee that is still owed after the end. Ends with 1 when there is any alarm.
    """
    from engine.catalog import publish
    from engine.dossiers import gaps, invariants, promptness

    house = _house()
    looked = alarmed = 0
    with house.sessions() as session:
        for standing in invariants.standings(session, house.clock):
            looked += 1
            alarmed += bool(standing.alarms)
            has = [f"{one.lane} ({one.step_id})" for one in standing.tasks]
            has += [f"{one.kind} {one.subject or one.step_id}{_rings(one.due_at)}" for one in standing.waits]
            if each or standing.alarms:
                click.echo(f"{standing.code}: {', '.join(has) or '-'}")
            for alarm, step in standing.alarms:
                click.echo(f"  ALARM {step} {_ALARMS[alarm]}", err=True)
        lost = list(gaps.gaps(session))
        touched = publish.touched(session)
        held, down = (late(session, house.clock.now()) for late in (promptness.held, promptness.down))
        unasked = invariants.owed_after_the_end(session)
    for code in unasked:
        click.echo(f"  ALARM {code}: ended, and a fee of it is still owed: collect or forgo it at the till (/cashier)", err=True)
    for one in touched:
        click.echo(f"  ALARM {one.code} version {one.number}: what is stored is not what was deployed", err=True)
    for part in held:
        click.echo(f"  ALARM {part.code}: done {part.sent_at:%Y-%m-%d %H:%M}Z, and group {part.group} has not taken it (L15)", err=True)
    for fault in down:
        click.echo(f"  ALARM {fault.system}: down since {fault.started_at:%Y-%m-%d %H:%M}Z (L16)", err=True)
    for one in lost:
        said = ", ".join(map(str, one.missing[:_SHOWN])) + (", …" if len(one.missing) > _SHOWN else "")
        click.echo(f"  ALARM {one.register} of {one.office}, {one.period}: given and borne by nothing: {said}", err=True)
    click.echo(f"{looked} open dossiers, {alarmed} with an alarm; {len(lost)} series with a gap")
    sys.exit(1 if alarmed or lost or touched or held or down or unasked else 0)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--patience", type=click.IntRange(0, 100), default=3, show_default=True,
              help="How often to shake the best drawing and try again; some two seconds each.")  # fmt: skip
def layout(file: Path, patience: int) -> None:
    """Draw a BPMN FILE anew on the grid of the style guide: lanes, straight main line, right angles."""
    from engine.catalog.layout import DiagramRefused, lay_out

    try:
        file.write_bytes(lay_out(file.read_bytes(), patience=patience))
    except DiagramRefused as refused:
        raise click.ClickException("\n".join(f"{file}:{one.line}: {one.sentence}" for one in refused.problems)) from refused
    click.echo(f"{file} laid out")


def _prepared(url: str) -> bool:
    """Bring the schema up to date; whether there is nothing in it yet. A demo left half made is cleared away."""
    from engine import migrations
    from webapp.demo import once

    try:
        if once.clear_half(url):
            click.echo("Making the demo was interrupted; it is made anew.")
    except once.BeingMade as busy:
        raise click.ClickException("another process is making the demo in this database") from busy
    outdated = not migrations.is_current(url)
    if outdated:
        migrations.upgrade(url)
    empty = once.is_empty(url)
    if outdated and not empty:
        _publish_papers()
    return empty


def _make_demo(url: str, factor: float = 1.0, *, whole: bool = True) -> None:
    from webapp.auth import hash_for
    from webapp.demo import once, province

    house = _house()
    if house.settings.production:
        raise click.ClickException("a production has no demo")
    hashed = hash_for(house.settings, province.PASSWORD)
    with once.being_made(url):
        with click.progressbar(length=100, label="Demo province", width=40) as bar:

            def say(done: int, total: int) -> None:
                bar.update(max(0, int(100 * done / total) - bar.pos))

            province.make(house, say, factor=factor, whole=whole)
        with house.unit() as uow:
            province.set_passwords(uow.session, hashed)


def _welcome() -> str:
    from webapp.demo import province

    with _house().sessions() as session:
        lines = [f"    {name:<24} {words}" for name, words in province.logins(session)]
    if not lines:
        return ""
    return "\n".join([f"  Demo accounts, password «{province.PASSWORD}»:", *lines])


if __name__ == "__main__":
    main()
