"""Every word of a long letter is changed at once, and what is carried is what was written."""

from __future__ import annotations

import json
import re
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from letters.document import as_read
from tests.word.returning import change_xml, letters, project_files, said

WORD = re.compile(r"\b([a-z]{6,})(?=[ ,.;]|$)")


@pytest.mark.parametrize("force", ["norrin-isles", "lower-and-upper-thrane"])
def test_a_word_of_each_run_is_changed(force: str, example_project: Path, tmp_path: Path) -> None:
    root = tmp_path / "example"
    copytree(example_project, root, ignore=ignore_patterns("out", ".*"))
    letters(root, "build", "--only", "docx", force)
    (letter,) = root.glob(f"out/*/letters/{force}.docx")
    before, old = project_files(root), said(letter)

    def changed(text: str) -> str:
        head, _, body = text.partition("<w:body>")
        found = r"(<w:t(?: [^>]*)?>)([^<]*)(</w:t>)"
        new = re.sub(found, lambda m: m[1] + WORD.sub(r"\1-so", m[2], count=1) + m[3], body)
        return f"{head}<w:body>{new}"

    change_xml(letter, changed)
    wanted = said(letter)
    done = json.loads(letters(root, "take-back", str(letter), "--all", "--json"))["result"][
        "changes"
    ]
    carried = [each for each in done if each["accepted"]]
    assert len(carried) >= 12
    assert len(carried) >= 0.8 * len(done)
    refused = [each["refused"] for each in done if not each["accepted"]]
    assert [each for each in refused if not each.endswith("by hand.")] == []
    assert {each["kind"] for each in carried} == {"fixed wording", "the record"}
    after = project_files(root)
    assert sum(len(after[n]) for n in after if n.endswith(".md")) == sum(
        len(before[n]) for n in before if n.endswith(".md")
    ) + 3 * sum(each["place"].split(":")[0].endswith(".md") for each in carried)
    letters(root, "build", "--only", "docx", "--discard-edits", force)
    lost = {as_read(each["now"]) for each in done if not each["accepted"]}
    for was, now, is_ in zip(old, wanted, said(letter), strict=True):
        if not any(each in now for each in lost):
            assert is_ == now
        else:
            assert is_.replace("-so", "") == was
