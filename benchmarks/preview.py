"""How fast the preview is: from a file saved to its pages on the screen of a real Chromium.

Run `python -m benchmarks.preview`. Each save changes one word of a letter of two pages; the clock
starts when the file is on disk and stops at the first frame after the new pages are in the page.
`--write` puts the table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, sync_playwright

from letters.new import new_project

ROOT = Path(__file__).resolve().parents[1]
PERFORMANCE = ROOT / "docs/performance.md"
SECTION = "## Preview"
LETTER, WORD = "bellharrow-and-tynt", "published"
TARGETS = "at most 150 ms in the median and 300 ms at the 95th percentile; first page 1.5 s"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

REST = 700
"""Milliseconds between saves, in which the page says how far the last one reached."""

SHOWN = """() => new Promise((done) => {
  const paper = document.getElementById('paper');
  const pages = () => [...paper.querySelectorAll('img')].map((image) => image.src).join();
  const before = pages();
  new MutationObserver((_, observer) => {
    if (pages() === before) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(Date.now()), 0));
  }).observe(paper, { childList: true, subtree: true });
})"""
"""Resolves with the time once other pages were drawn on the screen."""


@contextmanager
def preview(folder: Path, letter: str) -> Iterator[str]:
    """`letters preview` under way, at the address it prints."""
    options = ["-C", str(folder), "preview", letter, "--no-browser"]
    command = [sys.executable, "-m", "letters", *options]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert run.stdout
    found = re.search(r"http\S+", run.stdout.readline())
    assert found
    try:
        yield found[0]
    finally:
        run.terminate()
        run.wait()


def first_page(browser: Browser, folder: Path, letter: str) -> float:
    """Milliseconds from the command to the first page in a browser that is open already."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.wait_for_timeout(1000)  # the browser has come to rest
    start = time.time()
    with preview(folder, letter) as address:
        page.goto(address, wait_until="commit")
        page.locator(".pages img").first.wait_for()
        taken = (time.time() - start) * 1000
    page.close()
    return taken


def saves(
    browser: Browser, folder: Path, letter: str, save: Callable[[int], None], count: int
) -> list[float]:
    """Milliseconds from save to pages, for `count` saves, each after the page has come to rest."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    taken = []
    with preview(folder, letter) as address:
        page.goto(address)
        page.locator("#verdict li").first.wait_for()
        assert page.locator(".pages img").count() == 2
        for n in range(count + 3):
            page.wait_for_timeout(REST)
            taken.append(_one(page, save, n))
    page.close()
    return taken[3:]  # the first ones warm the engine


def _one(page: Page, save: Callable[[int], None], n: int) -> float:
    shown = page.evaluate_handle(f"() => ({{ at: ({SHOWN})() }})")
    save(n)
    start = time.time() * 1000
    return float(shown.evaluate("async (shown) => await shown.at")) - start


def replacing(path: Path, word: str) -> Callable[[int], None]:
    """A save of a text file in which `word` is written with another number each time."""
    text = path.read_text(encoding="utf-8")
    assert word in text
    return lambda n: _write(path, text.replace(word, f"{word} {n:03}", 1))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def in_sheet(path: Path, cell: str) -> Callable[[int], None]:
    """A save of a spreadsheet, as an office program makes it."""
    workbook = load_workbook(path)
    sheet = workbook.worksheets[0]
    text = sheet[cell].value

    def save(n: int) -> None:
        sheet[cell] = f"{text} {n:03}"
        workbook.save(path.with_name("new.tmp"))
        path.with_name("new.tmp").replace(path)

    return save


def measured(count: int) -> list[tuple[str, list[float]]]:
    """Every row of the table: what was saved, and the milliseconds of each save."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        example, real = Path(place) / "example", Path(place) / "real"
        new_project(example, example=True)
        keep = shutil.ignore_patterns("out", ".*")
        for name in ("rounds", "templates"):
            shutil.copytree(ROOT / name, real / name, ignore=keep)
        shutil.copy(ROOT / "recipients.yaml", real)
        path = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        return [*_rows(browser, example, real, count)]


def _rows(
    browser: Browser, example: Path, real: Path, count: int
) -> Iterator[tuple[str, list[float]]]:
    first_page(browser, example, LETTER)
    firsts = [first_page(browser, example, LETTER) for _ in range(5)]
    yield "first page, from the command", firsts
    wording = example / "templates/digital-evidence/letter.md"
    (sheet,) = (example / "rounds").glob("*/assessments.xlsx")
    contact = real / "rounds/2017-abuse-of-position/round.yaml"
    yield (
        "contact of the 2017 round (YAML)",
        saves(browser, real, "merseyside", replacing(contact, "John Young"), count),
    )
    yield (
        "record of 43 (spreadsheet)",
        saves(browser, example, LETTER, in_sheet(sheet, "E3"), count),
    )
    yield "wording of 43 letters", saves(browser, example, LETTER, replacing(wording, WORD), count)


def table(rows: list[tuple[str, list[float]]]) -> str:
    """The figures as a Markdown table."""
    lines = ["| what is timed | median | 95th percentile | times |", "| --- | --: | --: | --: |"]
    for name, taken in rows:
        median, late = statistics.median(taken), _late(taken)
        lines.append(f"| {name} | {median:.0f} ms | {late:.0f} ms | {len(taken)} |")
    return "\n".join(lines)


def _late(taken: list[float]) -> float:
    return sorted(taken)[min(len(taken) - 1, round(0.95 * (len(taken) - 1)))]


def _load() -> str:
    """How busy the machine is, where it says so: other work makes all figures larger."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f", with a load of {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores before"


def write_section(figures: str, load: str) -> None:
    """Put the figures into docs/performance.md, in place of earlier ones."""
    text = PERFORMANCE.read_text(encoding="utf-8") if PERFORMANCE.exists() else "# Performance\n"
    before, _, rest = text.partition(SECTION)
    _, mark, after = rest.partition("\n## ")
    said = (
        f"From a file saved to its new pages drawn on the screen of Chromium, a letter of two pages"
        f", warm server. The aim, on two free cores: {TARGETS}. "
        f"Measured by `python -m benchmarks.preview --write`{load}."
    )
    section = f"{SECTION}\n\n{said}\n\n{figures}\n"
    PERFORMANCE.write_text(f"{before.rstrip()}\n\n{section}{mark}{after}", encoding="utf-8")


def main() -> None:
    """Measure, print, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=40, help="saves of each kind")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    wishes = parser.parse_args()
    load = _load()
    figures = table(measured(wishes.count))
    print(figures)
    if wishes.write:
        write_section(figures, load)


if __name__ == "__main__":
    main()
