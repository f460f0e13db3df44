"""How far a round is: each force, its record, its outcome, and what became of its letter."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from letters.approvals import Approvals, ApprovalState
from letters.build.fingerprints import LetterDigests
from letters.build.record import STOPPED, BuildRecord, BuiltLetter, LocalFolder, State, out_folder
from letters.changes.words import SHOWN
from letters.errors import LettersError, ProblemsFound, some
from letters.files import digest
from letters.ledger import BACK, read_ledger, still_withdrawn
from letters.merge import letters_of
from letters.model import Letter
from letters.project import ProjectRound
from letters.project.proofs import Proof

APPROVED_SINCE = "It was approved again since: 'letters publish --note' brings it back."


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
    approval: ApprovalState | None = None
    """How far its approval is; None where it awaits its outcome, or its wording has problems."""
    published: str = ""
    """What the ledger says of it: "published", "withdrawn", or nothing."""

    @property
    def approved(self) -> str:
        """How far its approval is, in a word or two."""
        return self.approval.word if self.approval else ""


def round_status(
    project_round: ProjectRound, *, out: Path | None = None
) -> tuple[LetterStatus, ...]:
    """Every letter of a round, in the order of its recipients. Starts no engine.

    Raises ProblemsFound where the ledger of what was published cannot be read.
    """
    states = build_states(project_round, out=out)
    approvals, published = approval_states(project_round), _published(project_round)
    recorded = {force for assessment in project_round.assessments for force in assessment.forces}
    return tuple(
        LetterStatus(
            letter.id,
            ", ".join(recipient.name for recipient in letter.recipients),
            letter.recipients[0].id in recorded,
            project_round.round.outcomes[letter.outcome] if letter.outcome else "",
            states[letter.id],
            approvals.get(letter.id),
            published.get(letter.id, ""),
        )
        for letter in letters_of(project_round)
    )


def build_states(project_round: ProjectRound, *, out: Path | None = None) -> dict[str, str]:
    """What became of each letter of a round when it was built; see `LetterStatus`."""
    folder = LocalFolder(out or out_folder(project_round))
    built, digests = BuildRecord.read(folder).letters, LetterDigests(project_round)
    return {
        letter.id: _state(letter, built.get(letter.id), folder, digests)
        for letter in letters_of(project_round)
    }


def _published(project_round: ProjectRound) -> Mapping[str, str]:
    ledger = read_ledger(project_round)
    return dict.fromkeys(ledger.letters, "published") | dict.fromkeys(ledger.withdrawn, "withdrawn")


def publication_notes(project_round: ProjectRound) -> Mapping[str, str]:
    """What is to be known of letters withdrawn from the publication, a sentence each, by id."""
    ledger = read_ledger(project_round)
    holding = still_withdrawn(project_round, ledger)
    return {
        id_: f"{each.said}. {BACK if id_ in holding else APPROVED_SINCE}"
        for id_, each in ledger.withdrawn.items()
    }


def approval_notes(
    project_round: ProjectRound, *, whole: bool = False
) -> Mapping[str, tuple[str, ...]]:
    """What somebody who signs must know, a sentence each, with the ids of the letters it is about.

    Above all the words that changed since they were approved: the `whole` of them, or the first.
    """
    found: dict[str, tuple[str, ...]] = {}
    for id_, state in approval_states(project_round).items():
        for note in state.notes(project_round.round, whole=whole):
            found[note] = (*found.get(note, ()), id_)
    return found


def edited_letters(folder: LocalFolder) -> Iterator[tuple[str, bytes]]:
    """The Word letters in `folder` that are not as they were built, by the letters' ids."""
    for id_, built in BuildRecord.read(folder).letters.items():
        file = built.files.get("docx")
        content = folder.read(file.path) if file else None
        if file and content is not None and digest(content) != file.sha256:
            yield id_, content


def edit_notes(project_round: ProjectRound, *, out: Path | None = None) -> Mapping[str, str]:
    """What people said and changed in Word letters since they were built, a sentence each."""
    from letters.word.remarks import remarks  # seldom needed

    folder = LocalFolder(out or out_folder(project_round))
    notes: dict[str, str] = {}
    for id_, content in edited_letters(folder):
        with suppress(LettersError):
            if found := remarks(content):
                notes[id_] = f"in Word, {some(found, SHOWN, '; ')}."
    return notes


def comment_notes(project_round: ProjectRound) -> Mapping[str, str]:
    """How many comments on each letter nobody has answered yet, in a sentence.

    Raises ProblemsFound where they cannot be read.
    """
    from letters.word.comments import read_comments  # seldom needed

    comments = read_comments(project_round.folder, project_round.root)
    counts = Counter(each.letter for each in comments if each.is_open)
    return {
        id_: f"{count} open comment{'s' if count > 1 else ''}; 'letters comments {id_}' tells."
        for id_, count in counts.items()
    }


def proof_note(project_round: ProjectRound) -> str:
    """Whose approvals nothing proves, in a sentence; "" where signatures prove them all."""
    people = project_round.round.people
    typed = {
        each.by
        for entry in project_round.signed.values()
        for each in entry.counted
        if each.proof is Proof.TYPED
    }
    names = [person.name for id_, person in people.items() if id_ in typed]
    if not names:
        return ""
    return f"Typed, not proved: the approvals of {', '.join(names)}. round.yaml gives no key."


def approval_states(project_round: ProjectRound) -> Mapping[str, ApprovalState]:
    """How far each finished letter is with its approval, but for those whose templates have faults.

    A letter is typeset only if somebody approved it.
    """
    approvals = Approvals.load(project_round)
    finished = [letter for letter in letters_of(project_round) if letter.outcome]
    states = {each.id: approvals.none for each in finished if each.id not in approvals.entries}
    asked = [letter for letter in finished if letter.id in approvals.entries]
    return states | (_typeset_states(project_round, approvals, asked) if asked else {})


def _typeset_states(
    project_round: ProjectRound, approvals: Approvals, letters: Collection[Letter]
) -> dict[str, ApprovalState]:
    from letters.approvals.signing import both_editions
    from letters.render.round_templates import RoundTemplates  # Jinja is not needed for most tables

    states = {}
    try:
        round_templates = RoundTemplates.load(project_round)
    except ProblemsFound:
        return {}
    for letter in letters:
        with suppress(ProblemsFound):
            states[letter.id] = approvals.state(letter, *both_editions(round_templates, letter))
    return states


def _state(
    letter: Letter, built: BuiltLetter | None, folder: LocalFolder, digests: LetterDigests
) -> str:
    if built is None or not built.files:
        return _unbuilt(letter, built)
    if built.state in STOPPED:
        return built.state.value
    if not all(file.is_in(folder) for file in built.files.values()):
        return "changed on disk"
    is_current = any(
        all(file.inputs == digests.of(letter, f, drafts=drafts) for f, file in built.files.items())
        for drafts in ((False, True) if built.state == State.DRAFT else (False,))
    )
    return built.state.value if is_current else "out of date"


def _unbuilt(letter: Letter, built: BuiltLetter | None) -> str:
    if built and built.state in STOPPED:
        return built.state.value
    return "not built" if letter.outcome else "awaiting"
