"""The text of scans is read in the background: once, however often it is tried, and the dossier never waits for it."""

import io
import signal
import subprocess
import sys
from functools import cache

import psutil
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select, text

from connectors import ocr
from connectors.ocr import Reader, ScanNotRead
from connectors.storage.folder import FolderStore
from engine.base.actor import SYSTEM
from engine.base.errors import Missing
from engine.documents import files
from engine.documents.models import DocumentFile
from engine.dossiers import incidents, invariants
from engine.dossiers.models import Incident
from engine.ledger.read import history
from tests.factories.scans import scan
from tests.journeys.clerk import PDF
from tests.waiting import eventually

WORDS = "Họ và tên: Nguyễn Thị Hạnh"


@cache
def sheet(kind: str = "PDF", mode: str = "L") -> bytes:
    """What a scanner makes of a birth certificate."""
    page = Image.new(mode, (1654, 1169), (255, 255, 255, 0) if mode == "RGBA" else 255)
    font = ImageFont.truetype("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf", 48)
    draw = ImageDraw.Draw(page)
    for line, said in enumerate(["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "GIẤY KHAI SINH", WORDS]):
        draw.text((150, 150 + 150 * line), said, font=font, fill=(0, 0, 0, 255) if mode == "RGBA" else 0)
    out = io.BytesIO()
    page.save(out, kind, **({"resolution": 200} if kind == "PDF" else {"dpi": (200, 200)}))
    return out.getvalue()


@pytest.fixture
def store(tmp_path) -> FolderStore:
    return FolderStore(tmp_path)


@pytest.fixture
def reader(act, store) -> Reader:
    return Reader(act, store)


def stored(ward, store, content, name="giay.pdf", lodged=None):
    """(dossier, file) with these bytes on a paper."""
    lodged = lodged or ward.lodge("2.000908")
    received = files.receive(store, io.BytesIO(content), name=name, max_bytes=9 << 20, on=ward.clock.today())
    with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
        return lodged.dossier_id, files.attach(uow, lodged.dossier_id, "id_paper", received)


def waiting(ward) -> list[str]:
    with ward.sessions() as session:
        rows = session.execute(text("SELECT args FROM procrastinate_jobs WHERE task_name = 'read_scan' ORDER BY id"))
        return [row.args["file_id"] for row in rows]


def events(ward, dossier_id) -> list[str]:
    with ward.sessions() as session:
        return [one.type for one in history(session, dossier_id)]


@pytest.mark.parametrize(("kind", "name", "mode"), [("PDF", "a.pdf", "L"), ("PNG", "a.png", "RGBA")])
def test_the_vietnamese_text_lies_behind_the_picture_of_a_pdf_a(ward, store, reader, kind, name, mode):
    dossier_id, file_id = stored(ward, store, sheet(kind, mode), name)
    assert waiting(ward) == [str(file_id)]
    reader.read(str(file_id))

    with ward.sessions() as session:
        row = session.get_one(DocumentFile, file_id)
    with store.open(row.searchable_sha256) as made:
        content = made.read()
    assert WORDS in pdfium.PdfDocument(content)[0].get_textpage().get_text_range()
    assert b"pdfaid:part>2<" in content
    assert events(ward, dossier_id)[-1] == "paper.recognised"

    reader.read(str(file_id))
    assert events(ward, dossier_id).count("paper.recognised") == 1, "a job that comes twice has one effect"


def test_a_text_that_was_never_scanned_is_not_read(ward, store):
    stored(ward, store, PDF)

    assert waiting(ward) == []


def test_the_same_bytes_in_another_dossier_are_not_read_again(ward, store, reader, monkeypatch):
    _first, one = stored(ward, store, sheet())
    second, other = stored(ward, store, sheet())
    reader.read(str(one))
    monkeypatch.setattr(ocr, "_run", None)
    reader.read(str(other))

    assert events(ward, second)[-1] == "paper.recognised"


def test_broken_when_the_text_was_made_and_not_yet_noted_it_is_read_again_with_one_effect(ward, store, reader, tmp_path, monkeypatch):
    dossier_id, file_id = stored(ward, store, scan())
    monkeypatch.setattr(ocr, "_run", lambda folder, _dpi: (folder / "made.pdf").write_bytes(PDF))
    with monkeypatch.context() as breaking:
        breaking.setattr(ocr.scans, "read", None)
        with pytest.raises(TypeError):
            reader.read(str(file_id))
    assert "paper.recognised" not in events(ward, dossier_id), "scan.done"

    reader.read(str(file_id))
    assert events(ward, dossier_id).count("paper.recognised") == 1
    assert len([one for one in tmp_path.glob("*/*") if one.is_file()]) == 2, "the scan, and what was made of it"


def test_what_cannot_be_read_is_tried_again_and_then_an_incident_that_goes_when_it_was_read(ward, store, reader, monkeypatch):
    dossier_id, file_id = stored(ward, store, scan())
    monkeypatch.setenv("TESSDATA_PREFIX", "/nowhere")
    with pytest.raises(ScanNotRead, match="ocrmypdf"):
        reader.read(str(file_id))
    reader.read(str(file_id), last=True)

    with ward.sessions() as session:
        (trouble,) = incidents.standing(session).rows
    assert (trouble.dossier_id, trouble.kind) == (dossier_id, "read_scan")
    monkeypatch.delenv("TESSDATA_PREFIX")
    with ward.act(SYSTEM) as uow:
        incidents.retry(uow, dossier_id, trouble.key)
    assert waiting(ward) == [str(file_id)] * 2
    reader.read(str(file_id))
    with ward.sessions() as session:
        assert session.scalars(select(Incident)).all() == []


def test_whatever_else_went_wrong_the_last_time_is_an_incident_and_no_alarm(ward, store, reader, tmp_path):
    dossier_id, file_id = stored(ward, store, scan())
    for path in tmp_path.glob("*/*"):
        path.unlink()
    with pytest.raises(Missing):
        reader.read(str(file_id))
    reader.read(str(file_id), last=True)

    with ward.sessions() as session:
        (trouble,) = incidents.standing(session).rows
        (standing,) = [one for one in invariants.standings(session, ward.clock) if one.dossier_id == dossier_id]
    assert trouble.reason.startswith("Missing")
    assert standing.alarms == []


def test_scans_wait_in_a_queue_of_their_own_for_nobody_but_the_same_bytes(ward, store):
    stored(ward, store, scan())
    stored(ward, store, scan())
    stored(ward, store, scan(pages=2))
    with ward.sessions() as session:
        rows = session.execute(text("SELECT queue_name, lock FROM procrastinate_jobs WHERE task_name = 'read_scan' ORDER BY id")).all()

    assert {row.queue_name for row in rows} == {"scans"}
    first, same, other = [row.lock for row in rows]
    assert first == same != other


_VICTIM = """
import pathlib, sys
from connectors import ocr
ocr._run(pathlib.Path(sys.argv[1]), 200)
"""


def test_a_killed_worker_takes_what_it_had_begun_with_it(tmp_path):
    (tmp_path / "scan").write_bytes(scan(pages=20, dpi=200))
    victim = subprocess.Popen([sys.executable, "-c", _VICTIM, str(tmp_path)])
    worker = psutil.Process(victim.pid)
    assert eventually(lambda: any("ocrmypdf" in one.cmdline() for one in worker.children()), 60)
    [begun] = worker.children()
    assert eventually(begun.children, 60), "it reads the first page"
    victim.send_signal(signal.SIGKILL)
    victim.wait()

    assert eventually(lambda: not begun.is_running() or begun.status() == psutil.STATUS_ZOMBIE)
    assert not (tmp_path / "made.pdf").exists()
