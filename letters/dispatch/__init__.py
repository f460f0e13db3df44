"""E-mail drafts of a round's letters, one for each; nothing is ever sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from letters.approvals import Approvals
from letters.approvals.signing import as_approved
from letters.build.letter import make_files
from letters.build.record import out_folder
from letters.dispatch.emails import Mail, MailTemplate, draft, is_address, is_one_line
from letters.document import Document
from letters.errors import LettersError, Place, Problem, ProblemsFound
from letters.files import FILE as RECIPIENTS
from letters.files import OnWait, sole_change, tell_nobody, write_whole
from letters.ledger import Withdrawal, read_ledger, still_withdrawn
from letters.ledger import place as ledger_place
from letters.merge import letters_of, merge_letter
from letters.model import Letter, Round
from letters.people import Person, Recipient
from letters.project import Project, ProjectRound
from letters.render.round_templates import RoundTemplates
from letters.wording import text_names
from letters.wording.vocabulary import written_date

RESPONSE_DATE = "response_date"
AGAIN = (
    "Correct it and have it approved again; 'letters approve --revoke' first, where it is right."
)


@dataclass(frozen=True, slots=True)
class DispatchKind:
    """A kind of dispatch: its template in the wording's folder, and its folder in `out/<round>`."""

    template: str
    folder: str


FINAL = DispatchKind("dispatch.txt", "dispatch")
ACCURACY_CHECK = DispatchKind("accuracy-check.txt", "accuracy-check")


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What became of one letter: its draft, or why there is none.

    Neither a path nor a problem means that the letter awaits its outcome. `by_post` names those
    whose copy has to go by post.
    """

    id: str
    path: Path | None = None
    problems: tuple[Problem, ...] = ()
    by_post: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """What was done: "written", "refused" or "awaiting"."""
        return "written" if self.path else "refused" if self.problems else "awaiting"

    @property
    def said(self) -> str:
        """The same, with who gets a copy by post."""
        return f"{self.word}; by post: {', '.join(self.by_post)}" if self.by_post else self.word


def response_date(round_: Round) -> date | None:
    """The last day to answer: `response_days` from publication, the day of publication counted.

    56 days from 5 October 2017 end on 29 November 2017. None where the round sets no days.
    """
    if round_.response_days is None or round_.published_on is None:
        return None
    return round_.published_on + timedelta(days=round_.response_days - 1)


def dispatch_letters(
    project: Project,
    project_round: ProjectRound,
    forces: Iterable[str] = (),
    *,
    for_accuracy_check: bool = False,
    out: Path | None = None,
    on_wait: OnWait = tell_nobody,
) -> tuple[Dispatched, ...]:
    """Write an e-mail draft for each finished letter of a round, or of `forces`, with its PDF.

    Only approved letters, and none that is withdrawn from its publication; `for_accuracy_check`
    attaches marked drafts instead, approved or not, withdrawn or not, and leaves out those who get
    copies: a draft is for the one it is about. What cannot be sent, or has a recipient without an
    address, is refused and stops no other; what an earlier dispatch wrote for it is deleted. Raises
    ProblemsFound for problems of the project, of its ledger or of the e-mail's template; nothing
    is written then. `on_wait` is called where another command that changes the project must end
    first.
    """
    kind = ACCURACY_CHECK if for_accuracy_check else FINAL
    if problems := project.problems_of(project_round):
        raise ProblemsFound(problems)
    asked = {each.id: each for each in (merge_letter(project_round, force) for force in forces)}
    letters = tuple(asked.values()) or letters_of(project_round)
    run = _DispatchRun(
        project_round,
        kind,
        (out or out_folder(project_round)) / kind.folder,
        _template(project_round, kind),
        RoundTemplates.load(project_round),
        Approvals.load(project_round),
        still_withdrawn(project_round, read_ledger(project_round)),
    )
    with sole_change(project.root, on_wait):
        if not asked:
            run.clear({letter.id for letter in letters})
        return tuple(run.dispatch(letter, named=bool(asked)) for letter in letters)


def _template(project_round: ProjectRound, kind: DispatchKind) -> MailTemplate:
    root, round_ = project_round.root, project_round.round
    template = MailTemplate.load(root / "templates" / round_.wording / kind.template, root)
    if found := template.problems(text_names(round_) | {RESPONSE_DATE}):
        raise ProblemsFound(found)
    return template


@dataclass(frozen=True, slots=True)
class _DispatchRun:
    """One dispatch under way."""

    project_round: ProjectRound
    kind: DispatchKind
    folder: Path
    template: MailTemplate
    round_templates: RoundTemplates
    approvals: Approvals
    withdrawn: Mapping[str, Withdrawal]

    def clear(self, letters: Iterable[str]) -> None:
        """Delete drafts of letters that the round no longer has."""
        for path in self.folder.glob("*.eml"):
            if path.stem not in letters:
                path.unlink()

    def dispatch(self, letter: Letter, *, named: bool) -> Dispatched:
        """Write the draft of one letter, or delete an earlier one and say why there is none."""
        path = self.folder / f"{letter.id}.eml"
        problems: list[Problem] = []
        people = _People(self.project_round, letter, problems)
        mail = self._mail(letter, people, problems) if letter.outcome else None
        if not letter.outcome and named:
            place = Place(f"rounds/{self.project_round.round.id}", field=letter.id)
            what = "The record names no outcome yet, so there is no letter to send."
            problems.append(Problem(place, what, "Finish the record first."))
        if mail is None or problems:
            path.unlink(missing_ok=True)
            return Dispatched(letter.id, problems=tuple(problems))
        write_whole(path, draft(mail))
        return Dispatched(letter.id, path, by_post=people.by_post)

    def _mail(self, letter: Letter, people: _People, problems: list[Problem]) -> Mail | None:
        try:
            document = self._document(letter, problems)
            to, copies = people.addressees(), people.copies() if self.kind is FINAL else ()
            subject, text = self.template.filled(
                self._texts(document), ", ".join(r.name for r in letter.recipients), problems
            )
            if problems:
                return None
            artifact = make_files(self.round_templates.render, document, ["pdf"])["pdf"].artifact
        except ProblemsFound as found:
            problems += found.problems
            return None
        except LettersError as error:
            place = Place(f"rounds/{self.project_round.round.id}", field=letter.id)
            problems.append(Problem(place, f"Its PDF cannot be made: {error}", ""))
            return None
        return Mail(to, copies, subject, text, artifact.name, artifact.content)

    def _document(self, letter: Letter, problems: list[Problem]) -> Document:
        if self.kind is ACCURACY_CHECK:
            return self.round_templates.draft_of(letter, self.round_templates.typeset(letter))
        document, state = as_approved(self.round_templates, self.approvals, letter)
        if not state.approved:
            place = Place(f"rounds/{letter.round.id}/approvals.yaml", field=letter.id)
            what = f"This letter is not approved ({state.word})."
            fix = "Have it approved, or ask for comment with --for-accuracy-check."
            problems.append(Problem(place, what, fix))
        if withdrawal := self.withdrawn.get(letter.id):
            what = f"This letter was {withdrawal.said}, and must not be sent."
            problems.append(Problem(ledger_place(self.project_round, letter.id), what, AGAIN))
        return document

    def _texts(self, document: Document) -> Mapping[str, str]:
        round_ = self.project_round.round
        last = response_date(round_)
        said = written_date(last, round_.language) if last else ""
        return {**document.texts, RESPONSE_DATE: said}


class _People:
    """Those who get one letter, and where to reach them.

    Who they are is as signed; where to reach them is what `recipients.yaml` says of the same person
    or office today, because no signature binds that.
    """

    def __init__(
        self, project_round: ProjectRound, letter: Letter, problems: list[Problem]
    ) -> None:
        self._present = project_round.present
        self._letter = letter
        self._problems = problems
        self.by_post: tuple[str, ...] = ()

    def addressees(self) -> tuple[tuple[str, str], ...]:
        """Display name and address of each addressee."""
        found: list[tuple[str, str]] = []
        for recipient in self._letter.recipients:
            for person in recipient.addressees:
                reached = self._reached(recipient, person)
                if reached.email:
                    found.append(self._address(recipient, person, reached.email))
                else:
                    what = f"{_called(recipient, person)} has no e-mail address."
                    fix = "Add 'email' to that addressee, or send the letter by post."
                    self._report(recipient, what, fix)
        return tuple(dict.fromkeys(found))

    def copies(self) -> tuple[tuple[str, str], ...]:
        """Display name and address of each who gets a copy; those reached by post are noted."""
        found: list[tuple[str, str]] = []
        for recipient in self._letter.recipients:
            for person in recipient.copied_to:
                reached = self._reached(recipient, person)
                if reached.email:
                    found.append(self._address(recipient, person, reached.email))
                elif reached.postal:
                    self.by_post += (_called(recipient, person),)
                else:
                    what = f"{_called(recipient, person)} gets a copy and has no e-mail address."
                    fix = "Add 'email', or 'postal' where the copy goes by post."
                    self._report(recipient, what, fix)
        return tuple(dict.fromkeys(found))

    def _reached(self, recipient: Recipient, person: Person) -> Person:
        now = self._present.get(recipient.id, recipient)
        same = (p for p in (*now.addressees, *now.copied_to) if _who(p) == _who(person))
        return next(same, person)

    def _address(self, recipient: Recipient, person: Person, email: str) -> tuple[str, str]:
        called = _called(recipient, person)
        if not is_address(email) or not is_one_line(called):
            what = f"'{email}' of {called} cannot be in the head of an e-mail."
            self._report(recipient, what, "Write it in plain letters, such as name@example.org.")
        return called, email

    def _report(self, recipient: Recipient, what: str, fix: str) -> None:
        self._problems.append(Problem(Place(RECIPIENTS, field=recipient.id), what, fix))


def _who(person: Person) -> tuple[str | None, str | None, str | None]:
    return person.name, person.office, person.organisation


def _called(recipient: Recipient, person: Person) -> str:
    """A person as mail programs show them: by name, or by office and where it is held.

    An addressee's office is the force's unless another organisation is named; a copy's is its own.
    """
    if person.name:
        return " ".join(filter(None, (person.name, person.honours)))
    at = person.organisation
    if at is None and person in recipient.addressees:
        at = recipient.name
    return ", ".join(filter(None, (person.office, at)))
