"""How far a round is: each force, its record, its outcome, and what became of its letter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from letters.build_record import STOPPED, BuiltLetter, State, out_folder, read_record
from letters.inputs import Inputs
from letters.merge import letters_of
from letters.model import Letter
from letters.orders import shelved
from letters.project import ProjectRound
from letters.shelves import Folder, shelved_digest


@dataclass(frozen=True, slots=True)
class LetterStatus:
    """One letter: its id, the names it goes to, whether a record is there, outcome and state.

    `state` is one of "not built", "built", "out of date" (its record, wording or layout changed),
    "changed on disk" (a file was edited, damaged or lost), "draft", "awaiting", "failed", "edited".
    """

    id: str
    name: str
    recorded: bool
    outcome: str
    state: str


def round_status(
    project_round: ProjectRound, *, out: Path | None = None
) -> tuple[LetterStatus, ...]:
    """Every letter of a round, in the order of its recipients. Starts no engine."""
    folder = out or out_folder(project_round)
    record, inputs = read_record(folder), Inputs(project_round)
    recorded = {force for assessment in project_round.assessments for force in assessment.forces}
    return tuple(
        LetterStatus(
            letter.id,
            ", ".join(recipient.name for recipient in letter.recipients),
            letter.recipients[0].id in recorded,
            project_round.round.outcomes[letter.outcome] if letter.outcome else "",
            _state(letter, record.get(letter.id), Folder(folder), inputs),
        )
        for letter in letters_of(project_round)
    )


def _state(letter: Letter, built: BuiltLetter | None, shelf: Folder, inputs: Inputs) -> str:
    if built is None or not built.files:
        return _unbuilt(letter, built)
    if built.state in STOPPED:
        return built.state.value
    if any(
        shelved_digest(shelf, shelved(file.name)) != file.sha256
        for file in built.files.values()
    ):
        return "changed on disk"
    drafts = built.state == State.DRAFT
    if any(file.inputs != inputs.of(letter, f, drafts=drafts) for f, file in built.files.items()):
        return "out of date"
    return built.state.value


def _unbuilt(letter: Letter, built: BuiltLetter | None) -> str:
    if built and built.state in STOPPED:
        return built.state.value
    return "not built" if letter.outcome else "awaiting"
