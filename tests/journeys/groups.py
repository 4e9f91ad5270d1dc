"""What the journeys of both groups do: find a group's dossiers, follow what other systems decide."""

from sqlalchemy import select

from engine.dossiers.models import Dossier
from tests.journeys.clerk import File, Town

ASK = "Hỏi lại hệ thống của bộ"


def kinds(town: Town, file: File) -> set[str]:
    """What the group has opened."""
    with town.house.sessions() as session:
        return set(session.scalars(select(Dossier.child_kind).filter_by(parent_id=file.row.id)))


def child(town: Town, file: File, kind: str) -> File:
    """One of the group's dossiers, by what the group opened it for."""
    with town.house.sessions() as session:
        row = session.scalars(select(Dossier).filter_by(parent_id=file.row.id, child_kind=kind)).one()
    return File(town, row.code or row.reference)


def reported(town: Town, file: File, kind: str, desk: str, number: str) -> File:
    """The office that holds a part finds it in its list and says what it decided."""
    one = child(town, file, kind)
    page = town.clerk(desk).open("/inbox/waiting")
    assert f"Nhóm {file.ref}" in page.words, "marked with the code of the group"
    page = town.clerk(desk).open(f"/dossiers/{one.ref}")
    assert f"Nhóm {file.ref}" in page.words
    page = page.press("Ghi kết quả của cơ quan", choice="granted", text=number)
    assert page.status == 200, page.said
    one.settle()
    file.settle()
    return one


def followed(town: Town, file: File, kind: str) -> File:
    """What another system decides, asked until it is returned there."""
    one = child(town, file, kind)
    while one.status != "Đã trả kết quả":
        one.say(ASK)
    file.settle()
    return one
