"""Each paper beside the one that was looked at and kept: its words, where its ink lies, one page, PDF/A.

`pytest tests/webapp/test_golden_papers.py --update-golden` keeps what is printed now. Look at it before, as a picture
(`python -m docs.pictures.papers`), and read the difference of the kept files.
"""

import io
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from engine.dossiers.printing import FOR_APPLICANT
from tests.factories import golden
from tests.factories.paper_lists import LISTS
from tests.factories.papers import SAMPLES, VARIANTS, sample, template
from webapp import papers

# WeasyPrint leaves its colour profile open for the collector.
pytestmark = [
    pytest.mark.usefixtures("on_an_english_page"),
    pytest.mark.filterwarnings("ignore:.*sRGB2014:pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
]

KEPT = Path(__file__).with_name("golden_papers")
HOST = "https://motcua.thanhhoa.example"
NAMES = (*SAMPLES, *VARIANTS, *LISTS)
#: What a program says and no office: codes of ours, nothing where something should be.
NO_WORDS = {"None", "Undefined", "null", "nan", "True", "False", "counter", "in_person", "online", "cash", "phi", "le_phi"}


def printed(name: str) -> bytes:
    if name in LISTS:
        kind, facts = LISTS[name]
        return papers.listed(template(kind), **facts)
    kind, procedure, more = VARIANTS.get(name, (name, "", {}))
    return papers.pdf(sample(kind, **more), template(kind, procedure), HOST, with_secret=kind in FOR_APPLICANT)


@pytest.fixture(scope="module")
def seen() -> Callable[[str], golden.Look]:
    known: dict[str, golden.Look] = {}

    def of(name: str) -> golden.Look:
        if name not in known:
            known[name] = golden.look(printed(name))
        return known[name]

    return of


@pytest.mark.parametrize("name", NAMES)
def test_it_is_the_paper_that_was_looked_at(name: str, seen: Callable[[str], golden.Look], request: pytest.FixtureRequest) -> None:
    made, path = seen(name), KEPT / f"{name}.txt"
    if request.config.getoption("--update-golden"):
        path.write_text(str(made), encoding="utf-8")
    kept = golden.read(path)

    assert golden.differences(kept, made) == []
    assert made.pages == 1
    assert not NO_WORDS & set(made.words)
    assert all(unicodedata.is_normalized("NFC", word) and "\ufffd" not in word for word in made.words)


def test_no_other_is_kept() -> None:
    assert {path.stem for path in KEPT.iterdir()} == set(NAMES)


def test_every_template_of_the_product_is_among_them() -> None:
    from engine.documents import templates

    drawn = {(name, "") for name in SAMPLES} | {(kind, procedure) for kind, procedure, _ in VARIANTS.values()}
    drawn |= {(kind, "") for kind, _ in LISTS.values()}
    assert drawn == {(kind, procedure) for (kind, _, procedure), _ in templates.read()}


@pytest.mark.parametrize("name", ["receipt", "control", "register", "cash_day"])
def test_it_is_archivable_and_brings_its_letters_along(name: str) -> None:
    made = PdfReader(io.BytesIO(printed(name)))
    metadata = made.trailer["/Root"]["/Metadata"].get_data()  # type: ignore[index]
    fonts = [font.get_object()["/DescendantFonts"][0]["/FontDescriptor"] for font in made.pages[0]["/Resources"]["/Font"].values()]

    assert b'pdfaid:part="2"' in metadata
    assert b'pdfaid:conformance="B"' in metadata
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in fonts)


class TestTheEye:
    """It sees what an office would send back, and not what another machine's letters do."""

    @pytest.fixture
    def kept(self) -> golden.Look:
        return golden.read(KEPT / "receipt.txt")

    def test_a_page_that_begins_half_a_cell_lower_is_the_same(self, kept: golden.Look) -> None:
        moved = (kept.cells[-1], *kept.cells[:-1])
        between = tuple(
            "".join(str((int(a) + int(b)) // 2) for a, b in zip(*rows, strict=True)) for rows in zip(kept.cells, moved, strict=True)
        )
        assert golden.differences(kept, replace(kept, cells=between)) == []

    def test_lines_that_end_elsewhere_are_the_same_words(self, kept: golden.Look) -> None:
        assert golden.differences(kept, replace(kept, lines=tuple(kept.words))) == []

    def test_a_lost_block_is_seen(self, kept: golden.Look) -> None:
        lost = tuple("0" * len(row) if 24 <= number < 30 else row for number, row in enumerate(kept.cells))
        assert "ink" in golden.differences(kept, replace(kept, cells=lost))[0]

    def test_what_is_printed_over_something_else_is_seen(self, kept: golden.Look) -> None:
        both = (kept.cells[-12:] + kept.cells)[: len(kept.cells)]
        over = tuple(
            "".join(str(min(9, int(a) + int(b))) for a, b in zip(*rows, strict=True)) for rows in zip(kept.cells, both, strict=True)
        )
        assert "ink" in golden.differences(kept, replace(kept, cells=over))[0]

    def test_a_second_page_a_missing_word_and_a_mark_are_seen(self, kept: golden.Look) -> None:
        assert golden.differences(kept, replace(kept, pages=2)) == ["2 pages, not 1"]
        assert "words" in golden.differences(kept, replace(kept, lines=kept.lines[:-1]))[0]
        without = tuple(line.replace("TIẾP", "TIÊP") for line in kept.lines)
        assert "words" in golden.differences(kept, replace(kept, lines=without))[0]

    def test_another_paper_is_another(self, kept: golden.Look) -> None:
        assert len(golden.differences(kept, golden.read(KEPT / "handover.txt"))) == 2
