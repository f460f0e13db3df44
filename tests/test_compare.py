"""Any letters held against one another: exactly the drift that was put in is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from letters.cli import cli
from letters.compare import Comparison, Drift, Variant, compare_letters, read_letters

FORCES = (
    "Ash",
    "Brent",
    "Carrow",
    "Dunmere",
    "Eskley",
    "Fell",
    "Garth",
    "Holm",
    "Isk",
    "Jura",
    "Kell",
)
FINDINGS = (
    "The store is damp and its door does not lock.",
    "Officers label everything within a day.",
    "Your plan has no date.",
    "We saw nothing that gave us concern, and your staff spoke well of it.",
    "Two vans are used as stores.",
    "The list was last checked in May.",
    "Keys hang beside the door.",
    "Nobody could say who owns the bicycles.",
    "A clerk checks the shelves every week.",
    "The shelves are full to the ceiling.",
    "Lost dogs are kept elsewhere.",
)


def letter(n: int) -> list[str]:
    """The sentences of a letter: fixed wording, a name, a finding, an outcome of two."""
    force = FORCES[n]
    outcome = (
        ["We have closed our recommendation.", "We will not come back."]
        if n % 3
        else ["Our recommendation stays open.", f"We will come back to {force} in {n + 2} months."]
    )
    return [
        f"To the Chief Constable of {force} Police",
        "In June we asked every force to number what it keeps.",
        FINDINGS[n],
        "In the event that you disagree, please write to us within 56 days.",
        *outcome,
        "This letter will be published beside our national report.",
    ]


def seeded() -> dict[str, list[str]]:
    """Eleven letters with four drifts."""
    found = {f"{name.lower()}.html": letter(n) for n, name in enumerate(FORCES)}

    def change(name: str, old: str, new: str) -> None:
        found[name] = [line.replace(old, new) for line in found[name]]

    for name in ("brent.html", "holm.html"):
        change(name, "event that", "event which")
    change("carrow.html", "56 days", "65 days")
    change("isk.html", "beside our national report", "beside our report")
    found["garth.html"].remove("In June we asked every force to number what it keeps.")
    found["kell.html"].append("Please ring us.")
    return found


def others(*names: str) -> tuple[str, ...]:
    return tuple(f"{name.lower()}.html" for name in FORCES if f"{name.lower()}.html" not in names)


DISAGREE = "In the event that you disagree, please write to us within 56 days."


def drifts(found: Comparison) -> list[Drift]:
    return list(found.drift)


def check(found: Comparison) -> None:
    two = ("brent.html", "holm.html")
    assert drifts(found) == [
        Drift(DISAGREE, (Variant("event that", others(*two)), Variant("event which", two))),
        Drift(
            DISAGREE,
            (Variant("within 56", others("carrow.html")), Variant("within 65", ("carrow.html",))),
        ),
        Drift(
            "This letter will be published beside our national report.",
            (Variant("our national", others("isk.html")), Variant("our", ("isk.html",))),
        ),
    ]
    assert found.missing == (
        Variant("In June we asked every force to number what it keeps.", ("garth.html",)),
    )
    by_outcome = [
        tuple(f"{name.lower()}.html" for n, name in enumerate(FORCES) if bool(n % 3) is closed)
        for closed in (True, False)
    ]
    assert [each for each in found.some if each.letters not in by_outcome] == [
        Variant("Please ring us.", ("kell.html",))
    ]


def test_exactly_the_drift_that_was_put_in_is_told() -> None:
    check(compare_letters(seeded()))


def test_letters_without_drift_have_none() -> None:
    found = compare_letters({name: letter(n) for n, name in enumerate(FORCES)})
    assert (found.drift, found.missing) == ((), ())
    assert DISAGREE in found.same


def pages(folder: Path) -> None:
    for name, said in seeded().items():
        text = "".join(f"<p>{line}</p>" for line in said)
        (folder / name).write_text(f"<!doctype html><title>x</title>{text}", "utf-8")


def test_plain_pages_from_anywhere_are_read(tmp_path: Path) -> None:
    pages(tmp_path)
    check(compare_letters(read_letters([tmp_path])))


SAID = f"""\
11 letters: 0 sentences the same in all; 13 change from letter to letter.
{DISAGREE}
  "event that" 9, "event which" 2: brent.html, holm.html
  "within 56" 10, "within 65" 1: carrow.html
This letter will be published beside our national report.
  "our national" 10, "our" 1: isk.html
Missing in 1: "In June we asked every force to number what it keeps." garth.html
In 4 only: "Our recommendation stays open." ash.html, dunmere.html, garth.html, jura.html
In 4 only: "We will come back to Ash in 2 months." ash.html, dunmere.html, garth.html, jura.html
In 7 only: "We have closed our recommendation." brent.html, carrow.html, eskley.html, fell.html,\
 holm.html and 2 more
In 7 only: "We will not come back." brent.html, carrow.html, eskley.html, fell.html, holm.html and\
 2 more
In 1 only: "Please ring us." kell.html
"""


def test_the_command_says_it_whole(tmp_path: Path) -> None:
    pages(tmp_path)
    run = CliRunner().invoke(cli, ["compare", str(tmp_path)])
    assert run.output == SAID
    assert run.exit_code == 0
    told = json.loads(CliRunner().invoke(cli, ["compare", str(tmp_path), "--json"]).output)[
        "result"
    ]
    assert told["missing"] == [
        {
            "words": "In June we asked every force to number what it keeps.",
            "letters": ["garth.html"],
        }
    ]


def test_letters_of_the_tool_in_all_formats(example_out: Path, tmp_path: Path) -> None:
    for n, name in enumerate(("averlund", "brackenholt", "zellarby")):
        format_ = ("pdf", "docx", "html")[n]
        file = f"{name}.{format_}"
        shutil.copy(example_out / "letters" / file, tmp_path / file)
    found = compare_letters(read_letters([tmp_path]))
    assert found.letters == ("averlund.pdf", "brackenholt.docx", "zellarby.html")
    assert "We made one recommendation to every force:" in found.same


def test_what_is_no_letter_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>A.", "utf-8")
    for paths, said in (
        ([tmp_path],
         "Name two letters or more, or folders of them: .html, .docx, .pdf, .txt files."),
        ([tmp_path / "b"], f"There is no file or folder {tmp_path / 'b'}."),
        ([tmp_path / "c.png"], f"{tmp_path / 'c.png'} is no letter. Name .html, .docx, .pdf, .txt"
                               " files, or a folder."),
    ):  # fmt: skip
        (tmp_path / "c.png").write_bytes(b"x")
        run = CliRunner().invoke(cli, ["compare", *map(str, paths)])
        assert (run.exit_code, run.stderr) == (2, f"letters: {said}\n")
    (tmp_path / "d.pdf").write_bytes(b"no PDF")
    run = CliRunner().invoke(cli, ["compare", str(tmp_path)])
    assert run.exit_code == 1
    assert run.stderr.startswith(f"letters: {tmp_path / 'd.pdf'}: ")


@pytest.mark.parametrize(
    ("base", "other", "said"),
    [
        ("a b c d e f", "a b x d e f", ["b c", "b x"]),
        ("a b c d e f", "a b c x d e f", ["b c", "b c x"]),
        ("a b c d e f", "x a b c d e f", ["a", "x a"]),
        ("a b c d e f", "a b c d e f x", ["e f", "e f x"]),
        ("a b c d e f", "a b d e f", ["b c", "b"]),
        ("a b c d e f", "b c d e f", ["a", ""]),
    ],
)
def test_a_word_changed_put_in_or_left_out_is_shown(base: str, other: str, said: list[str]) -> None:
    found = compare_letters({"1": [base], "2": [base], "3": [other]})
    (drift,) = found.drift
    assert [each.words for each in drift.variants] == said
