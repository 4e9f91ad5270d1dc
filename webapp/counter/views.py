"""Search a procedure, take the papers in, decide, print the slip."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

import feel
import forms
from engine.base.errors import DomainError, Missing
from engine.base.uow import UnitOfWork
from engine.calendar.rules import Rule
from engine.catalog import publish
from engine.catalog.models import Procedure
from engine.catalog.search import search
from engine.catalog.terms import Terms, terms_of
from engine.documents import files
from engine.documents.checklist import ComponentUnknown, Judgement
from engine.documents.files import Received
from engine.documents.models import Slip
from engine.dossiers import citing, estimating, intake, offices, reuse, tasks
from engine.dossiers.intake import Lodged, Lodging
from engine.dossiers.models import Dossier, Task
from engine.org import directory
from engine.org.directory import OfficeRow
from engine.org.models import Office, OfficeKind
from webapp import choices, formview, scanner
from webapp.auth import needs
from webapp.counter import asks
from webapp.counter.schemas import Intake, check_refusal, read_intake
from webapp.duesum import due_sum
from webapp.errors import sentence
from webapp.once import once
from webapp.unit import counter_id, house, read_session, reading, unit
from webapp.uploads import received, token_of
from webapp.verdicts import judgements

bp = Blueprint("counter", __name__, template_folder="templates", url_prefix="/counter")


@dataclass(frozen=True)
class Desk:
    """What the intake page of one procedure is drawn from."""

    procedure: Procedure
    terms: Terms
    document: dict[str, Any]
    centre: Office
    competent: list[Office]
    #: Names that its fees, limits and papers read: answers to them change the date, the fee or the list of papers.
    read: frozenset[str]
    #: The rules whose numbers the form leaves to them, by code.
    cited: Mapping[str, Rule]
    #: Of whom its fees ask whether the applicant is one.
    exempt: tuple[str, ...]


@bp.get("/")
@needs("dossier.lodge")
def index() -> str:
    """Which procedure? By code or by the citizen's own words."""
    words = request.args.get("q", "")
    with read_session() as session:
        hits = search(session, words, limit=20) if words.strip() else []
    template = "counter/_hits.html" if request.headers.get("HX-Request") else "counter/index.html"
    return render_template(template, hits=hits, words=words)


@bp.get("/<code>")
@needs("dossier.lodge")
def new(code: str) -> str:
    """An empty intake page."""
    return _page(code, {}, key=uuid.uuid4())


@bp.get("/scans/<desk>/<name>")
@needs("dossier.lodge")
def scan(desk: str, name: str) -> Response:
    """A file of the scanner, to be looked at before it is put on a paper."""
    with read_session() as session:
        centre = session.get_one(Office, counter_id())
    stream = scanner.opened(centre, f"{desk}/{name}")
    kind = files.kind_of(stream.read(1 << 16))
    stream.seek(0)
    shown = kind in files.SHOWN
    return send_file(
        stream, mimetype=kind if shown else "application/octet-stream", as_attachment=not shown, download_name=files.called(name)
    )


@bp.post("/<code>/estimate")
@needs("dossier.lodge")
def estimate(code: str) -> str:
    """The form, the papers and the date again, as the answers stand; nothing is stored but chosen files."""
    given, unread = read_intake(request.form)
    kept, refused = _received()
    answers = forms.from_flat(_document(code), request.form)
    return _page(code, answers, key=given.key, given=given, kept=kept, refusal=refused or (unread and sentence(unread)))


@bp.post("/<code>")
@needs("dossier.lodge")
@once
def receive(code: str) -> str | tuple[str, int] | BaseResponse:
    """Lodge and decide in one act; an error comes back with everything that was typed and chosen."""
    (given, unread), document = read_intake(request.form), _document(code)
    answers = forms.from_flat(document, request.form)
    kept, refused = _received()
    if (changed := formview.change_rows(document, answers, request.form)) is not None:
        return _page(code, changed, key=given.key, given=given, kept=kept, refusal=refused)
    if refused:
        return _page(code, answers, key=given.key, given=given, kept=kept, refusal=refused), 422
    try:
        if unread:
            raise unread
        check_refusal(given)
        with unit() as uow:
            lodged = intake.lodge(uow, replace(_lodging(code, given, answers), papers=kept))
            _decide(uow, lodged, given)
    except forms.FormInvalid as wrong:
        return _page(code, answers, key=given.key, given=given, kept=kept, errors=formview.sentences(wrong)), 422
    except DomainError as refusal:
        said = sentence(refusal)
        if isinstance(refusal, ComponentUnknown):  # else it would be sent again, and refused again
            kept = [one for one in kept if one[0] != refusal.facts["component"]]
        return _page(code, answers, key=given.key, given=given, kept=kept, refusal=said), 422
    with read_session() as session:
        row = session.get_one(Dossier, lodged.dossier_id)
        slip = session.scalar(select(Slip.id).filter_by(dossier_id=row.id, kind="receipt").limit(1))
    flash(_said(given.decision, row.status, at_once=row.accepted_at is not None and slip is None))
    return redirect(url_for("dossiers.show", ref=row.code or row.reference), 303)


def _said(decision: str, status: str, *, at_once: bool) -> str:
    """What was done, and whose turn it is where the counter's word is not the last."""
    match decision, status:
        case "accept", "awaiting_payment":
            return _("Đã kiểm tra đủ. Mời người nộp sang thu phí; mã hồ sơ và giấy hẹn có sau khi thu.")
        case "accept", "registered":
            return _("Đã nhận hồ sơ. Lãnh đạo Trung tâm xác định cơ quan giải quyết, rồi mới tiếp nhận và hẹn trả.")
        case "accept", _ if at_once:
            return _("Đã tiếp nhận. Trả kết quả trong ngày nên không lập giấy hẹn; lập khi người nộp đề nghị.")
        case "refuse", "registered":
            return _("Đã chuyển lãnh đạo Trung tâm duyệt việc từ chối.")
    return {
        "accept": _("Đã tiếp nhận. In giấy tiếp nhận ở mục Giấy tờ."),
        "supplement": _("Đã lập phiếu yêu cầu bổ sung."),
        "refuse": _("Đã lập phiếu từ chối."),
    }[decision]


def _lodging(code: str, given: Intake, answers: Mapping[str, Any]) -> Lodging:
    return Lodging(
        procedure_code=code,
        channel=given.channel,
        answers=answers,
        receiving_office_id=counter_id(),
        competent_office_id=given.competent_office_id,
        resolve=given.resolve,
        is_proxy=given.is_proxy,
        authority=given.authority,
        key=given.key,
        agreed_days=given.agreed_days,
        facts={
            "lookup": {"identity": given.lookup, "residence": given.lookup},
            **({"fee_classes": list(given.exempt), "fee_proofs": dict(given.exempt)} if given.exempt else {}),
        },
        searched={"population": given.lookup} if given.lookup != "not_tried" else {},
    )


def _received() -> tuple[list[tuple[str, Received]], str | None]:
    """Files kept, chosen, and taken from the scanner, with the sentence about one that was refused."""
    kept, refused = received()
    with read_session() as session:
        taken, not_taken = scanner.put(session.get_one(Office, counter_id()))
    kept.extend(taken)
    if not_taken:
        refused = refused or sentence(not_taken[0])
    return list({(key, one.sha256): (key, one) for key, one in kept}.values()), refused


def _decide(uow: UnitOfWork, lodged: Lodged, given: Intake) -> None:
    """Finish the check, which is already in the hands of whoever sits at the counter.

    The page sent again, days later too, is about the first check: it has long been done. Nothing is accepted of which
    nobody knows who decides: it lies here until the head of the centre has said.
    """
    if given.decision == "accept" and uow.session.get_one(Dossier, lodged.dossier_id).unresolved_at:
        return
    checks = select(Task).filter_by(dossier_id=lodged.dossier_id, step_id="check_dossier")
    task = uow.session.scalars(checks.order_by(Task.opened_at, Task.id).limit(1)).first()
    if task is None:
        return
    answers: dict[str, Any] = {"reception_outcome": given.decision, "payment_way": "counter"}
    if given.decision == "accept" and given.slip_wanted and "slip_wanted" in _asked_by(uow, task):
        answers["slip_wanted"] = True
    if given.decision == "refuse":
        answers |= {"refusal_ground": given.refusal_ground, "refusal_text": given.reason}
        if given.refusal_ground == "wrong_authority":
            answers["competent_office"] = str(given.right_office_id)
    if given.decision == "supplement":
        answers["supplement_items"] = asks.asked(request.form, _asked_by(uow, task))
    judged = asks.noted(request.form, judgements(request.form))
    tasks.complete(uow, task.id, answers, seen=task.revision, key=given.key, judgements=judged)


def _asked_by(uow: UnitOfWork, task: Task) -> frozenset[str]:
    """What the form of the check asks; that of an older version, which is in force until somebody publishes, asks less."""
    return forms.outline(tasks.form_of(uow, task.id).document).keys


def _document(code: str) -> dict[str, Any]:
    with read_session() as session:
        return _desk(session, code).document


def _desk(session: Session, code: str) -> Desk:
    procedure = session.get(Procedure, code)
    today = house().clock.today()
    version = publish.in_force(session, code, today)
    if procedure is None or version is None:
        raise Missing
    centre = session.get_one(Office, counter_id())
    terms = terms_of(procedure, version)
    document = publish.form(session, version.id, terms.declaration)
    return Desk(
        procedure=procedure,
        terms=terms,
        document=document,
        centre=centre,
        competent=offices.competent_offices(session, procedure, centre, on=today),
        read=_read_by(terms),
        cited=citing.cited_by_declaration(session, version, terms, document, today),
        exempt=terms.fee_classes,
    )


def _read_by(terms: Terms) -> frozenset[str]:
    expressions = [one.required_when for one in terms.components] + [one.when for one in terms.limits]
    expressions += [text for one in terms.fees for text in (one.when, one.amount)]
    expressions += [text for one in terms.fees if one.tariff for text in (one.tariff.pages, one.tariff.times)]
    return frozenset().union(*(feel.check(one) for one in expressions if one))


def _right_offices(session: Session, given: Intake) -> list[OfficeRow]:
    """Where an applicant can be sent who came to the wrong office; looked up for nobody else."""
    if given.refusal_ground != "wrong_authority":
        return []
    return [one for one in directory.offices(session, on=house().clock.today()) if one.kind != OfficeKind.CENTRE]


def _page(
    code: str,
    answers: Mapping[str, Any],
    *,
    key: uuid.UUID,
    given: Intake | None = None,
    kept: list[tuple[str, Received]] | None = None,
    errors: Mapping[str, list[str]] | None = None,
    refusal: str | None = None,
) -> str:
    given = given or Intake(key)
    with reading() as uow:
        desk = _desk(uow.session, code)
        options = choices.for_applicants(uow.session, desk.document, uow.clock.today())
        called = choices.known_as(uow.session)
        lodging = _lodging(code, given, answers)
        estimated = estimating.estimate(uow, lodging)
        right = _right_offices(uow.session, given)
        sheets = scanner.waiting(uow.session, desk.centre, kept or [])
    asked = [rule.key for rule, required in estimated.components if required]
    held: reuse.Offers = {}
    if request.method == "POST":  # a number was typed: that its papers are looked for is kept
        with unit() as uow:
            held = reuse.at_the_counter(uow, desk.terms, answers, asked, key)
    context = intake.lodging_facts(lodging, house().clock.today())
    shown: dict[str, Judgement] = judgements(request.form)
    return render_template(
        "counter/intake.html",
        desk_=desk,
        given=given,
        called=called,
        form=formview.view(desk.document, answers, errors or {}, context, choices=options, read=desk.read, cited=desk.cited),
        estimated=estimated,
        unpriced=sentence(estimated.unpriced) if estimated.unpriced else "",
        sum=due_sum(line.as_json() for line in estimated.due.lines) if estimated.due else None,
        judged=shown,
        held=held,
        sheets=sheets,
        right_offices=right,
        lines=asks.paper_lines(estimated.components, shown, request.form),
        others=asks.other_lines(request.form),
        kept=[(component, received, token_of(received)) for component, received in kept or []],
        errors=errors or {},
        refusal=refusal,
        upload_mb=house().settings.upload_mb,
    )

