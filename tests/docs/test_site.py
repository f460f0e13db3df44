"""The documentation as a site: whole, searched, and each message with its way out."""

import html.parser
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest

from tests.external.web import chromium
from tools import list_messages

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make docs` makes it: a warning would stop it."""
    made = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-b", "html", "-n", "-W", "-q", "docs", str(made)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return made


class Page(html.parser.HTMLParser):
    """A page's links, and the places in it that can be linked to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links, self.ids = list[str](), set[str]()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.add(value)
            elif name in ("href", "src") and value:
                self.links.append(value)


def test_every_link_of_the_site_leads_somewhere(site: Path) -> None:
    pages = {path: Page(path) for path in site.rglob("*.html")}
    assert len(pages) > 40
    lost = []
    for path, page in pages.items():
        for link in page.links:
            where = urlsplit(link)
            target = (path.parent / unquote(where.path)).resolve() if where.path else path
            if where.scheme or where.netloc:
                continue
            is_there = target.exists() and (
                target not in pages or not where.fragment or where.fragment in pages[target].ids
            )
            lost += [] if is_there else [f"{path.relative_to(site)}: {link}"]
    assert lost == []


def test_the_site_needs_no_network(site: Path) -> None:
    fetched = re.compile(r"<(?:script|link|img)[^>]*(?:src|href)=\"(?:https?:)?//")
    assert [p.name for p in site.rglob("*.html") if fetched.search(p.read_text("utf-8"))] == []


@pytest.mark.parametrize("words", ["embargo ends", "no claim covers", "struck through"])
def test_words_of_a_message_are_found_by_the_search_without_a_server(
    words: str, site: Path
) -> None:
    with chromium() as browser:
        page = browser.new_page()
        page.goto(f"{(site / 'search.html').as_uri()}?q={quote(words)}")
        found = page.locator("#search-results li a")
        found.first.wait_for()
        assert "What to do when it says …" in found.all_inner_texts()


def test_the_page_of_messages_is_what_the_code_says() -> None:
    written = list_messages.PAGE.read_text(encoding="utf-8")
    assert written == list_messages.page(), "run: python -m tools.list_messages"


@pytest.mark.parametrize(
    ("message", "fix"),
    [
        ("… is not a placeholder.", "Use"),
        ("No claim covers '…'", "Claim it, or list its words under 'not_claims', with the reason."),
        ("There is no signature image '…'.", ""),
    ],
)
def test_an_editor_finds_a_message_with_its_way_out(message: str, fix: str) -> None:
    entries = list_messages.page().replace("\\", "").split("\n- ")
    assert any(message in each and fix in each for each in entries)
