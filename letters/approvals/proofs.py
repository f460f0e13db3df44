"""Whether signatures prove the approvals of rounds: by the keys in round.yaml, or from outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from letters.approvals import unproved_problems
from letters.errors import Problem
from letters.files import find_root
from letters.model import Approver, Round
from letters.project import Project, ProjectRound
from letters.project.approvals_file import FILE, Approval, SignedLetter
from letters.project.proofs import Proof, is_by
from letters.signatures import Signers


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
