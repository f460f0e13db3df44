"""What letters have in common is worked out once, and no byte of any PDF is other for it."""

from pathlib import Path

import pytest

from letters import Project, Stationery
from letters.merge import letters_of
from letters.render import pdf, pdf_reuse
from letters.render.html import WebLayout
from letters.render.pdf import render_pdf


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(pdf_reuse.PLAIN, "1")


def reuses(layout: WebLayout) -> bool:
    return pdf._press(layout)._reuse is not None


@pytest.mark.usefixtures("plain")
def test_all_letters_of_the_example_are_the_same_plain_and_fast(
    example_project: Path, example_out: Path
) -> None:
    (project_round,) = Project.load(example_project).rounds
    stationery = Stationery.load(project_round)
    assert not reuses(stationery.web)
    letters = letters_of(project_round)
    assert len(letters) == 43
    for letter in letters:
        fast = (example_out / "letters" / f"{letter.id}.pdf").read_bytes()
        assert render_pdf(stationery.typeset(letter), stationery.web) == fast, letter.id


def test_the_order_of_letters_does_not_matter(example_project: Path, example_out: Path) -> None:
    (project_round,) = Project.load(example_project).rounds
    stationery = Stationery.load(project_round)
    assert reuses(stationery.web)
    for letter in reversed(letters_of(project_round)):
        made = render_pdf(stationery.typeset(letter), stationery.web)
        assert made == (example_out / "letters" / f"{letter.id}.pdf").read_bytes(), letter.id


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("p { margin: 1em }", True),
        ("@page { size: A4 } .mark { position: running(mark) }", True),
        ("p { margin: 1vh }", False),
        ("p { width: 10.5dvw }", False),
        ("p::first-letter { font-size: 2em }", False),
        (".aside { float: footnote }", False),
        (".aside { position: note(margin) }", False),
    ],
)
def test_styles_that_depend_on_pages_are_worked_out_anew(css: str, expected: bool) -> None:
    assert pdf_reuse.can_reuse(css) is expected


def test_another_version_of_the_engine_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weasyprint.__version__", "70.1")
    assert not pdf_reuse.can_reuse("")


def test_what_is_remembered_stays_within_bounds(
    example_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KEPT", "LARGE"):
        monkeypatch.setattr(f"letters.render.pdf_reuse.{name}", 40)
        monkeypatch.setattr(f"letters.render.pdf_reuse_text.{name}", 40)
    (project_round,) = Project.load(example_project).rounds
    stationery = Stationery.load(project_round)
    for letter in letters_of(project_round)[:3] * 2:
        render_pdf(stationery.typeset(letter), stationery.web)
    reuse = pdf._press(stationery.web)._reuse
    assert reuse is not None
    for kept in (reuse._lines, reuse._lengths, reuse._drawn._known):
        assert 40 < len(kept._now) + len(kept._before) <= 2 * 40
