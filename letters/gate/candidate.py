"""What is to be published, read once for all conditions of the gate."""

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path

from letters.approvals import Approvals, ApprovalState
from letters.approvals.content import facts_of
from letters.approvals.signing import both_editions
from letters.build.editions import EditionFiles, Files
from letters.build.fingerprints import letter_digest
from letters.document import Document, fields_said
from letters.errors import Place, Problem, ProblemsFound, in_order
from letters.folders import Spool
from letters.gate.claims import ClaimContext
from letters.gate.names import (
    Certainty,
    FoundName,
    Name,
    NameKind,
    Names,
    body_names,
    force_names,
    holders,
    officer_names,
)
from letters.gate.printed import QuotedWords, pieces
from letters.gate.quantities import Groups
from letters.gate.report import (
    PrintedText,
    Report,
    TextBlock,
    comparable,
    fixed_lines,
    printed_texts,
    read_reports,
    spots_of,
)
from letters.merge import letters_of, published_edition
from letters.model import Letter
from letters.people import Recipient
from letters.project import Project, ProjectRound
from letters.project.recipients import RegisterEntry, entries_of
from letters.questions import Answers
from letters.render.pdf.letter import print_problems
from letters.render.round_templates import RoundTemplates

Editions = tuple[Document, Document | None]
_OUTCOME = "outcome: "
KEPT = 300
"""Letters that are kept in memory typeset: those of any national round. One takes some 300 KB."""


class TypesetLetters(Mapping[str, Editions]):
    """Letters in their editions by id: many are kept in a file that nobody else can read.

    `approvals` say how far each is with its approval, `said` which fields its published edition
    prints or turns on.
    """

    def __init__(self, out: Path) -> None:
        self.approvals: dict[str, ApprovalState] = {}
        self.said: dict[str, tuple[str, ...]] = {}
        self._first: dict[str, Editions] = {}
        self._others = Spool(out)
        self._latest = lru_cache(maxsize=2)(self._read)

    def add(self, id_: str, editions: Editions, approval: ApprovalState) -> None:
        """Keep a letter."""
        self.approvals[id_] = approval
        self.said[id_] = tuple(sorted(fields_said(editions[1] or editions[0])))
        if len(self._first) < KEPT:
            self._first[id_] = editions
        else:
            self._others[id_] = pickle.dumps(editions)

    def _read(self, id_: str) -> Editions:
        editions: Editions = pickle.loads(self._others[id_])  # noqa: S301  (written by `add`)
        return editions

    def __getitem__(self, id_: str) -> Editions:
        return self._first[id_] if id_ in self._first else self._latest(id_)

    def __iter__(self) -> Iterator[str]:
        return chain(self._first, self._others)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._first or id_ in self._others

    def __len__(self) -> int:
        return len(self._first) + len(self._others)


class Gathered:
    """What conditions ask of all letters together: the lines of the wording, and what is quoted."""

    def __init__(self) -> None:
        self.wording: dict[str, Place] = {}
        self.quoted: dict[QuotedWords, None] = {}

    def add(self, spots: tuple[TextBlock, ...]) -> None:
        """Take in a letter's blocks."""
        for line, place in fixed_lines(spots):
            self.wording[line] = place
        self.quoted |= dict.fromkeys(pieces(spots))


@dataclass(frozen=True)
class Candidate:
    """A round about to be published, at the moment `now` (with its time zone), from `out`.

    `jobs` processes make what has to be made; 0 means one a core.

    Everything that conditions look at is made when first asked for. What is unsound is left out of
    it; `unsound` says what that is.
    """

    project: Project
    project_round: ProjectRound
    now: datetime
    out: Path
    jobs: int = 1

    @cached_property
    def letters(self) -> tuple[Letter, ...]:
        """Every letter of the round."""
        return letters_of(self.project_round)

    @cached_property
    def finished(self) -> tuple[Letter, ...]:
        """The letters whose record has its outcome and which can be typeset."""
        return tuple(letter for letter in self.letters if letter.id in self.editions)

    @cached_property
    def _loaded(self) -> tuple[RoundTemplates | None, tuple[Problem, ...]]:
        try:
            is_known = self.edition_files.are_templates_sound
            return RoundTemplates.load(self.project_round, page_too=not is_known), ()
        except ProblemsFound as found:
            return None, found.problems

    @property
    def round_templates(self) -> RoundTemplates | None:
        """Wording and layout; None where they are unsound."""
        return self._loaded[0]

    @cached_property
    def _typeset(self) -> tuple[TypesetLetters, tuple[Problem, ...]]:
        """Each finished letter in its editions, and what is wrong with those that cannot be so."""
        typeset = TypesetLetters(self.out)
        problems: list[Problem] = []
        round_templates = self.round_templates
        for letter in self.letters if round_templates else ():
            if letter.outcome and round_templates:
                try:
                    editions = both_editions(round_templates, letter)
                except ProblemsFound as found:
                    problems += found.problems
                    continue
                typeset.add(letter.id, editions, self.approvals.state(letter, *editions))
        return typeset, tuple(problems)

    @cached_property
    def unsound(self) -> tuple[Problem, ...]:
        """Every problem of records, wording, layouts and letters typeset with them."""
        round_templates, problems = self._loaded
        if round_templates and not self.edition_files.are_templates_sound:
            problems = print_problems(round_templates.web)
        problems += self._typeset[1]
        return in_order((*self.project.problems_of(self.project_round), *problems))

    @property
    def editions(self) -> Mapping[str, Editions]:
        """Each finished letter as sent and, where that differs, as published."""
        return self._typeset[0]

    def published(self, letter: Letter) -> Document:
        """Give a finished letter in its published edition."""
        sent, published = self.editions[letter.id]
        return published or sent

    def fields_said(self, letter: Letter) -> tuple[str, ...]:
        """The fields that the published edition of a finished letter prints or turns on."""
        return self._typeset[0].said[letter.id]

    def printed(self, letter: Letter) -> tuple[Letter, Document]:
        """The edition of a finished letter whose files are published: the letter as it is sent,
        where both say the same, so that they are made once.
        """
        sent, published = self.editions[letter.id]
        if published is None or self._words(sent) == self._words(published):
            return letter, sent
        return published_edition(letter), published

    def _words(self, document: Document) -> str:
        assert self.round_templates  # noqa: S101  (no letter is finished without them)
        return letter_digest(document, self.round_templates.printed)

    @cached_property
    def edition_files(self) -> EditionFiles:
        """What knows the files of published editions."""
        return EditionFiles(self.project_round, self.out)

    @cached_property
    def files(self) -> Mapping[str, Files]:
        """The files of every approved letter's published edition; see `files_of`."""
        return self.files_of(each for each in self.finished if self.approval(each).approved)

    def files_of(self, letters: Iterable[Letter]) -> Mapping[str, Files]:
        """The files of finished letters' published editions, made where they are not there yet.

        Raises LettersError where they cannot be written.
        """
        wanted = tuple(letters)
        due = {each.id: self.printed(each) for each in wanted if each.id not in self._files}
        if due and self.round_templates:
            self._files.update(self.edition_files.of(due, self.round_templates, self.jobs))
        return {each.id: self._files[each.id] for each in wanted}

    @cached_property
    def _files(self) -> dict[str, Files]:
        return {}

    @cached_property
    def approvals(self) -> Approvals:
        """What was approved."""
        return Approvals.load(self.project_round)

    def approval(self, letter: Letter) -> ApprovalState:
        """How far a finished letter is with its approval."""
        return self._typeset[0].approvals[letter.id]

    @cached_property
    def signed_outcomes(self) -> Mapping[str, str]:
        """The outcome each force had when its letter was approved, where that is on record."""
        found: dict[str, str] = {}
        for id_, entry in self.project_round.signed.items():
            facts = facts_of(self.approvals.approved_text(id_) or "")
            outcome = next((line for line in facts if line.startswith(_OUTCOME)), "")
            if outcome:
                found |= dict.fromkeys(entry.recipients, outcome.removeprefix(_OUTCOME))
        return found

    @cached_property
    def groups(self) -> Groups:
        """The forces by their records."""
        return Groups.of(self.project_round)

    @cached_property
    def reading(self) -> ClaimContext:
        """What claims about the round are read with."""
        round_ = self.project_round.round
        return ClaimContext(
            self.groups,
            round_.nouns,
            self.recipients,
            self.signed_outcomes,
            round_.not_claims,
            Answers(round_, self.project_round.places),
            self.also_known_as,
            round_.sent.year,
        )

    @cached_property
    def reports(self) -> tuple[Mapping[str, Report], tuple[Problem, ...]]:
        """The reports that are files of the round, and what is wrong with those unreadable."""
        return read_reports(self.project_round)

    @cached_property
    def texts(self) -> Mapping[str, PrintedText]:
        """What is printed about the round, by where a claim may be said to be printed in."""
        return printed_texts(self.project_round, self.reports[0], self._gathered.wording)

    @cached_property
    def recipients(self) -> Mapping[str, Recipient]:
        """Everyone of recipients.yaml by id; those of approved letters as they were then."""
        own = {recipient.id: recipient for recipient in self.project_round.recipients}
        return {**self.project.recipients, **own}

    @cached_property
    def also_known_as(self) -> Mapping[str, tuple[str, ...]]:
        """What forces are called besides their names, by id: here, and in the round's register."""
        called = {id_: each.also_known_as for id_, each in self.project.recipients.items()}
        entries = self.registered.items()
        return called | {id_: (*called.get(id_, ()), *each.names) for id_, each in entries}

    @cached_property
    def registered(self) -> Mapping[str, RegisterEntry]:
        """The entry of each recipient in the round's register, if it names one."""
        round_ = self.project_round.round
        return entries_of(round_, self.project.root, self.project.recipients)

    @cached_property
    def names(self) -> Names:
        """The names of all forces, officers and bodies, and those that letters may hold."""
        recipients = tuple(self.recipients.values())
        return Names(
            (
                *force_names(recipients, self.also_known_as),
                *officer_names(recipients),
                *body_names(recipients),
                *_allowed(self.project_round),
            )
        )

    @cached_property
    def name_answers(self) -> Answers:
        """What round.yaml answers about names."""
        return Answers(self.project_round.round, self.project_round.places)

    def names_in(self, letter: Letter) -> tuple[tuple[FoundName, TextBlock], ...]:
        """The names in a letter that are not its own recipients', and those that are misspelt."""
        return self._names_in(letter.id)

    @cached_property
    def _names_in(self) -> Callable[[str], tuple[tuple[FoundName, TextBlock], ...]]:
        """The same by a letter's id; three conditions ask for those of one letter in turn."""

        def names_in(id_: str) -> tuple[tuple[FoundName, TextBlock], ...]:
            own = {recipient.id for recipient in self._by_id[id_].recipients}
            return tuple(
                (found, spot)
                for spot in self._spots(id_)
                for found in self.names.find(spot.text)
                if found.certainty is Certainty.NEAR or not found.name.forces & own
            )

        return lru_cache(maxsize=1)(names_in)

    @cached_property
    def _by_id(self) -> Mapping[str, Letter]:
        return {letter.id: letter for letter in self.letters}

    @cached_property
    def address_holders(self) -> Mapping[str, frozenset[str]]:
        """The forces by their e-mail addresses and hosts."""
        webs = {id_: each.web for id_, each in self.registered.items() if each.web}
        return holders(self.project.recipients.values(), webs)

    def spots(self, letter: Letter) -> tuple[TextBlock, ...]:
        """Every block of a finished letter, in both its editions."""
        return self._spots(letter.id)

    @cached_property
    def _spots(self) -> Callable[[str], tuple[TextBlock, ...]]:
        """The same by a letter's id. Those of a few letters are kept, for all who ask in turn."""

        def spots(id_: str) -> tuple[TextBlock, ...]:
            editions = [each for each in self.editions[id_] if each]
            return tuple(spot for each in editions for spot in spots_of(self._by_id[id_], each))

        return lru_cache(maxsize=KEPT)(spots)

    @property
    def quoted(self) -> Iterable[QuotedWords]:
        """What the letters quote, each piece once for each place."""
        return self._gathered.quoted

    @cached_property
    def _gathered(self) -> Gathered:
        gathered = Gathered()
        for letter in self.finished:
            gathered.add(self.spots(letter))
        return gathered

    def place(self, *steps: str | int) -> Place:
        """Where a part of round.yaml stands; of the part around it, where it has no line."""
        places, keys = self.project_round.places, [str(step) for step in steps]
        for length in range(len(keys), 0, -1):
            if place := places.get(".".join(keys[:length])):
                return place.at(keys[0])
        return Place(f"rounds/{self.project_round.round.id}/round.yaml", field=keys[0])


def _allowed(project_round: ProjectRound) -> Iterator[Name]:
    """Names that stand in letters rightly: the inspectorate's people, and named exceptions."""
    round_ = project_round.round
    all_ = frozenset(recipient.id for recipient in project_round.recipients)
    people = [round_.sender.name, *(each.name for each in round_.signatories.values())]
    if round_.contact:
        people.append(round_.contact.name)
    for person in people:
        yield Name(comparable(person), NameKind.ALLOWED, all_)
    for each in round_.named_exceptions:
        yield Name(comparable(each.name), NameKind.ALLOWED, frozenset(each.letters) or all_)
