"""Sign-off: who approved a letter, bound to its content, and what is different since."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import SequenceMatcher
from pathlib import Path

from letters.approvals.content import (
    FORM,
    content_text,
    facts_of,
    first_form,
    passages_of,
    rest_of,
    text_digest,
    unapproved_words,
)
from letters.changes.words import WordChange, changes
from letters.document import Document
from letters.errors import Problem
from letters.files import relative, write_whole
from letters.model import ApprovalRule, Letter, Round
from letters.people import Recipient
from letters.project import ProjectRound
from letters.project.approvals_file import FILE, Approval, SignedLetter, signed_yaml
from letters.project.proofs import Proof, Signature

TEXTS = "approved"
"""The folder beside `approvals.yaml` that holds each letter's content as approved."""

TOLD = 3
"""How many changes a line quotes; another outcome alone can make thirty."""


@dataclass(frozen=True, slots=True)
class ApprovalState:
    """How far a letter is with its approval.

    `by` and `at` are the ids of those whose approval holds, and when they gave it; `needed` is how
    many the round asks for. `voided` are the ids of those who approved other words; `changed` says
    which words those were, such as `'four' for 'three'`, and `in_short` quotes their beginnings.
    `moved` are the forces whose entry in `recipients.yaml` is another now than the one the letter
    was approved with. `lacking` is the id of the letter's signatory, where the round asks for that
    approval and it is not there; `unproved` are those whose approval does not count, and why.
    `is_of_these_words` says whether what was approved are the words of now.
    """

    needed: int = 1
    by: tuple[str, ...] = ()
    at: tuple[datetime, ...] = ()
    voided: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    in_short: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    lacking: str = ""
    unproved: tuple[tuple[str, str], ...] = ()
    is_of_these_words: bool = False

    @property
    def approved(self) -> bool:
        """Whether those whom the round asks for have approved these very words."""
        return self.is_enough and not self.lacking

    @property
    def is_enough(self) -> bool:
        """Whether as many people as the round asks for have approved these very words."""
        return len(self.by) >= self.needed

    @property
    def word(self) -> str:
        """The state in a word or two, for tables."""
        if self.approved:
            return "approved"
        if self.is_enough:
            return "needs signatory"
        if self.by:
            return f"{len(self.by)} of {self.needed}"
        return "changed" if self.voided else "unproved" if self.unproved else "not yet"

    def first_changes(self, force: str = "FORCE") -> str:
        """The beginning of the first changes since approval, and where all are told."""
        first = self.in_short[:TOLD]
        if first == self.changed:
            return "; ".join(first)
        more = len(self.changed) - len(first)
        rest = f"; and {more} more" if more else ""
        return f"{'; '.join(first)}{rest} (all listed by 'letters diff {force}')"

    def notes(self, round_: Round, *, whole: bool = False) -> Iterator[str]:
        """What somebody who signs must know of the letter, a sentence each.

        The `whole` of what changed, or the beginning of it.
        """
        if self.voided:
            who = " and ".join(round_.people[id_].name for id_ in self.voided)
            changed = "; ".join(self.changed) if whole else self.first_changes()
            yield f"changed since {who} approved it: {changed}. Approve it again."
        if self.moved:
            yield (
                "recipients.yaml has changed since it was approved; the letter stays as it was"
                " signed. To take the change up, take the approval back and approve again."
            )
        yield from self.reasons(round_)

    def reasons(self, round_: Round) -> Iterator[str]:
        """Whose approval it lacks though others were given, a sentence each with what to do."""
        for id_, why in self.unproved:
            name = round_.people[id_].name
            yield (
                f"the approval of {name} does not count: {why}."
                f" Have it approved again: letters approve --by {id_}."
            )
        if self.is_enough and self.lacking:
            name = round_.people[self.lacking].name
            yield (
                f"its signatory, {name}, has not approved it. Have it approved:"
                f" letters approve --by {self.lacking}."
            )


@dataclass(frozen=True, slots=True)
class Approvals:
    """A round's approvals. Nothing is written before `write`."""

    folder: Path
    root: Path
    round: Round
    entries: Mapping[str, SignedLetter]
    present: Mapping[str, Recipient]
    texts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, project_round: ProjectRound) -> Approvals:
        """The approvals of a round, as its `approvals.yaml` holds them."""
        own = project_round
        return cls(own.folder, own.root, own.round, own.signed, own.present)

    def state(
        self, letter: Letter, document: Document, published: Document | None = None
    ) -> ApprovalState:
        """How far a letter is; `document` is the letter typeset as finished, never as a draft.

        `published` is the edition to be published, where it differs. Left out there, no approval
        holds, because every approval covers both.
        """
        needed, entry = self.round.approvals_needed, self.entries.get(letter.id)
        if entry is None:
            return self.none
        by = tuple(approval.by for approval in entry.counted)
        at = tuple(approval.at for approval in entry.counted)
        unproved = tuple((id_, proof.why) for id_, proof in _unproved(entry).items())
        kept = entry.recipients.items() if entry.counted else ()
        moved = tuple(id_ for id_, r in kept if self.present.get(id_) != r)
        text, first = (form(letter, document, published) for form in (content_text, first_form))
        added = tuple(f"'{words}' is new in the layout" for words in unapproved_words(document))
        of_first_form = self._is_approved(letter.id, first)
        if self._is_approved(letter.id, text) or (of_first_form and not added):
            return ApprovalState(
                needed,
                by,
                at,
                moved=moved,
                lacking=self._lacking(letter, by),
                unproved=unproved,
                is_of_these_words=True,
            )
        changed = added if of_first_form else self._changed(letter, (text, first), document)
        return ApprovalState(
            needed,
            voided=by,
            changed=tuple(map(str, changed)),
            in_short=tuple(
                each.short if isinstance(each, WordChange) else each for each in changed
            ),
            moved=moved,
            unproved=unproved,
        )

    def _lacking(self, letter: Letter, by: Collection[str]) -> str:
        """The first signatory of the letter who has not approved it, where each of them must."""
        is_asked = self.round.approval is ApprovalRule.SIGNATORY
        lacking = (each.id for each in letter.signed if is_asked and each.id not in by)
        return next(lacking, "")

    @property
    def none(self) -> ApprovalState:
        """The state of a letter that nobody has approved."""
        return ApprovalState(self.round.approvals_needed)

    def approve(
        self,
        letter: Letter,
        document: Document,
        published: Document | None = None,
        *,
        by: str,
        at: datetime,
    ) -> Approvals:
        """The same approvals and that of `by`, given at `at`; earlier ones of other words fall.

        Nothing changes where `by` has approved these words before, and that counts.
        """
        text = content_text(letter, document, published)
        entry = self.entries.get(letter.id)
        state = self.state(letter, document, published)
        if by in state.by:
            return self
        held = entry.approvals if entry and state.is_of_these_words else ()
        held = tuple(each for each in held if each.by != by)
        recipients = {recipient.id: recipient for recipient in letter.recipients}
        approval = Approval(by, at.replace(microsecond=0))
        signed = SignedLetter(text_digest(text), (*held, approval), recipients)
        return self._with({**self.entries, letter.id: signed}, {**self.texts, letter.id: text})

    def with_signature(self, signature: Signature) -> Approvals:
        """The same approvals, those of the signature's run proved by it."""
        run = (signature.by, signature.at)
        entries = dict(self.entries)
        for id_, _ in signature.letters:
            approvals = (
                replace(each, signature=signature, proof=Proof.SIGNED)
                if (each.by, each.at) == run
                else each
                for each in entries[id_].approvals
            )
            entries[id_] = replace(entries[id_], approvals=tuple(approvals))
        return self._with(entries, self.texts)

    def revoke(self, letter_id: str, *, by: str) -> Approvals:
        """The same approvals without that of `by`; the entry goes with its last approval."""
        entry = self.entries[letter_id]
        left = tuple(approval for approval in entry.approvals if approval.by != by)
        rest = {id_: each for id_, each in self.entries.items() if id_ != letter_id}
        if left:
            rest[letter_id] = replace(entry, approvals=left)
        return self._with(rest, self.texts)

    def write(self) -> None:
        """Write the texts, then `approvals.yaml`; delete the texts of letters no longer on it.

        Raises OSError where the system refuses.
        """
        for id_, text in self.texts.items():
            write_whole(self._text_path(id_), text.encode())
        if self.entries:
            write_whole(self.folder / FILE, signed_yaml(self.entries).encode())
        else:
            (self.folder / FILE).unlink(missing_ok=True)
        for path in (self.folder / TEXTS).glob("*.txt"):
            if path.stem not in self.entries:
                path.unlink()

    def _is_approved(self, letter_id: str, text: str) -> bool:
        """Whether `text` is what was approved; earlier versions kept spaces in a row in names."""
        if text_digest(text) == self.entries[letter_id].digest:
            return True
        was = self.approved_text(letter_id)
        return was is not None and re.sub(" {2,}", " ", was) == text

    def _with(self, entries: Mapping[str, SignedLetter], texts: Mapping[str, str]) -> Approvals:
        return replace(
            self, entries=entries, texts={id_: t for id_, t in texts.items() if id_ in entries}
        )

    def _text_path(self, letter_id: str) -> Path:
        return self.folder / TEXTS / f"{letter_id}.txt"

    def approved_text(self, letter_id: str) -> str | None:
        """A letter's content as approved; None where the file is lost or not that text."""
        if letter_id in self.texts:
            return self.texts[letter_id]
        try:
            content = self._text_path(letter_id).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        return content if text_digest(content) == self.entries[letter_id].digest else None

    def _changed(
        self, letter: Letter, forms: tuple[str, str], document: Document
    ) -> tuple[WordChange | str, ...]:
        """What differs between the approved text and the present one, in the form it is kept in."""
        was = self.approved_text(letter.id)
        if was is None:
            file = relative(self._text_path(letter.id), self.root)
            return (f"which words cannot be said, because {file} is not what was approved",)
        now = next(form for form in forms if form.startswith(was[: len(FORM)]))
        return changes(passages_of(was), document) or tuple(fact_changes(was, now))


def unproved_problems(project_round: ProjectRound, *ids: str) -> Iterator[Problem]:
    """Approvals that do not count for want of a proof: of all letters, or of those with `ids`."""
    for id_, entry in project_round.signed.items():
        if not ids or id_ in ids:
            for by, proof in _unproved(entry).items():
                if proof is not Proof.UNCHECKED:  # which is a problem of the whole file
                    name, force = project_round.round.people[by].name, next(iter(entry.recipients))
                    what = f"The approval of {name} does not count: {proof.why}."
                    fix = f"Have it approved again: letters approve {force} --by {by}."
                    yield Problem(entry.place, what, fix)


def _unproved(entry: SignedLetter) -> dict[str, Proof]:
    """Those of whom no approval counts, and what the last one shows."""
    counted = {each.by for each in entry.counted}
    return {each.by: each.proof for each in entry.approvals if each.by not in counted}


def fact_changes(was: str, now: str) -> Iterable[str]:
    """What differs outside the letter's own words: a fact, a link, the edition published."""
    old, new = ([*facts_of(text), *rest_of(text)] for text in (was, now))
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            gone, come = "; ".join(old[a:b]), "; ".join(new[c:d])
            if gone and come:
                yield f"'{come}' for '{gone}'"
            else:
                yield f"'{come}' is new" if come else f"'{gone}' is gone"
