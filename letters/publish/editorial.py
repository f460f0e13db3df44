"""What changes between two publications, and what has to be said about it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from letters.errors import Problem
from letters.files import digest
from letters.ledger import Ledger, LedgerChange, LedgerEntry, place
from letters.project import ProjectRound
from letters.project.values import written
from letters.publish.assessments import PublishedLetter
from letters.publish.letterfiles import TypesetLetter, validated

FIX = 'Say what changed and why: --note "…".'


@dataclass(frozen=True, slots=True)
class Difference:
    """A published letter that is no longer as it was, and a sentence that says how."""

    letter: str
    what: str


def kept_files(
    prepared: TypesetLetter, entry: LedgerEntry | None, site: Mapping[str, bytes]
) -> dict[str, bytes] | None:
    """The letter's files as they were published, where they may stand: it says and looks the same.

    None where they must be made. So unchanged letters keep their bytes, whatever engine is
    installed since. What the files say is read, since whoever writes in the site can write the
    ledger too.
    """
    if entry is None or not prepared.is_published_as(entry.made_of) or entry.withdrawn:
        return None
    found = {path: site.get(path, b"") for path in prepared.paths.values()}
    is_whole = all(digest(file) == entry.files.get(path) for path, file in found.items())
    return found if is_whole and not any(validated(prepared, found).values()) else None


def differences(
    ledger: Ledger,
    prepared: Iterable[TypesetLetter],
    files: Mapping[str, Mapping[str, bytes]],
    withdrawn: Collection[str],
) -> tuple[Difference, ...]:
    """Every published letter that differs now; `files` are those of today, by letter and path.

    Letters that are still `withdrawn` do not differ.
    """
    return tuple(
        Difference(each.id, what)
        for each in prepared
        if each.id not in withdrawn and (entry := ledger.letters.get(each.id))
        for what in [_what(entry, each, files.get(each.id, {}))]
        if what
    )


def note_problems(
    project_round: ProjectRound, changed: Iterable[Difference], note: str
) -> tuple[Problem, ...]:
    """Changes to what was published that nothing is said about."""
    if note.strip():
        return ()
    return tuple(
        Problem(
            place(project_round, each.letter),
            each.what,
            FIX,
        )
        for each in changed
    )


def lost_problems(
    project_round: ProjectRound, ledger: Ledger, ids: Collection[str]
) -> tuple[Problem, ...]:
    """Published letters that the round no longer has."""
    return tuple(
        Problem(
            place(project_round, id_),
            "This letter was published but is no longer in the round.",
            f'Put it back, or take it from the site: letters withdraw {id_} --note "…".',
        )
        for id_, entry in ledger.letters.items()
        if id_ not in ids and not entry.withdrawn
    )


def history_of(
    id_: str, ledger: Ledger, changed: Iterable[Difference], note: str, today: date
) -> tuple[LedgerChange, ...]:
    """A letter's history once the changes of today are published."""
    before = ledger.letters[id_].history if id_ in ledger.letters else ()
    is_changed = any(each.letter == id_ for each in changed)
    return (*before, LedgerChange(on=today, note=" ".join(note.split()))) if is_changed else before


def with_letters(ledger: Ledger, letters: Iterable[PublishedLetter]) -> Ledger:
    """The ledger once `letters` are published."""
    entries = {letter.id: _entry(letter, ledger.letters.get(letter.id)) for letter in letters}
    return Ledger(letters={**ledger.letters, **entries})


def _entry(letter: PublishedLetter, before: LedgerEntry | None) -> LedgerEntry:
    files = {file.path: file.sha256 for file in letter.files}
    return LedgerEntry(
        first=letter.first,
        made_of=letter.made_of,
        record=letter.record,
        files=files or (before.files if before else {}),
        history=letter.history,
        withdrawn=letter.withdrawn,
        known=before.known if before and letter.withdrawn else None,
    )


def _what(entry: LedgerEntry, prepared: TypesetLetter, files: Mapping[str, bytes]) -> str:
    if entry.withdrawn:
        return f"The letter was withdrawn on {written(entry.withdrawn.on)} and comes back."
    published = f"published on {written(entry.history[-1].on if entry.history else entry.first)}."
    if not prepared.is_published_as(entry.made_of):
        return f"The letter is not the one {published}"
    if any(digest(file) != entry.files.get(path) for path, file in files.items()):
        return f"The letter's files come out different from those {published}"
    return f"The record is not the one {published}" if entry.record != prepared.record else ""
