"""What building a round again would change, letter by letter, in words."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from letters.approvals import Approvals
from letters.approvals.signing import as_it_stands
from letters.build.record import LocalFolder, out_folder, output_path
from letters.changes.words import (
    WordChange,
    changed_words,
    changes,
    earlier_letter,
    passage_origins,
)
from letters.document import Document, Origin, Passage
from letters.errors import Problem, ProblemsFound, UsageError
from letters.merge import letters_of, merge_letter
from letters.model import Letter
from letters.project import ProjectRound
from letters.render import FORMATS
from letters.render.round_templates import RoundTemplates
from letters.status import edited_letters


@dataclass(frozen=True, slots=True)
class LetterDiff:
    """How one letter differs from the one made earlier.

    `changes` is None where there is no earlier letter to compare with.
    """

    id: str
    name: str
    changes: tuple[WordChange, ...] | None
    edits: str = ""
    """What people did in Word to the letter made earlier, in words."""


def round_diff(
    project_round: ProjectRound, forces: Iterable[str] = (), *, against: Path | None = None
) -> tuple[LetterDiff, ...]:
    """How the letters of a round, or of some `forces`, differ from those in `against`.

    That is a folder of letters by the letters' ids, ours or not (web pages, Word files or PDFs), or
    one such file for one letter; `out/<round>/letters` unless given. Finished letters are compared,
    and those of unfinished records that were made as drafts.

    Raises ProblemsFound for faults of templates, UsageError where there is nothing to compare with,
    LettersError where a letter there cannot be read.
    """
    own = out_folder(project_round)
    where = against or own / "letters"
    if not where.is_file() and not any(any(where.glob(f"*.{each}")) for each in FORMATS):
        raise UsageError(f"There are no letters in '{where}'. Run 'letters build' first.")
    round_templates = RoundTemplates.load(project_round)
    asked = {letter.id: letter for letter in (merge_letter(project_round, f) for f in forces)}
    if where.is_file() and len(asked) != 1:
        what = "One file is one letter: name its force,"
        raise UsageError(f"{what} 'letters diff FORCE --against {where.name}'.")
    letters = asked.values() or letters_of(project_round)
    approvals = Approvals.load(project_round)
    found = _diffs(round_templates, approvals, letters, where)
    edited = {} if against else dict(_edited(project_round, round_templates, approvals, own))
    return tuple(replace(each, edits=edited.get(each.id, "")) for each in found)


def _edited(
    project_round: ProjectRound, round_templates: RoundTemplates, approvals: Approvals, out: Path
) -> Iterator[tuple[str, str]]:
    """The Word letters that are not as they were built, and how they differ from that."""
    for id_, content in edited_letters(LocalFolder(out)):
        with suppress(ProblemsFound, UsageError):
            letter = merge_letter(project_round, id_)
            made = round_templates.render(as_it_stands(round_templates, approvals, letter), "docx")
            words = changed_words(content, made.content)
            yield id_, f"{output_path(made.name)}: edited in Word: {words}."


def _diffs(
    round_templates: RoundTemplates, approvals: Approvals, letters: Collection[Letter], where: Path
) -> Iterable[LetterDiff]:
    problems: list[Problem] = []
    for letter in letters:
        before = earlier_letter(where, letter.id)
        if not letter.outcome and before is None:
            continue
        try:
            document = as_it_stands(round_templates, approvals, letter)
        except ProblemsFound as found:
            problems += found.problems
        else:
            yield LetterDiff(letter.id, name_of(letter), _said_otherwise(before, document))
    if problems:
        raise ProblemsFound(problems)


def _said_otherwise(
    before: Sequence[Passage] | None, document: Document
) -> tuple[WordChange, ...] | None:
    """The changes but for the signature's: it comes and goes with the approval, not with words."""
    found = None if before is None else changes(before, document)
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
