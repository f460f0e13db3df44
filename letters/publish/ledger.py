"""What was published, when, and what was changed since: `rounds/<id>/published.json`.

The ledger is kept with the round's records, not with its output: `out/` may be emptied at any time,
the dates and the history of a publication may not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pydantic import ValidationError

from letters.errors import Place, Problem, ProblemsFound
from letters.files import write_whole
from letters.project import ProjectRound
from letters.publish.facts import Change, Fact, PublishedLetter

FILE = "published.json"


class Entry(Fact):
    """One published letter: its first day, what it is made of, its files' digests, its history."""

    first: date
    made_of: str
    record: str
    files: Mapping[str, str]
    history: tuple[Change, ...] = ()
    withdrawn: Change | None = None


class Ledger(Fact):
    """All letters of a round that were ever published, by id."""

    letters: Mapping[str, Entry] = {}

    def with_letters(self, letters: tuple[PublishedLetter, ...]) -> Ledger:
        """The ledger once `letters` are published."""
        entries = {letter.id: _entry(letter, self.letters.get(letter.id)) for letter in letters}
        return Ledger(letters={**self.letters, **entries})


def read_ledger(project_round: ProjectRound) -> Ledger:
    """The round's ledger; an empty one where nothing was published yet.

    Raises ProblemsFound where the file cannot be read: dates and history must not be lost unseen.
    """
    try:
        return Ledger.model_validate_json((project_round.folder / FILE).read_bytes())
    except FileNotFoundError:
        return Ledger()
    except (OSError, ValidationError):
        what = "The ledger of what was published cannot be read."
        fix = "Take it from your version control as it was; it is not edited by hand."
        raise ProblemsFound([Problem(place(project_round), what, fix)]) from None


def write_ledger(project_round: ProjectRound, ledger: Ledger) -> None:
    """Write the round's ledger, whole."""
    text = ledger.model_dump_json(indent=2) + "\n"
    write_whole(project_round.folder / FILE, text.encode())


def place(project_round: ProjectRound, letter: str = "") -> Place:
    """Where problems with what was published stand."""
    return Place(f"rounds/{project_round.round.id}/{FILE}", field=letter)


def _entry(letter: PublishedLetter, before: Entry | None) -> Entry:
    files = {file.path: file.sha256 for file in letter.files}
    return Entry(
        first=letter.first,
        made_of=letter.made_of,
        record=letter.record,
        files=files or (before.files if before else {}),
        history=letter.history,
        withdrawn=letter.withdrawn,
    )
