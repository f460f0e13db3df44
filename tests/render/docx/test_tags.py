"""A paragraph of a layout that would keep a command busy for minutes."""

from pathlib import Path

import pytest

from tests.render.docx.layouts import a_layout, problems_of, raw
from tests.render.docx.test_messages_texts import line

LONG = (
    ": A paragraph of the body has more than 10,000 characters. In Word: make several of it, or say"
    " it in the wording."
)


@pytest.mark.parametrize("braces", ["{{", "{% ", "{# ", "}}"])
def test_a_hundred_thousand_braces_are_not_read(braces: str, tmp_path: Path) -> None:
    assert problems_of(tmp_path, a_layout(raw(line(braces * 100_000)))) == [LONG]


def test_a_long_paragraph_is_read(tmp_path: Path) -> None:
    assert problems_of(tmp_path, a_layout(raw(line("word " * 1_999)))) == []
