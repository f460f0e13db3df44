"""Approving letters of a round, and taking approvals back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from letters.approvals import Approvals, ApprovalState, unproved_problems
from letters.document import Document
from letters.errors import Place, Problem, ProblemsFound, UsageError, did_you_mean
from letters.files import OnWait, find_root, sole_change, tell_nobody
from letters.merge import has_editions, letters_of, merge_letter, published_edition
from letters.model import ApprovalRule, Approver, Letter, Round
from letters.project import Project, ProjectRound
from letters.project.approvals_file import FILE, Approval, SignedLetter
from letters.project.proofs import (
    APPROVAL,
    Proof,
    Signature,
    Signers,
    is_by,
    key_file,
    sign,
    signed_words,
    signers_of,
)
from letters.word.comments import open_comment_problems

if TYPE_CHECKING:
    from letters.render.round_templates import RoundTemplates


class Done(StrEnum):
    """What approving did to a letter."""

    APPROVED = "approved"
    UNCHANGED = "unchanged"
    TAKEN_BACK = "taken back"
    AWAITING = "awaiting"
    NOT_THEIRS = "left to its signatory"


@dataclass(frozen=True, slots=True)
class Signing:
    """What was done to one letter, and how far it is with its approval now."""

    id: str
    done: Done
    state: ApprovalState | None = None

    @property
    def said(self) -> str:
        """It in words: "approved", "approved, 1 of 2"."""
        if self.state and not self.state.approved:
            return f"{self.done.value}, {self.state.word}"
        return self.done.value


def both_editions(
    round_templates: RoundTemplates, letter: Letter
) -> tuple[Document, Document | None]:
    """A letter typeset as finished: as sent and, where its round keeps something private, as
    published. These are what `Approvals.state` and `approve` take. Raises ProblemsFound.
    """
    sent = round_templates.typeset(letter)
    try:
        published = published_edition(letter) if has_editions(letter) else None
        return sent, round_templates.typeset(published) if published else None
    except ProblemsFound as found:
        fix = "Put the sentence in {% if … %} … {% endif %}, or take the name out of 'private'."
        where = "As published, where private values are left out"
        raise ProblemsFound(
            [replace(each, what=f"{where}: {each.what}", fix=fix) for each in found.problems]
        ) from found


def as_approved(
    round_templates: RoundTemplates, approvals: Approvals, letter: Letter
) -> tuple[Document, ApprovalState]:
    """A finished letter as it may be shown, and how far it is: signed only once it is approved.

    Until then it is a draft: marked on each page, with the round's handling marking, and without a
    signature. Raises ProblemsFound.
    """
    if letter.id not in approvals.entries:
        return as_far_as_it_is(round_templates, approvals, letter, round_templates.typeset(letter))
    return as_far_as_it_is(
        round_templates, approvals, letter, *both_editions(round_templates, letter)
    )


def as_far_as_it_is(
    round_templates: RoundTemplates,
    approvals: Approvals,
    letter: Letter,
    sent: Document,
    published: Document | None = None,
) -> tuple[Document, ApprovalState]:
    """The same of a letter whose editions are typeset already, as `both_editions` does."""
    if letter.id not in approvals.entries:
        return round_templates.draft_of(letter, sent), approvals.none
    state = approvals.state(letter, sent, published)
    return shown(round_templates, letter, sent, state), state


def as_it_stands(round_templates: RoundTemplates, approvals: Approvals, letter: Letter) -> Document:
    """A letter as a build would make it, or a draft with its gaps where something is missing.

    Raises ProblemsFound.
    """
    if letter.missing:
        return round_templates.typeset(letter, drafts=True)
    return as_approved(round_templates, approvals, letter)[0]


def shown(
    round_templates: RoundTemplates, letter: Letter, document: Document, state: ApprovalState
) -> Document:
    """`document`, a letter typeset as finished; its draft while it is not approved."""
    return document if state.approved else round_templates.draft_of(letter, document)


def approve_letters(
    project: Project,
    project_round: ProjectRound,
    forces: Iterable[str] = (),
    *,
    by: str,
    at: datetime,
    key: Path | None = None,
    on_wait: OnWait = tell_nobody,
) -> tuple[Signing, ...]:
    """Record that `by`, one of the round's people, approved letters at `at`: all finished ones, or
    those of `forces`.

    The approval binds what each letter says now, and the recipients it has now. Where the round
    gives a key for the person, it is signed with it: with the file `key`, else with the user's own
    or the agent's. `on_wait` is called where another command that changes the project must end
    first. Raises UsageError for a person or force the round does not have and where it cannot be
    signed, ProblemsFound where the project has problems, or a force named awaits its outcome or is
    for its signatory alone to approve; nothing is written then.
    """
    with sole_change(project.root, on_wait):
        return _approve(*project.renewed(project_round), tuple(forces), by, at, key)


def _approve(
    project: Project,
    project_round: ProjectRound,
    forces: Sequence[str],
    by: str,
    at: datetime,
    key: Path | None,
) -> tuple[Signing, ...]:
    _check_person(project_round, by)
    _check_key(project_round.round, by, key)
    _stop_at(project.problems_of(project_round))
    letters = _letters(project_round, forces)
    _stop_at(_awaiting(project_round, letters) if forces else ())
    finished = [letter for letter in letters if letter.outcome]
    theirs = [letter for letter in finished if _may_approve(letter, by)]
    if forces or not theirs:
        _stop_at(_not_theirs(project_round, finished, by))
    ids = [letter.id for letter in theirs]
    _stop_at(open_comment_problems(project_round.folder, project_round.root, ids))
    from letters.render.round_templates import RoundTemplates  # starting its engines takes a while

    round_templates, approvals = RoundTemplates.load(project_round), Approvals.load(project_round)
    typeset = _typeset(round_templates, theirs)
    done = {each.id: Done.NOT_THEIRS if each.outcome else Done.AWAITING for each in letters}
    for letter in theirs:
        before = approvals
        approvals = approvals.approve(letter, *typeset[letter.id], by=by, at=at)
        done[letter.id] = Done.UNCHANGED if approvals is before else Done.APPROVED
    approved = [id_ for id_, each in done.items() if each is Done.APPROVED]
    approvals = proved(approvals, approved, by=by, at=at, key=key)
    approvals.write()
    states = {each.id: approvals.state(each, *typeset[each.id]) for each in theirs}
    return tuple(Signing(id_, each, states.get(id_)) for id_, each in done.items())


def proved(
    approvals: Approvals, letters: Collection[str], *, by: str, at: datetime, key: Path | None
) -> Approvals:
    """`approvals`, those that `by` gave to `letters` at `at` signed; as they are without a key.

    Raises UsageError where it cannot be signed, or not with the key that the round gives.
    """
    round_ = approvals.round
    public = round_.people[by].key
    if public is None or not letters:
        return approvals
    digests = {id_: approvals.entries[id_].digest for id_ in letters}
    at = at.replace(microsecond=0)
    words = signed_words(round_.id, by, at, digests)
    with key_file(public) if key is None else nullcontext(key) as file:
        text = sign(words, APPROVAL, key=file)
    signature = Signature(by, at, tuple(sorted(digests.items())), text)
    if not is_by(signature, round_, signers_of(round_)):
        raise UsageError(
            f"{key} is not the key that round.yaml gives for '{by}'. Name the file of that one."
        )
    return approvals.with_signature(signature)


def _check_key(round_: Round, by: str, key: Path | None) -> None:
    if key and round_.people[by].key is None:
        raise UsageError(
            f"round.yaml gives no key for '{by}', so no one could check a signature."
            f" Write the public key as 'key' under people.{by}."
        )


def _may_approve(letter: Letter, by: str) -> bool:
    """Whether an approval by this person can count: the only ones needed may be signatories'."""
    is_alone = letter.round.approval is ApprovalRule.SIGNATORY and letter.round.approvals_needed < 2
    return not is_alone or by in (each.id for each in letter.signed)


def _not_theirs(
    project_round: ProjectRound, letters: Iterable[Letter], by: str
) -> Iterator[Problem]:
    people, id_ = project_round.round.people, project_round.round.id
    for letter in letters:
        if not _may_approve(letter, by):
            place = Place(f"rounds/{id_}", field=letter.id)
            first = letter.signed[0].id
            names = [people[each.id].name for each in letter.signed]
            does = " and ".join(names) + (" does" if len(names) == 1 else " do")
            what = f"{people[by].name} does not sign this letter; {does}."
            yield Problem(place, what, f"Have {names[0]} approve it: --by {first}.")


def revoke_letters(
    project: Project,
    project_round: ProjectRound,
    forces: Iterable[str] = (),
    *,
    by: str,
    on_wait: OnWait = tell_nobody,
) -> tuple[Signing, ...]:
    """Take back what `by` approved: every letter of the round, or those of `forces`.

    `on_wait` is called where another command that changes the project must end first. Raises
    UsageError for a person or force the round does not have, ProblemsFound where its approvals
    cannot be read; nothing is written then.
    """
    with sole_change(project.root, on_wait):
        return _revoke(*project.renewed(project_round), forces, by)


def _revoke(
    project: Project, project_round: ProjectRound, forces: Iterable[str], by: str
) -> tuple[Signing, ...]:
    _check_person(project_round, by)
    _stop_at(project.problems_of(project_round))
    approvals = Approvals.load(project_round)
    made = []
    for letter in _letters(project_round, forces):
        entry = approvals.entries.get(letter.id)
        if entry and any(approval.by == by for approval in entry.approvals):
            approvals = approvals.revoke(letter.id, by=by)
            made.append(Signing(letter.id, Done.TAKEN_BACK))
        else:
            made.append(Signing(letter.id, Done.UNCHANGED))
    approvals.write()
    return tuple(made)


def _check_person(project_round: ProjectRound, by: str) -> None:
    people, id_ = project_round.round.people, project_round.round.id
    if by in people:
        return
    if not people:
        fix = "List them under 'people' in round.yaml, each with an id and a name."
        raise UsageError(f"Round {id_} names no one who may approve letters. {fix}")
    fix = did_you_mean(by, people) or f"Choose one of {', '.join(people)}."
    raise UsageError(f"'{by}' is not one of the people of round {id_}. {fix}")


def _letters(project_round: ProjectRound, forces: Iterable[str]) -> tuple[Letter, ...]:
    asked = {letter.id: letter for letter in (merge_letter(project_round, f) for f in forces)}
    return tuple(asked.values()) or letters_of(project_round)


def _awaiting(project_round: ProjectRound, letters: Iterable[Letter]) -> Iterator[Problem]:
    for letter in letters:
        if not letter.outcome:
            place = Place(f"rounds/{project_round.round.id}", field=letter.id)
            what = "The record names no outcome yet, so there is no letter to approve."
            yield Problem(place, what, "Finish the record first.")


def _typeset(
    round_templates: RoundTemplates, letters: Iterable[Letter]
) -> dict[str, tuple[Document, Document | None]]:
    typeset, problems = {}, list[Problem]()
    for letter in letters:
        try:
            typeset[letter.id] = both_editions(round_templates, letter)
        except ProblemsFound as found:
            problems += found.problems
    _stop_at(problems)
    return typeset


def _stop_at(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise ProblemsFound(found)


@dataclass(frozen=True, slots=True)
class ProofAudit:
    """A round's approvals: their file, how many there are, how many are proved, what is wrong."""

    file: str
    approvals: int
    proved: int
    problems: tuple[Problem, ...]

    @property
    def said(self) -> str:
        """It in a line: "4 approvals, 2 of them signed by their approver"."""
        count = "1 approval" if self.approvals == 1 else f"{self.approvals} approvals"
        if self.proved == self.approvals:
            return f"{self.file}: {count}, each signed by its approver."
        return f"{self.file}: {count}, {self.proved} of them signed by their approver."


def audit_proofs(paths: Iterable[Path], signers: Signers | None) -> tuple[ProofAudit, ...]:
    """The approvals of every round that one of `paths` is about: a part of its output, or what
    holds it.

    Each must be signed by the person it names: one of `signers`, each listed under the id that
    round.yaml gives them; else with the key of round.yaml, where that holds any. Rounds without
    approvals, and those that nothing can prove, are left out. Raises UsageError where there is no
    ssh-keygen to tell.
    """
    audits = (_audit(each, signers) for each in _rounds(paths))
    return tuple(each for each in audits if each)


def _rounds(paths: Iterable[Path]) -> Iterator[ProjectRound]:
    asked = [path.resolve() for path in paths]
    for root in dict.fromkeys(filter(None, map(find_root, asked))):
        for each in Project.load(root).rounds:
            own = root / "out" / each.round.id
            if any(path == own or path in own.parents or own in path.parents for path in asked):
                yield each


def _audit(project_round: ProjectRound, signers: Signers | None) -> ProofAudit | None:
    people, id_ = project_round.round.people, project_round.round.id
    given = [
        (letter, entry, each)
        for letter, entry in project_round.signed.items()
        for each in entry.approvals
    ]
    if not given or not (signers or any(people[each.by].key for _, _, each in given)):
        return None
    if signers is None:
        proved = [each for each in given if each[2].proof is Proof.SIGNED]
        found = unproved_problems(project_round)
    else:
        proved = [each for each in given if _is_proved(project_round.round, *each, signers)]
        rest = (each for each in given if each not in proved)
        found = (_unproved(people, entry, approval) for _, entry, approval in rest)
    return ProofAudit(f"rounds/{id_}/{FILE}", len(given), len(proved), tuple(found))


def _is_proved(
    round_: Round, letter: str, entry: SignedLetter, approval: Approval, signers: Signers
) -> bool:
    signature = approval.signature
    if signature is None or not signature.covers(letter, entry.digest):
        return False
    return is_by(signature, round_, signers)


def _unproved(people: Mapping[str, Approver], entry: SignedLetter, approval: Approval) -> Problem:
    by, force = approval.by, next(iter(entry.recipients))
    name = people[by].name
    if approval.signature is None:
        what = f"The approval of {name} has no signature."
        fix = f"Have it approved with a key: letters approve {force} --by {by}."
    else:
        what = f"The approval of {name} is not signed with a key that is listed for '{by}'."
        fix = f"Ask {name}, by another way, whether they approved it, and with which key."
    return Problem(entry.place, what, fix)
