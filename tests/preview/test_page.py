"""The preview's page in a real browser, on a project in a folder with spaces and accents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, FrameLocator, Page, Route, expect

from letters import BuildOptions, Project, build_round
from letters.document import Passage
from letters.preview.views import Pages
from letters.render.readback import read_html, read_pdf
from tests.builders import changed
from tests.external.web import AXE, chromium
from tests.preview.serving import Served, served

RECORDS = "rounds/first-round/assessments.csv"
LETTER = "templates/first-wording/letter.md"
OUTCOME = "templates/first-wording/outcomes/in-place.md"
PARAGRAPH = "We have assessed how"

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_RUN = """async tags => (await axe.run({runOnly: tags, resultTypes: ['violations']}))
.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | '))"""

HIGHLIGHTED = """frame => [...(frame.contentWindow.CSS.highlights.get('changed') || [])]
.map(range => range.toString())"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def preview(starter: Path) -> Iterator[Served]:
    with served(starter) as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new tab; whatever the browser complains of on the way fails the test."""
    opened = browser.new_page(viewport={"width": 1280, "height": 800})
    complaints: list[str] = []

    def note(said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            complaints.append(f"{said.text} {said.location['url']}")

    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", note)
    yield opened
    opened.close()
    assert complaints == []


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Change a file as an editor does."""
    path = folder / file
    path.write_text(changed(path.read_text(encoding="utf-8"), old, new), encoding="utf-8")


def pdf_of(page: Page) -> bytes:
    """The PDF behind the pages on the screen."""
    link = page.get_by_role("link", name="Open the PDF").get_attribute("href")
    return page.request.get(page.url.split("/#")[0] + str(link)).body()


def pictures(page: Page) -> list[str]:
    images = page.locator(".pages img").all()
    return [str(image.get_attribute("src")) for image in images]


def words(passages: Sequence[Passage]) -> str:
    return " ".join(passage.text for passage in passages)


def listed(page: Page) -> list[str]:
    return page.locator("#letters li:not([hidden]) .name").all_inner_texts()


def frame(page: Page) -> FrameLocator:
    """The web letter on the screen, once its marks are on it."""
    page.locator("iframe[data-epoch]:not(.coming)").wait_for()
    return page.frame_locator("iframe:not(.coming)")


def choose(page: Page, format_: str) -> None:
    page.get_by_role("radio", name=format_).check()


def test_a_letter_opens_with_its_record_places_and_verdict(preview: Served, page: Page) -> None:
    preview.open(page, "ashmere/pdf")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ashmere Constabulary")
    expect(page.locator("#record")).to_contain_text("12 January 2026assessments.csv:2")
    expect(page.locator("#others")).to_contain_text("Robin Haleround.yaml:11")
    expect(page.locator("#others")).to_contain_text("Ashmere Constabularyrecipients.yaml:4")
    expect(page.locator("#verdict li.good")).to_have_count(3)
    expect(page.locator("#letters a[aria-current]")).to_contain_text("Plan in place · not built")
    expect(page.locator("#live")).to_have_text(re.compile(r"^Saved \d\d:\d\d\.$"))


def test_the_pages_on_the_screen_are_drawn_from_the_pdf(preview: Served, page: Page) -> None:
    preview.open(page, "ashmere/pdf")
    first = page.locator(".pages img").first
    width = int(str(first.get_attribute("width")))
    drawn = Pages().draw(pdf_of(page), width)
    assert pictures(page) == [f"/pages/{picture.id}.png" for picture in drawn]
    assert first.evaluate("image => image.naturalWidth") == width


def test_pages_are_drawn_as_sharp_as_the_screen(browser: Browser, preview: Served) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, device_scale_factor=2)
    preview.open(page, "ashmere/pdf")
    first = page.locator(".pages img").first
    natural, shown = first.evaluate("image => [image.naturalWidth, image.clientWidth]")
    page.close()
    assert natural == pytest.approx(2 * shown, abs=2)


def test_an_address_of_no_letter_is_told(browser: Browser, preview: Served) -> None:
    page = browser.new_page()
    page.goto(f"{preview.address}/#nowhere/none")
    expect(page.locator("#live")).to_have_text("No such letter.")
    expect(page.locator("#letters li").first).to_contain_text("Ashmere Constabulary")
    page.close()


def test_letters_are_searched_and_filtered(preview: Served, page: Page) -> None:
    preview.open(page)
    assert listed(page) == [
        "Ashmere Constabulary",
        "Dunhollow & District Police",
        "Westerlyn Police",
    ]
    page.get_by_label("Search").fill("police")
    assert listed(page) == ["Dunhollow & District Police", "Westerlyn Police"]
    page.get_by_label("State").select_option("awaiting")
    assert listed(page) == ["Westerlyn Police"]
    page.get_by_label("State").select_option("")
    page.get_by_label("Outcome").select_option("No plan yet")
    assert listed(page) == ["Dunhollow & District Police"]
    expect(page.locator("#count")).to_have_text("1 of 3 forces")


def test_the_keyboard_is_enough(preview: Served, page: Page) -> None:
    preview.open(page, "ashmere/pdf")
    page.get_by_label("Search").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Dunhollow & District Police")
    page.keyboard.press("ArrowUp")
    expect(heading).to_have_text("Ashmere Constabulary")
    page.get_by_role("radio", name="PDF").focus()
    page.keyboard.press("ArrowRight")
    frame(page)
    for _ in ("the PDF", "the web letter", "the Word file", "the letter's first passage"):
        page.keyboard.press("Tab")
    expect(page.locator("#explained")).to_have_text("Written at rounds/first-round/round.yaml")


def test_the_format_is_switched(preview: Served, page: Page) -> None:
    preview.open(page, "dunhollow/pdf")
    choose(page, "Web letter")
    expect(frame(page).locator("article.letter h1")).to_have_text(
        "Assessment of your plan for welfare support"
    )
    choose(page, "Word text")
    row = page.get_by_role("row").filter(has_text="Dear Chief Constable Farrow")
    expect(row.get_by_role("rowheader")).to_have_text("salutation")
    expect(page.get_by_role("row").filter(has_text="• the plan;")).to_contain_text("list bullet")
    choose(page, "PDF")
    expect(page.locator(".pages img")).to_have_count(1)


def test_a_saved_record_is_on_the_screen_untouched_by_hand(
    preview: Served, page: Page, starter: Path
) -> None:
    preview.open(page, "ashmere/pdf")
    before = pictures(page)
    edit(starter, RECORDS, "names an owner", "names one grateful owner")
    expect(page.locator(".pages img").first).not_to_have_attribute("src", before[0])
    pdf = pdf_of(page)
    assert "names one grateful owner" in words(read_pdf(pdf))
    width = int(str(page.locator(".pages img").first.get_attribute("width")))
    assert pictures(page) == [f"/pages/{p.id}.png" for p in Pages().draw(pdf, width)]
    choose(page, "Web letter")
    expect(frame(page).locator("article")).to_contain_text("names one grateful owner")
    edit(starter, RECORDS, "grateful", "watchful")
    expect(frame(page).locator("article")).to_contain_text("names one watchful owner")


def test_the_page_stays_where_it_was_scrolled_to(
    preview: Served, page: Page, starter: Path
) -> None:
    for format_ in ("html", "pdf"):
        preview.open(page, f"ashmere/{format_}")
        page.locator("main").evaluate("main => main.scrollTo(0, 200)")
        epoch = str(page.locator("html").get_attribute("data-epoch"))
        edit(starter, RECORDS, "names an owner", "an owner, names an owner")
        expect(page.locator("html")).not_to_have_attribute("data-epoch", epoch)
        assert page.locator("main").evaluate("main => main.scrollTop") == 200
        assert page.url.endswith(f"#ashmere/{format_}")


def test_a_broken_template_is_told_beside_the_last_good_letter(
    preview: Served, page: Page, starter: Path
) -> None:
    preview.open(page, "ashmere/pdf")
    good = pictures(page)
    edit(starter, LETTER, "{{ force_name }}", "{{ force_nam }}")
    problems = page.get_by_role("region", name="There is a problem")
    expect(problems).to_contain_text(
        "templates/first-wording/letter.md:3 {{ force_nam }} is not a placeholder."
        " Did you mean {{ force_name }}?"
    )
    expect(page.locator("#live")).to_have_text("Showing the last good version.")
    assert pictures(page) == good
    edit(starter, LETTER, "{{ force_nam }}", "the force called {{ force_name }}")
    expect(problems).to_be_hidden()
    expect(page.locator(".pages img").first).not_to_have_attribute("src", good[0])
    assert "the force called Ashmere Constabulary" in words(read_pdf(pdf_of(page)))


def test_a_faulty_record_is_told_beside_the_last_good_letter(
    preview: Served, page: Page, starter: Path
) -> None:
    preview.open(page, "ashmere/html")
    edit(starter, RECORDS, "ashmere,in-place", "ashmere,in-palce")
    problems = page.get_by_role("region", name="There is a problem")
    expect(problems).to_contain_text("assessments.csv:2 outcome 'in-palce' is not an outcome")
    expect(page.locator("#tags")).to_contain_text("Last good version")
    expect(frame(page).locator("article")).to_contain_text("you have a plan in place")
    edit(starter, RECORDS, "ashmere,in-palce", "ashmere,not-yet")
    expect(frame(page).locator("article")).to_contain_text("do not yet have a plan")
    expect(problems).to_be_hidden()


def test_a_letter_told_again_while_it_loads_is_shown(
    preview: Served, page: Page, starter: Path
) -> None:
    held: list[Route] = []
    page.route(re.compile(r"/letters/ashmere\.html\?"), lambda route: held.append(route))
    page.goto(f"{preview.address}/#ashmere/html")
    page.locator("iframe").wait_for(state="attached")
    edit(starter, RECORDS, "westerlyn,,,", "westerlyn,nonsense,,")
    expect(page.get_by_role("region", name="There is a problem")).to_contain_text("'nonsense'")
    held[0].continue_()
    expect(frame(page).locator("article")).to_contain_text("you have a plan in place")


def test_a_missing_value_is_a_visible_mark(preview: Served, page: Page, starter: Path) -> None:
    preview.open(page, "westerlyn/html")
    expect(page.locator("#tags")).to_have_text("Draft")
    expect(frame(page).locator("mark.gap").first).to_be_visible()
    expect(page.locator("#record .gap").first).to_have_text("To be filled in")
    edit(starter, RECORDS, "westerlyn,,,", "westerlyn,not-yet,,")
    expect(page.get_by_role("region", name="There is a problem")).to_contain_text(
        "findings is empty, but a record with an outcome needs it."
    )
    expect(frame(page).locator("article")).to_contain_text("do not yet have a plan")
    expect(frame(page).locator("mark.gap")).to_have_text("[findings: to be added]")


def test_changed_words_are_highlighted(page: Page, starter: Path) -> None:
    project = Project.load(starter)
    build_round(project, project.round(None), BuildOptions(formats=["html"]))
    with served(starter) as preview:
        preview.open(page, "ashmere/html")
        expect(page.locator("#changes")).to_have_text("No changes.")
        edit(starter, RECORDS, "an owner and a date", "one owner and no date")
        changes = page.locator("#changes li")
        expect(changes).to_have_count(2)
        expect(changes.nth(0)).to_contain_text(f"an one{RECORDS}:2")
        frame(page).get_by_text("one owner and no date").wait_for()
        page.locator("iframe[data-epoch]").wait_for()
        assert page.locator("iframe").evaluate(HIGHLIGHTED) == ["one", "no"]
        since = page.get_by_label("Compared with")
        since.select_option("the publication")
        expect(page.locator("#changes")).to_have_text("There is no publication of this letter.")
        assert page.locator("iframe").evaluate(HIGHLIGHTED) == []
        built, published = (
            starter / f"out/first-round/{name}" for name in ("letters", "site/letters")
        )
        published.mkdir(parents=True)
        web = (built / "ashmere.html").read_text(encoding="utf-8")
        (published / "ashmere.html").write_text(changed(web, "and a date", "and a day"), "utf-8")
        page.reload()
        since.select_option("the publication")
        expect(changes).to_have_count(2)
        expect(changes.nth(1)).to_contain_text("a day no date")
        assert page.locator("iframe").evaluate(HIGHLIGHTED) == ["one", "no date"]


def test_a_paragraph_explains_itself(preview: Served, page: Page) -> None:
    preview.open(page, "ashmere/html")
    frame(page).get_by_text(PARAGRAPH).click()
    explained = page.locator("#explained")
    expect(explained).to_contain_text(f"Written at {LETTER}:3")
    expect(explained).to_contain_text("It printsforce_name: Ashmere Constabulary")
    frame(page).get_by_text("We are pleased to find").click()
    expect(explained).to_contain_text(f"Written at {OUTCOME}:1")
    expect(explained).to_contain_text(f"plan_date: 12 January 2026 {RECORDS}:2")
    expect(explained).to_contain_text("It is here because ofoutcome: in-place")


def test_explaining_leaves_the_published_letter_as_it_is(preview: Served, page: Page) -> None:
    preview.open(page, "ashmere/html")
    frame(page).get_by_text(PARAGRAPH).click()
    link = page.get_by_role("link", name="Open the web letter").get_attribute("href")
    published = page.request.get(f"{preview.address}{link}").text()
    shown = page.request.get(preview.address + str(page.locator("iframe").get_attribute("src")))
    assert shown.text() == published
    assert "data-passage" not in published
    assert PARAGRAPH in words(read_html(published))


def test_the_reach_of_a_change_is_told_with_links(
    preview: Served, page: Page, starter: Path
) -> None:
    preview.open(page, "ashmere/pdf")
    every = page.get_by_role("region", name="Every branch of the wording")
    expect(every.get_by_role("link")).to_have_text(
        ["Ashmere Constabulary", "Dunhollow & District Police"]
    )
    edit(starter, OUTCOME, "We are pleased", "We are very pleased")
    reach = page.get_by_role("region", name="The last change")
    expect(reach).to_contain_text(f"{OUTCOME} changes 1 of 3 letters:")
    expect(reach.get_by_role("link")).to_have_text(["Ashmere Constabulary"])
    edit(starter, LETTER, PARAGRAPH, "We assessed how")
    expect(reach).to_contain_text(f"{LETTER} changes all 3 letters:")
    reach.get_by_role("link", name="Westerlyn Police").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Westerlyn Police")


def test_several_tabs_follow_each_its_own_letter(
    browser: Browser, preview: Served, page: Page, starter: Path
) -> None:
    other = browser.new_page()
    preview.open(page, "ashmere/html")
    preview.open(other, "dunhollow/html")
    edit(starter, LETTER, PARAGRAPH, "We assessed how")
    for tab in (page, other):
        expect(frame(tab).locator("article")).to_contain_text("We assessed how")
    expect(other.get_by_role("heading", level=1)).to_have_text("Dunhollow & District Police")
    other.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, preview: Served, starter: Path, scheme: str) -> None:
    # The page's own policy lets no script in; the judge is let in past it.
    scope = browser.new_context(
        bypass_csp=True, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = scope.new_page()
    found: list[str] = []
    for look in ("ashmere/pdf", "westerlyn/html", "dunhollow/docx"):
        preview.open(page, look)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for width in (1280, 768):
            page.set_viewport_size({"width": width, "height": 900})
            found += page.evaluate(AXE_RUN, AXE_TAGS)
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [f"{look} is {over} points too wide at {width}"] if over > 0 else []
    edit(starter, LETTER, "{{ force_name }}", "{{ force_nam }}")
    page.get_by_role("region", name="There is a problem").wait_for()
    found += page.evaluate(AXE_RUN, AXE_TAGS)
    scope.close()
    assert found == []


def test_a_letter_leads_nowhere_and_asks_for_nothing(preview: Served, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    preview.open(page, "ashmere/html")
    frame(page).get_by_role("link", name="letters@inspectorate.example").click()
    expect(page.locator("#explained")).to_contain_text(
        "contact_email: letters@inspectorate.example"
    )
    assert [url for url in asked if not url.startswith((preview.address, "data:"))] == []
