"""What building a round again would change, letter by letter, in words."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from letters.approvals import Approvals
from letters.approvals.signing import as_it_stands
from letters.build.record import out_folder
from letters.changes.words import WordChange, changes_since, passage_origins
from letters.document import Document, Origin
from letters.errors import Problem, ProblemsFound, UsageError
from letters.files import output_name
from letters.merge import letters_of, merge_letter
from letters.model import Letter
from letters.project import ProjectRound
from letters.render.round_templates import RoundTemplates


@dataclass(frozen=True, slots=True)
class LetterDiff:
    """How one letter differs from the one made earlier.

    `changes` is None where there is no earlier letter to compare with.
    """

    id: str
    name: str
    changes: tuple[WordChange, ...] | None


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
    round_templates = RoundTemplates.load(project_round)
    asked = {letter.id: letter for letter in (merge_letter(project_round, f) for f in forces)}
    letters = asked.values() or letters_of(project_round)
    return tuple(_diffs(round_templates, Approvals.load(project_round), letters, folder))


def _diffs(
    round_templates: RoundTemplates, approvals: Approvals, letters: Collection[Letter], folder: Path
) -> Iterable[LetterDiff]:
    problems: list[Problem] = []
    for letter in letters:
        if not letter.outcome and not (folder / output_name(letter.id, "html")).exists():
            continue
        try:
            document = as_it_stands(round_templates, approvals, letter)
        except ProblemsFound as found:
            problems += found.problems
        else:
            yield LetterDiff(letter.id, name_of(letter), _said_otherwise(folder, document))
    if problems:
        raise ProblemsFound(problems)


def _said_otherwise(folder: Path, document: Document) -> tuple[WordChange, ...] | None:
    """The changes but for the signature's: it comes and goes with the approval, not with words."""
    found = changes_since(folder, document)
    signature = {document.texts["signature_label"], ""}
    return found and tuple(each for each in found if not {each.was, each.now} <= signature)


def name_of(letter: Letter) -> str:
    """Whom a letter goes to, for lists: "Kent Police", "Northmoor Police, Southmoor Police"."""
    return ", ".join(recipient.name for recipient in letter.recipients)


def typeset_all(
    round_templates: RoundTemplates, approvals: Approvals, letters: Iterable[Letter]
) -> Iterator[Document]:
    """Every letter as it is, unfinished ones as drafts; those with problems are left out."""
    for letter in letters:
        try:
            yield as_it_stands(round_templates, approvals, letter)
        except ProblemsFound:
            continue


def reached(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The letters, by id, that have another digest than before; those in one only included."""
    return tuple(id_ for id_ in {**after, **before} if before.get(id_) != after.get(id_))


def reach_sentence(names: Collection[str], total: int) -> str:
    """How far a change goes, such as "changes 2 of 43 letters: Kent Police, Merseyside Police"."""
    noun = "letter" if total == 1 else "letters"
    if not names:
        return f"changes none of {total} {noun}"
    if len(names) == total > 1:
        return f"changes all {total} {noun}"
    return f"changes {len(names)} of {total} {noun}: {', '.join(names)}"


def branches(document: Document) -> frozenset[Origin]:
    """The places of the wording a letter shows, and the conditions under which it shows them."""
    return frozenset(
        origin for origin in passage_origins(document) if origin.file.startswith("templates/")
    )


def smallest_set(shown: Mapping[str, frozenset[Origin]]) -> tuple[str, ...]:
    """Few letters that together show every branch any letter shows.

    Greedy: always the letter that adds most, the first of equals; one that later ones make needless
    is dropped. That is at most a little more than the fewest possible.
    """
    left = frozenset[Origin]().union(*shown.values())
    chosen: list[str] = []
    while left:
        best = max(shown, key=lambda id_: len(shown[id_] & left))
        chosen.append(best)
        left -= shown[best]
    for id_ in tuple(chosen):
        others = [shown[other] for other in chosen if other != id_]
        if shown[id_] <= frozenset[Origin]().union(*others):
            chosen.remove(id_)
    return tuple(chosen)
