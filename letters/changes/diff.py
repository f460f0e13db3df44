"""What building a round again would change, letter by letter, in words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from letters.approvals import Approvals
from letters.approvals.signing import as_it_stands
from letters.build.output import out_folder
from letters.changes.words import Change, changes_since
from letters.document import Document
from letters.errors import Problem, ProblemsFound, UsageError
from letters.files import output_name
from letters.merge import letters_of, merge_letter
from letters.model import Letter
from letters.project import ProjectRound
from letters.render.stationery import Stationery


@dataclass(frozen=True, slots=True)
class LetterDiff:
    """How one letter differs from the one made earlier.

    `changes` is None where there is no earlier letter to compare with.
    """

    id: str
    name: str
    changes: tuple[Change, ...] | None


def round_diff(
    project_round: ProjectRound, forces: Iterable[str] = (), *, against: Path | None = None
) -> tuple[LetterDiff, ...]:
    """How the letters of a round, or of some `forces`, differ from those in the folder `against`.

    That folder holds web letters, as `build` leaves them; it is `out/<round>/letters` unless given.
    Finished letters are compared, and those of unfinished records that were made as drafts.

    Raises ProblemsFound for faults of templates, UsageError where there is nothing to compare with.
    """
    folder = against or out_folder(project_round) / "letters"
    if not any(folder.glob("*.html")):
        raise UsageError(f"There are no web letters in '{folder}'. Run 'letters build' first.")
    stationery = Stationery.load(project_round)
    asked = {letter.id: letter for letter in (merge_letter(project_round, f) for f in forces)}
    letters = asked.values() or letters_of(project_round)
    return tuple(_diffs(stationery, Approvals.load(project_round), letters, folder))


def _diffs(
    stationery: Stationery, approvals: Approvals, letters: Collection[Letter], folder: Path
) -> Iterable[LetterDiff]:
    problems: list[Problem] = []
    for letter in letters:
        if not letter.outcome and not (folder / output_name(letter.id, "html")).exists():
            continue
        try:
            document = as_it_stands(stationery, approvals, letter)
        except ProblemsFound as found:
            problems += found.problems
        else:
            yield LetterDiff(letter.id, name_of(letter), _said_otherwise(folder, document))
    if problems:
        raise ProblemsFound(problems)


def _said_otherwise(folder: Path, document: Document) -> tuple[Change, ...] | None:
    """The changes but for the signature's: it comes and goes with the approval, not with words."""
    found = changes_since(folder, document)
    signature = {document.texts["signature_label"], ""}
    return found and tuple(each for each in found if not {each.was, each.now} <= signature)


def name_of(letter: Letter) -> str:
    """Whom a letter goes to, for lists: "Kent Police", "Northmoor Police, Southmoor Police"."""
    return ", ".join(recipient.name for recipient in letter.recipients)
