"""Saves as editors and office programs make them: each is shown, none twice as big as the last."""

from __future__ import annotations

import gc
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from watchfiles import Change

from letters.preview.snapshot import is_input
from letters.preview.state import PreviewState, Selection
from letters.render.readback import read_html, read_pdf
from tests.builders import changed
from tests.preview.serving import Served, served

RECORDS = "rounds/first-round/assessments.csv"
LETTER = "templates/first-wording/letter.md"
PHRASE = "names an owner"
LOOK = "&letter=ashmere&format=html"


@pytest.fixture
def preview(starter: Path) -> Iterator[Served]:
    with served(starter) as started:
        yield started


def text(preview: Served, letter: str = "ashmere") -> str:
    """The words of the web letter shown now."""
    return " ".join(p.text for p in read_html(preview.get(f"/letters/{letter}.html").content))


def after(preview: Served, save: Callable[[], object], *, shows: str, look: str = LOOK) -> None:
    """Save, and wait for an epoch in which the letter says `shows`."""
    letter = look.split("letter=")[1].split("&")[0]
    with preview.listen(look) as epochs:
        next(epochs)
        assert shows not in text(preview, letter)
        save()
        next(epoch for epoch in epochs if shows in text(preview, letter))


def content(path: Path, new: str) -> str:
    return changed(path.read_text(encoding="utf-8"), PHRASE, new)


def test_a_file_saved_in_two_writes(preview: Served, starter: Path) -> None:
    path = starter / RECORDS
    words = content(path, "names two owners")

    def save() -> None:
        with path.open("w", encoding="utf-8") as file:
            file.write(words[:40])
            file.flush()
            os.fsync(file.fileno())
            file.write(words[40:])

    after(preview, save, shows="names two owners")
    assert preview.overview()["problems"] == []


def test_a_file_emptied_and_filled_much_later(preview: Served, starter: Path) -> None:
    path = starter / RECORDS
    words = content(path, "names late owners")
    with preview.listen(LOOK) as epochs:
        next(epochs)
        path.write_text("", encoding="utf-8")
        empty = next(epoch for epoch in epochs if epoch.get("held"))
        assert PHRASE in text(preview)
        assert [p["what"] for p in empty["problems"] + empty["others"]] == ["The file is empty."]
        path.write_text(words, encoding="utf-8")
        mended = next(epoch for epoch in epochs if not epoch["held"])
        assert mended["problems"] + mended["others"] == []
    assert "names late owners" in text(preview)


def test_a_file_replaced_by_a_new_one_of_its_name(preview: Served, starter: Path) -> None:
    path = starter / RECORDS
    words = content(path, "names new owners")

    def save() -> None:
        new = path.with_name(".assessments.csv.swp")
        new.write_text(words, encoding="utf-8")
        new.replace(path)

    after(preview, save, shows="names new owners")


@pytest.mark.parametrize("file", [RECORDS, LETTER])
def test_a_file_deleted_and_made_again(preview: Served, starter: Path, file: str) -> None:
    path = starter / file
    words = path.read_text(encoding="utf-8")
    with preview.listen(LOOK) as epochs:
        next(epochs)
        path.unlink()
        gone = next(epoch for epoch in epochs if epoch.get("held"))
        assert gone["problems"] + gone["others"]
        assert PHRASE in text(preview)
        path.write_text(words.replace(PHRASE, "names some").replace("We have", "We"), "utf-8")
        mended = next(epoch for epoch in epochs if not epoch["held"])
        assert mended["problems"] + mended["others"] == []
    assert "names some" in text(preview) or "We assessed" in text(preview)


def test_a_folder_deleted_and_made_again(preview: Served, starter: Path) -> None:
    folder, aside = starter / "templates", starter / "aside"

    def save() -> None:
        folder.rename(aside)
        shutil.copytree(aside, folder)

    def save_in_it() -> None:
        path = starter / LETTER
        words = path.read_text(encoding="utf-8")
        path.write_text(words.replace("We have assessed", "We weighed"), encoding="utf-8")

    with preview.listen(LOOK) as epochs:
        first = next(epochs)["epoch"]
        save()
        next(epoch for epoch in epochs if epoch["epoch"] > first and not epoch["held"])
        save_in_it()
        next(epoch for epoch in epochs if "We weighed" in text(preview))


def test_a_spreadsheet_held_open(tmp_path: Path, example_project: Path) -> None:
    folder = tmp_path / "the example"
    shutil.copytree(example_project, folder, ignore=shutil.ignore_patterns("out"))
    (sheet,) = (folder / "rounds").glob("*/assessments.xlsx")
    (sheet.parent / "~$assessments.xlsx").write_bytes(b"\x05Ann" + bytes(160))
    (sheet.parent / ".~lock.assessments.xlsx#").write_text("Ann,desk,", encoding="utf-8")

    def save() -> None:
        """As an office program saves what it holds open: to another name, then in its place."""
        workbook = load_workbook(sheet)
        cells = (cell for row in workbook["Assessments"].iter_rows() for cell in row)
        (reference,) = (cell for cell in cells if cell.value == "DE/01")
        reference.value = "DE/01 seen"
        workbook.save(sheet.with_name("lu81x2.tmp"))
        sheet.with_name("lu81x2.tmp").replace(sheet)

    with served(folder) as preview, sheet.open("rb") as held:
        look = "&letter=averlund&format=html"
        after(preview, save, shows="DE/01 seen", look=look)
        assert held.read(2) == b"PK"
        assert preview.overview()["problems"] == []


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("letter.md", True),
        ("assessments.xlsx", True),
        ("~$assessments.xlsx", False),
        (".~lock.assessments.xlsx#", False),
        (".letter.md.swp", False),
        ("letter.md~", False),
        ("lu81x2.tmp", False),
        (".assessments.csv.k3j2", False),
    ],
)
def test_programs_own_files_are_no_saves(name: str, counts: bool) -> None:
    assert is_input(Change.added, f"/a project/rounds/one/{name}") == counts


def test_only_the_letter_looked_at_is_rendered(starter: Path) -> None:
    desk = PreviewState(starter, "first-round")
    desk.read([Selection("ashmere", "html")])
    made = rendered(desk)
    path = starter / RECORDS
    path.write_text(content(path, "names many owners"), encoding="utf-8")
    desk.read([Selection("ashmere", "html")])
    desk.measure()
    assert made == [("ashmere", "html")]
    assert desk.file("dunhollow", "html") is not None
    assert made == [("ashmere", "html"), ("dunhollow", "html")]
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    desk.read([Selection("ashmere", "html")])
    assert desk.file("dunhollow", "html") is not None
    assert len(made) == 2


def rendered(desk: PreviewState) -> list[tuple[str, str]]:
    """The letters and formats rendered from now on."""
    made: list[tuple[str, str]] = []
    round_templates = desk.epoch.round_templates
    assert round_templates
    kind = type(round_templates)

    class Counting(kind):  # type: ignore[misc, valid-type]
        def render(self, document: Any, format_: str) -> Any:
            made.append((document.id, format_))
            return super().render(document, format_)

    counting = Counting(round_templates.wording, round_templates.word, round_templates.web)
    object.__setattr__(desk.epoch, "round_templates", counting)
    return made


SAVES, PDF_EVERY = 1000, 20
FULL = 600
"""Saves after which everything kept for the next time is full."""


@pytest.mark.long
def test_a_thousand_saves_cost_neither_memory_nor_open_files(starter: Path) -> None:
    """Each is read, shown and measured; what is held after 600 saves is held after 1,000."""
    desk, path = PreviewState(starter, "first-round"), starter / RECORDS
    words = path.read_text(encoding="utf-8")
    used = {}
    for n in range(1, SAVES + 1):
        path.write_text(changed(words, PHRASE, f"names owner {n:04}"), encoding="utf-8")
        format_ = "pdf" if n % PDF_EVERY == 0 else "html"
        desk.read([Selection("ashmere", format_)])
        desk.measure()
        if n in (FULL, SAVES):
            gc.unfreeze()
            gc.collect()
            used[n] = len(gc.get_objects()), resident(), open_files()
    shown = desk.file("ashmere", "pdf")
    assert shown
    assert f"names owner {SAVES}" in " ".join(p.text for p in read_pdf(shown.content))
    desk.close()
    early, late = used[FULL], used[SAVES]
    assert desk.epoch.number == SAVES
    assert late[0] < early[0] * 1.005
    assert late[1] < early[1] + 10_000_000
    assert late[2] <= early[2]


LOST = {
    "place": "templates/letterhead/letter.html",
    "what": "The PDF ended its process (signal 9).",
    "fix": "Open the letter again.",
}


def test_a_printer_that_dies_costs_one_letter(starter: Path) -> None:
    desk, path = PreviewState(starter, "first-round"), starter / RECORDS
    look = Selection("ashmere", "pdf")
    desk.read([look])
    (printer,) = multiprocessing.active_children()
    assert printer.pid
    os.kill(printer.pid, signal.SIGKILL)
    printer.join()
    path.write_text(content(path, "names new owners"), encoding="utf-8")
    desk.read()
    lost, again = (desk.shown(look) for _ in range(2))
    assert lost
    assert again
    assert lost["problems"] == [LOST]
    assert (lost["held"], again["held"], again["problems"]) == (True, False, [])
    made = desk.file("ashmere", "pdf")
    desk.close()
    assert made
    assert "names new owners" in " ".join(p.text for p in read_pdf(made.content))
    assert multiprocessing.active_children() == []


def test_a_hundred_saves_while_it_is_served(preview: Served, starter: Path) -> None:
    path = starter / RECORDS
    words = path.read_text(encoding="utf-8")
    with preview.listen(LOOK) as epochs:
        next(epochs)
        before = open_files()
        for n in range(100):
            path.write_text(changed(words, PHRASE, f"names owner {n:03}."), encoding="utf-8")
            next(epoch for epoch in epochs if f"names owner {n:03}." in text(preview))
        assert open_files() <= before + 4


def resident() -> int:
    """Bytes of memory this process and its printer hold; 0 where the system does not say."""
    processes = ("self", *(each.pid for each in multiprocessing.active_children()))
    states = [Path(f"/proc/{process}/statm") for process in processes]
    return sum(int(s.read_text().split()[1]) * 4096 for s in states if s.exists())


def open_files() -> int:
    """Files and sockets this process holds open; 0 where the system does not say."""
    descriptors = Path("/proc/self/fd")
    return len(list(descriptors.iterdir())) if descriptors.exists() else 0


def test_a_layout_stays_at_fault_while_the_wording_changes(starter: Path) -> None:
    desk = PreviewState(starter, "first-round")
    page = starter / "templates/letterhead/letter.html"
    sound = page.read_text(encoding="utf-8")
    desk.read()
    page.write_text(sound.replace("{{ letter_body }}", ""), encoding="utf-8")
    assert desk.read().template_problems
    wording = starter / LETTER
    wording.write_text(wording.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    assert desk.read().template_problems
    page.write_text(sound, encoding="utf-8")
    assert desk.read().template_problems == ()
    made = desk.file("ashmere", "html")
    assert made
    assert b"More." in made.content


def test_a_layout_is_read_again_when_its_file_changes(starter: Path) -> None:
    desk = PreviewState(starter, "first-round")
    desk.read()
    style = starter / "templates/letterhead/screen.css"
    style.write_text(style.read_text(encoding="utf-8") + "h1 { color: #808488 }\n", "utf-8")
    desk.read()
    desk.measure()
    made = desk.file("ashmere", "html")
    assert made
    assert b"#808488" in made.content
