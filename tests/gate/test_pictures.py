"""Placeholders of a new project are published by nobody."""

from pathlib import Path
from shutil import copy

import pytest

from letters import ProblemsFound
from letters.new import new_project
from letters.publish import publish
from tests.rounds.lost_property import FOLDER, NOW, ROUND_YAML, Publishable

CREST = "templates/letterhead/crest.png"
STARTER = "rounds/first-round/signature.png"


@pytest.fixture
def placeholders(tmp_path: Path) -> Path:
    """A new project, whose pictures are placeholders."""
    new_project(tmp_path / "starter")
    return tmp_path / "starter"


def test_a_placeholder_crest_is_published_by_nobody(tmp_path: Path, placeholders: Path) -> None:
    round_ = Publishable(tmp_path / "project")
    copy(placeholders / CREST, round_.root / CREST)
    assert round_.refusal(judged=False) == {
        "pictures": [
            f"{CREST}: 'crest.png' is the placeholder that 'letters new' wrote."
            " Put your own crest in its place."
        ]
    }
    with pytest.raises(ProblemsFound, match="the placeholder that 'letters new' wrote"):
        publish(round_.project, round_.round, now=NOW, out=round_.out)


def test_nor_is_one_that_only_word_letters_show(tmp_path: Path) -> None:
    round_ = Publishable(tmp_path)
    for sheet in ("print.css", "screen.css"):
        path = tmp_path / "templates/letterhead" / sheet
        lines = path.read_text("utf-8").splitlines()
        path.write_text("\n".join(each for each in lines if "crest.png" not in each), "utf-8")
    assert round_.refusal(judged=False)["pictures"] == [
        "templates/letterhead/letter.docx: The crest in Word letters is the placeholder that"
        " 'letters new' wrote. Put your own crest in its place."
    ]


def test_nor_is_a_placeholder_signature(tmp_path: Path, placeholders: Path) -> None:
    round_ = Publishable(tmp_path / "project")
    copy(placeholders / STARTER, round_.root / FOLDER / "signature.png")
    line = 1 + round_.text(ROUND_YAML).splitlines().index("    signature: signature.png")
    assert round_.refusal(judged=False) == {
        "pictures": [
            f"{ROUND_YAML}:{line} signatories: 'signature.png' is the placeholder that"
            " 'letters new' wrote. Put the signature of Beatrix Merriden in its place."
        ]
    }
