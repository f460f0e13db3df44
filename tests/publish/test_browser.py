"""The published site, served from a sub-path and used in Chromium: as a reader meets it."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from pikepdf import Pdf
from playwright.sync_api import Browser, Page

from letters import Project
from letters.files import digest
from letters.publish import withdraw
from tests.builders import approve, changed
from tests.external.web import AXE, RULES, RUN, Mode, chromium, nu_findings
from tests.rounds.follow_up import FIRST_ID
from tests.rounds.found_property import (
    LATER,
    a_publishable,
    out_of,
    published,
    round_folder,
    site_of,
)

pytestmark = pytest.mark.xdist_group("site")

MODES = (
    Mode(320, "light"),
    Mode(320, "dark"),
    Mode(768, "light"),
    Mode(1280, "light"),
    Mode(1280, "dark"),
    Mode(794, "light", "print"),
)
PAGES = (
    "index.html",
    f"{FIRST_ID}/index.html",
    f"{FIRST_ID}/data.html",
    f"{FIRST_ID}/accessibility.html",
    f"{FIRST_ID}/letters/bro-wydden.html",
    f"{FIRST_ID}/letters/halvendale-and-ivershaw.html",
    "forces/halvendale.html",
)
AMENDED = ("index.html", "letters/northmoor.html", "letters/southmoor.html")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """No line for each request."""


@pytest.fixture(scope="module")
def address(published_example: Path) -> Iterator[str]:
    """The site of all rounds, in a folder of a web server's."""
    handler = partial(Quiet, directory=str(published_example / "out"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/site"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    opened = browser.new_page()
    opened.goto(f"{address}/{FIRST_ID}/index.html")
    yield opened
    opened.close()


def shown(page: Page) -> list[str]:
    """The forces in the rows that can be seen, in order."""
    rows = page.locator("#table-of-letters tbody tr:visible th")
    return [" ".join(text.split()) for text in rows.all_inner_texts()]


def test_the_search_finds_forces_and_outcomes(page: Page) -> None:
    assert len(shown(page)) == 43
    page.get_by_label("Find a force or an outcome").fill("larken")
    assert shown(page) == ["Larkensea Police"]
    assert page.get_by_role("status").inner_text() == "1 of 43 letters is shown"
    page.get_by_label("Find a force or an outcome").fill("bro wydden")
    assert shown(page) == ["Bro Ŵydden Police"]
    page.get_by_label("Find a force or an outcome").fill("already in place")
    assert shown(page) == ["Larkensea Police", "Norrin Isles Constabulary"]
    page.get_by_label("Find a force or an outcome").fill("")
    assert page.get_by_role("status").inner_text() == "All 43 letters are shown"


def test_a_search_without_result_says_so(page: Page) -> None:
    page.get_by_label("Find a force or an outcome").fill("zzz")
    assert page.locator("#nothing-found").is_visible()
    assert page.get_by_role("status").inner_text() == "0 of 43 letters are shown"
    assert shown(page) == []


def test_the_table_is_sorted_by_its_heads(page: Page) -> None:
    before = shown(page)
    force = page.get_by_role("button", name="Force")
    force.click()
    force.click()
    assert shown(page)[0].startswith("Zellarby")
    head = page.locator("#table-of-letters thead th").first
    assert head.get_attribute("aria-sort") == "descending"
    page.get_by_role("button", name="Outcome").click()
    assert head.get_attribute("aria-sort") is None
    cells = page.locator("#table-of-letters tbody tr td:nth-child(2)").all_inner_texts()
    assert cells[0] == "No complete plan"
    assert cells[-1] == "Sound arrangements already in place"
    assert sorted(shown(page)) == sorted(before)


def test_search_and_sort_are_used_with_the_keyboard_alone(page: Page) -> None:
    page.get_by_label("Find a force or an outcome").focus()
    page.keyboard.type("Police")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    head = page.locator("#table-of-letters thead th").first
    assert head.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('th') !== null")


def test_a_letter_is_found_read_and_downloaded(page: Page, published_example: Path) -> None:
    page.get_by_label("Find a force or an outcome").fill("averlund")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="of the letter to Averlund Police").first.click()
    got = Path(waiting.value.path()).read_bytes()
    kept = published_example / "out" / FIRST_ID / "site/letters/averlund.pdf"
    assert waiting.value.suggested_filename == "averlund.pdf"
    assert digest(got) == digest(kept.read_bytes())
    page.get_by_role("link", name="Averlund Police", exact=True).click()
    assert page.title() == (
        "Digital evidence: from seizure to return – Averlund Police – "
        "Inspectorate of Constabulary for Verrenland"
    )
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download this letter").nth(1).click()
    assert waiting.value.suggested_filename == "averlund.docx"


def test_without_script_the_table_is_whole_and_no_search_is_offered(
    browser: Browser, address: str
) -> None:
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{address}/{FIRST_ID}/index.html")
    assert plain.locator("#table-of-letters tbody tr").count() == 43
    assert plain.locator(".finder").is_hidden()
    assert plain.locator(".sort").count() == 0
    plain.get_by_role("link", name="Find your force in the table of letters").click()
    assert plain.url.endswith("#letters")
    plain.close()


def test_it_prints_whole_and_without_what_paper_cannot_do(page: Page) -> None:
    printed = page.pdf(format="A4")
    with Pdf.open(BytesIO(printed)) as pdf:
        assert 3 <= len(pdf.pages) <= 6
    page.emulate_media(media="print")
    assert page.locator(".finder").is_hidden()
    assert len(shown(page)) == 43


def test_a_reader_walks_from_all_rounds_to_a_letter_and_back(page: Page, address: str) -> None:
    page.get_by_role("link", name="All letters", exact=True).first.click()
    assert page.url == f"{address}/index.html"
    page.get_by_role("link", name="Averlund Police").click()
    page.get_by_role("link", name="Digital evidence: from seizure to return", exact=True).click()
    page.get_by_role("link", name="Other letters to Averlund Police").click()
    assert page.url == f"{address}/forces/averlund.html"


def test_nothing_is_asked_of_anybody_else_and_nothing_is_missing(
    browser: Browser, address: str
) -> None:
    opened = browser.new_page()
    asked: list[tuple[str, int]] = []
    opened.on("response", lambda response: asked.append((response.url, response.status)))
    for name in PAGES:
        opened.goto(f"{address}/{name}")
    known = [(url, status) for url, status in asked if "favicon" not in url]
    assert [url for url, _ in known if not url.startswith((address, "data:"))] == []
    assert {status for _, status in known} <= {200, 304}
    opened.close()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_at_any_width_nor_in_print(
    browser: Browser, address: str, name: str
) -> None:
    assert judged(browser, f"{address}/{name}") == []


def judged(browser: Browser, address: str) -> list[str]:
    """What axe finds on a page in any mode, and where it is wider than the screen."""
    opened = browser.new_page()
    opened.goto(address)
    opened.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for mode in MODES:
        opened.set_viewport_size({"width": mode.width, "height": 900})
        opened.emulate_media(color_scheme=mode.scheme, media=mode.media)
        found += [f"{mode}: {violation}" for violation in opened.evaluate(RUN, RULES)]
        width = opened.evaluate("document.documentElement.scrollWidth")
        if mode.media == "screen" and width > mode.width:
            found.append(f"{mode}: {width} pixels wide")
    opened.close()
    return found


def test_the_nu_validator_finds_nothing(published_example: Path, amended: Path) -> None:
    pages = [published_example / "out/site" / name for name in PAGES]
    assert nu_findings([*pages, *(amended / name for name in AMENDED)]) == []


@pytest.fixture(scope="module")
def amended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a letter corrected and another withdrawn."""
    root = approve(a_publishable(tmp_path_factory.mktemp("amended")))
    published(root)
    path = round_folder(root) / "assessments.csv"
    path.write_text(changed(path.read_text("utf-8"), "All is well.", "All is fine."), "utf-8")
    published(approve(root), now=LATER, note="A word was corrected.")
    round_ = Project.load(root).round()
    withdraw(round_, "southmoor", now=LATER, out=out_of(root), note="It named a witness.")
    return site_of(root)


@pytest.mark.parametrize("name", AMENDED)
def test_axe_finds_nothing_in_corrected_and_withdrawn_letters(
    browser: Browser, amended: Path, name: str
) -> None:
    assert judged(browser, (amended / name).as_uri()) == []
