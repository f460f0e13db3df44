"""What `from letters import …` offers is what is documented, and nothing more."""

import inspect
import re
from pathlib import Path

import pytest

import letters

ROOT = Path(__file__).parent.parent


def test_every_public_name_is_documented_and_no_other() -> None:
    library = (ROOT / "docs/library.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### `(\w+)", library, flags=re.MULTILINE)
    assert sorted(headings) == sorted(letters.__all__)


@pytest.mark.parametrize("name", letters.__all__)
def test_a_public_name_says_what_it_is(name: str) -> None:
    assert len(inspect.getdoc(getattr(letters, name)) or "") > 30


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="module 'letters' has no attribute 'biuld'"):
        letters.biuld  # noqa: B018
