"""What people said in Word letters that came back, kept with the round until it is answered.

`rounds/<round>/comments.yaml` holds every comment with what became of it. An open one keeps its
letter from being approved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from unicodedata import normalize

from letters.errors import Place, Problem, ProblemsFound, UsageError, shortened
from letters.files import OnWait, relative, sole_change, tell_nobody, write_whole
from letters.project.values import written
from letters.sources.tables import checked, unseen
from letters.sources.yamls import Node, read_yaml, yaml_text
from letters.word.remarks import Remark

FILE = "comments.yaml"
OPEN, ANSWERED, CLOSED = "open", "answered", "closed"
STATES = (OPEN, ANSWERED, CLOSED)

LONGEST = 10_000
"""Characters of a comment that are kept."""

HEAD = """\
# What people said in Word letters, and what was answered; written by 'letters take-back' and
# 'letters comments'. A letter with an open comment is not approved.
"""

_RESTORE = "Take the file from your version control as it was."


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on the words at `place` of a letter; `date` is "" where Word did not note it."""

    letter: str
    author: str
    date: str
    place: str
    words: str
    state: str = OPEN
    reply: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered or closed it."""
        return self.state == OPEN

    @property
    def said(self) -> str:
        """It in a line, without its letter."""
        when = ""
        with suppress(ValueError):
            when = f" on {written(date.fromisoformat(self.date))}"
        about = f" on '{shortened(self.place)}'" if self.place else ""
        reply = f" Answer: {self.reply}" if self.reply else ""
        return f"{self.state}: {self.author} commented{when}{about}: '{self.words}'.{reply}"

    def is_same(self, other: Comment) -> bool:
        """Whether the other is this one, whatever became of it."""
        return replace(self, state=OPEN, reply="") == replace(other, state=OPEN, reply="")


KEYS = tuple(Comment.__dataclass_fields__)


def read_comments(folder: Path, root: Path) -> tuple[Comment, ...]:
    """The comments of the round in `folder`, in the order in which they came.

    Raises ProblemsFound for a file that is not as it was written.
    """
    path = folder / FILE
    if not path.is_file():
        return ()
    problems: list[Problem] = []
    node = read_yaml(path, root, problems)
    found = list(_comments(node, problems)) if node else []
    if problems:
        raise ProblemsFound(problems)
    return tuple(found)


def _comments(node: Node, problems: list[Problem]) -> Iterator[Comment]:
    if not isinstance(node.value, list):
        problems.append(Problem(node.place.at(""), "The file must be a list.", _RESTORE))
    for each in node.items:
        texts = {key: value.text or "" for key, value in each.entries.items()}
        if {*texts} != {*KEYS} or texts["state"] not in STATES:
            what = f"A comment holds {', '.join(KEYS)}; its state is {' or '.join(STATES)}."
            problems.append(Problem(each.place.at(""), what, _RESTORE))
        else:
            yield Comment(**texts)


def keep_comments(
    folder: Path, root: Path, said: Iterable[tuple[str, Remark]], on_wait: OnWait = tell_nobody
) -> int:
    """Keep comments, each with the id of its letter; how many were not kept before."""
    new = [
        Comment(
            id_,
            plainly(each.author),
            each.day.isoformat() if each.day else "",
            plainly(each.about),
            plainly(each.said),
        )
        for id_, each in said
    ]
    if not new:
        return 0
    with sole_change(root, on_wait):
        known = read_comments(folder, root)
        added = [each for each in new if not any(each.is_same(other) for other in known)]
        if added:
            _write(folder, (*known, *added))
    return len(added)


def plainly(text: str) -> str:
    """Give a text as the file can hold it: without characters that readers do not see, and no
    longer than anybody reads.
    """
    composed = normalize("NFC", text[:LONGEST])
    seen = "".join(c for c in composed if c.isprintable() and not unseen(f"a{c}a"))
    problems: list[Problem] = []
    checked(seen, Place(FILE), problems)
    return seen.encode("ascii", "replace").decode() if problems else seen


def answer_comments(
    folder: Path, root: Path, answers: Mapping[int, str], on_wait: OnWait = tell_nobody
) -> tuple[Comment, ...]:
    """Answer comments by their numbers, or close those whose answer is ""; all, as they are then.

    Raises UsageError where there is no comment of a number; nothing is written then.
    """
    with sole_change(root, on_wait):
        comments = list(read_comments(folder, root))
        for number, reply in answers.items():
            if not 0 < number <= len(comments):
                what = f"There is no comment {number}."
                raise UsageError(f"{what} 'letters comments' lists them with their numbers.")
            state = {"state": ANSWERED, "reply": plainly(reply)} if reply else {"state": CLOSED}
            comments[number - 1] = replace(comments[number - 1], **state)
        _write(folder, comments)
    return tuple(comments)


def _write(folder: Path, comments: Iterable[Comment]) -> None:
    text = yaml_text([asdict(each) for each in comments])
    write_whole(folder / FILE, f"{HEAD}{text}".encode())


def open_comment_problems(folder: Path, root: Path, ids: Iterable[str]) -> Iterator[Problem]:
    """Comments on the letters `ids` that keep them from being approved."""
    asked = {*ids}
    for number, each in enumerate(read_comments(folder, root), 1):
        if each.letter in asked and each.is_open:
            place = Place(relative(folder / FILE, root), field=each.letter)
            what = f"A comment is open: {each.author} said '{shortened(each.words)}'."
            fix = f"Answer it: letters comments --reply {number} TEXT; or --close {number}."
            yield Problem(place, what, fix)
