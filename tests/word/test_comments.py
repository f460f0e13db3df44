"""Comments of Word letters are kept with the round, and keep letters from being approved."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from letters import BuildOptions, Project, build_round
from letters.word.comments import keep_comments, read_comments
from letters.word.remarks import Remark
from tests.word.returning import letters
from tests.word.test_remarks import comment

FILE = "rounds/first-round/comments.yaml"


def commented(root: Path) -> str:
    """A built letter on which two people commented."""
    project = Project.load(root)
    build_round(project, project.round(), BuildOptions(formats=["docx"]))
    path = root / "out/first-round/letters/ashmere.docx"
    comment(path, "Is this agreed?", about="names an owner")
    comment(path, "Thank them: for all", author="Ben Kite", about="queries")
    return str(path)


def test_a_comment_is_kept_counted_and_answered(starter: Path) -> None:
    path = commented(starter)
    assert letters(starter, "take-back", path) == (
        "No word differs from the letter as it was built.\n"
        f"2 comments kept in {FILE}; 'letters comments' shows and answers them.\n"
    )
    assert "kept in" not in letters(starter, "take-back", path)
    owner = "Your plan names an owner and a date for each action."
    first = f"Ada Thorne commented on 3 March 2026 on '{owner}': 'Is this agreed?'."
    assert letters(starter, "comments", "ashmere").splitlines()[::2] == [
        f"1. ashmere, open: {first}",
        "2 comments, 2 open.",
    ]
    status = letters(starter, "status")
    assert "ashmere: 2 open comments; 'letters comments ashmere' tells.\n" in status
    output = letters(starter, "comments", "--reply", "1", "It is: see the minutes", "--close", "2")
    assert output.startswith(f"1. ashmere, answered: {first} Answer: It is: see the minutes\n")
    assert output.endswith("2 comments, 0 open.\n")
    assert "open comment" not in letters(starter, "status")
    assert letters(starter, "take-back", path) == (
        "No word differs from the letter as it was built.\n"
    )


def test_an_open_comment_keeps_its_letter_from_being_approved(starter: Path) -> None:
    letters(starter, "take-back", commented(starter))
    refused = letters(starter, "approve", "--by", "lowe", code=1)
    assert refused.splitlines()[::2] == [
        f"{FILE} ashmere: A comment is open: Ada Thorne said 'Is this agreed?'."
        " Answer it: letters comments --reply 1 TEXT; or --close 1.",
        "2 problems.",
    ]
    assert not (starter / "rounds/first-round/approvals.yaml").exists()
    assert "approved" in letters(starter, "approve", "dunhollow", "--by", "lowe")
    letters(starter, "comments", "--close", "1", "--close", "2")
    assert "ashmere: approved" in letters(starter, "approve", "--by", "lowe")


def test_what_is_asked_wrongly_writes_nothing(starter: Path) -> None:
    assert letters(starter, "comments") == "No comments.\n"
    letters(starter, "take-back", commented(starter))
    before = (starter / FILE).read_bytes()
    assert letters(starter, "comments", "--close", "1", "--close", "7", code=2) == (
        "letters: There is no comment 7. 'letters comments' lists them with their numbers.\n"
    )
    assert letters(starter, "comments", "--reply", "1", " ", code=2) == (
        "letters: The answer to comment 1 is empty.\n"
    )
    assert (starter / FILE).read_bytes() == before
    (starter / FILE).write_text("- letter: ashmere\n", encoding="utf-8")
    assert letters(starter, "comments", code=1) == (
        f"{FILE}:1: A comment holds letter, author, date, place, words, state, reply; its state is"
        " open or answered or closed. Take the file from your version control as it was.\n"
        "1 problem.\n"
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(), max_size=4), st.text())
def test_whatever_people_say_can_be_read_again(said: list[str], about: str) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        told = [("kent", Remark("comment", "Ada", None, about, each)) for each in said]
        told.append(("kent", Remark("comment", "Ada", None, "\u202ee\u0301 \ufe0f", "â€™: - #")))
        kept = keep_comments(folder, folder, told)
        found = read_comments(folder, folder)
        assert len(found) == kept > 0
        assert [each.words for each in found][-1] == "???: - #"
        assert found[-1].place == "é "
