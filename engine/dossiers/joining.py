"""A dossier that a group opens takes over what was done with the group's: its papers, its check."""

from dataclasses import dataclass

from sqlalchemy import select

from engine.documents import files
from engine.documents.checks import Seen
from engine.documents.files import Received
from engine.documents.models import Component, DocumentFile
from engine.dossiers.act import Act
from engine.dossiers.models import Dossier, Task
from engine.dossiers.settle import settle
from engine.ledger.events import DossierJoined, PaperJudged, TaskCompleted
from engine.org.models import Office


@dataclass(frozen=True)
class Member:
    """A dossier that a group opens: its papers were checked and its fees paid with the group's."""

    group: Act
    kind: str
    #: Who holds this part; None: whoever decides the group.
    office: Office | None = None


def join(dossier: Dossier, member: Member) -> None:
    parent = member.group.dossier
    dossier.parent_id, dossier.child_kind = parent.id, member.kind


def take_over(act: Act, member: Member) -> None:
    """What was judged and handed in with the group's dossier is judged and handed in with this one."""
    session, parent = act.uow.session, member.group.dossier
    act.tell(DossierJoined(parent=str(parent.id), kind=member.kind))
    session.flush()
    judged = {one.key: one for one in session.scalars(select(Component).filter_by(dossier_id=parent.id))}
    for row in session.scalars(select(Component).filter_by(dossier_id=act.dossier.id)):
        if there := judged.get(row.key):
            row.verdict, row.obtained_by, row.note = there.verdict, there.obtained_by, there.note
            if row.verdict:
                act.tell(PaperJudged(component=row.key, verdict=row.verdict, obtained_by=row.obtained_by))
            for one in session.scalars(select(DocumentFile).filter_by(dossier_id=parent.id, component_key=row.key)):
                seen = Seen(one.pages, one.dpi, tuple(one.blank_pages or ()))
                received = Received(one.sha256, one.name, one.media_type, one.size, seen)
                files.attach(act.uow, act.dossier.id, row.key, received, warehouse_paper_id=one.warehouse_paper_id)


def check_with_group(act: Act) -> None:
    """Reception looked at all papers when it accepted the group: nobody looks again."""
    which = {"dossier_id": act.dossier.id, "step_id": "check_dossier", "done_at": None}
    task = act.uow.session.scalars(select(Task).filter_by(**which)).first()
    if task is None:
        return
    answers = {"reception_outcome": "accept"}
    digest = act.keep(task.step_id, task.form_key, answers, task_id=task.id)
    task.done_at, task.done_by, task.done_how = act.uow.clock.now(), act.uow.actor.officer_id, "completed"
    task.revision += 1
    act.step = task.step_id
    act.tell(TaskCompleted(task_id=str(task.id), step_id=task.step_id, answers_digest=digest))
    settle(act, act.machine.complete(act.runtime.state, task.token, answers), done=task.token)
