"""The web letter in Chromium: whole without style sheets and without scripts."""

import re
from pathlib import Path

import pytest

from letters.render.readback import read_html
from tests.external.web import chromium

LETTERS = ["lower-and-upper-thrane", "hallowmarch-and-the-skerries"]


@pytest.mark.xdist_group("chromium")
def test_a_letter_reads_in_order_without_its_style_sheets(example_out: Path) -> None:
    with chromium() as browser:
        page = browser.new_context(java_script_enabled=False).new_page()
        for letter in LETTERS:
            path = example_out / "letters" / f"{letter}.html"
            bare = re.sub(r"<style.*?</style>", "", path.read_text(encoding="utf-8"), flags=re.S)
            page.set_content(bare)
            seen = page.locator("article").inner_text()
            place = 0
            for passage in read_html(path.read_bytes()):
                if passage.kind == "figure":
                    assert page.get_by_alt_text(passage.text).count() == 1
                    continue
                words = r"\s+".join(map(re.escape, passage.text.split()))
                found = re.compile(words).search(seen, place)
                assert found, passage
                place = found.end()
            assert page.get_by_role("heading", level=1).count() == 1
