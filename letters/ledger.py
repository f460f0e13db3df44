"""What was published, when, and what was changed since: `rounds/<id>/published.json`.

The ledger is kept with the round's records, not with its output: `out/` may be emptied at any time,
the dates and the history of a publication may not.
"""

from collections.abc import Collection, Mapping
from datetime import date

from pydantic import AwareDatetime, Field, ValidationError

from letters.errors import Place, Problem, ProblemsFound
from letters.files import read_file, write_whole
from letters.people import Id, Model
from letters.project import ProjectRound
from letters.project.values import written

FILE = "published.json"
BACK = (
    "To bring a letter back, have it approved again ('letters approve --revoke' first, where its"
    " words stay) and publish with --note."
)
"""How a withdrawn letter is published again."""


class LedgerChange(Model):
    """Something done to a published letter: when, and the note that says what and why."""

    on: date
    note: str


class Withdrawal(LedgerChange):
    """The change that took a letter away, and its moment: approvals before it count no more."""

    at: AwareDatetime

    @property
    def said(self) -> str:
        """When and why: "withdrawn on 20 April 2026 ('It named a witness.')"."""
        return f"withdrawn on {written(self.on)} ('{self.note}')"


class LedgerEntry(Model):
    """One published letter: its first day, what it is made of, its files' digests, its history."""

    first: date
    made_of: str
    record: str
    files: Mapping[str, str]
    history: tuple[LedgerChange, ...] = ()
    withdrawn: Withdrawal | None = None
    known: tuple[str, ...] | None = Field(None, exclude_if=lambda known: known is None)
    """The approvals there were when it was withdrawn. Ledgers of version 0.1.0 do not hold them."""


class Ledger(Model):
    """All letters of a round that were ever published, by id."""

    letters: Mapping[Id, LedgerEntry] = {}

    @property
    def withdrawn(self) -> dict[str, Withdrawal]:
        """The letters that were withdrawn and are not published again yet."""
        return {id_: each.withdrawn for id_, each in self.letters.items() if each.withdrawn}


def read_ledger(project_round: ProjectRound) -> Ledger:
    """The round's ledger; an empty one where nothing was published yet.

    Raises ProblemsFound where the file cannot be read: dates and history must not be lost unseen.
    """
    try:
        return Ledger.model_validate_json(read_file(project_round.folder / FILE))
    except FileNotFoundError:
        return Ledger()
    except (OSError, ValidationError):
        what = "The ledger of what was published cannot be read."
        fix = "Take it from your version control as it was; it is not edited by hand."
        raise ProblemsFound([Problem(place(project_round), what, fix)]) from None


def write_ledger(project_round: ProjectRound, ledger: Ledger) -> None:
    """Write the round's ledger, whole."""
    text = ledger.model_dump_json(indent=2) + "\n"
    write_whole(project_round.folder / FILE, text.encode())


def still_withdrawn(project_round: ProjectRound, ledger: Ledger) -> dict[str, Withdrawal]:
    """The withdrawals that hold: those of letters not approved again since, by as many people as
    the round asks for. So a letter comes back by a decision, never by a new layout.
    """
    needed = project_round.round.approvals_needed
    return {
        id_: withdrawal
        for id_, withdrawal in ledger.withdrawn.items()
        if _approvals_since(project_round, id_, withdrawal, ledger.letters[id_].known) < needed
    }


def with_known(ledger: Ledger, id_: str, project_round: ProjectRound) -> Ledger:
    """The ledger, the letter's entry with the approvals there are: none of them brings it back."""
    signed = project_round.signed.get(id_)
    known = tuple(each.identity for each in signed.approvals) if signed else ()
    entry = ledger.letters[id_].model_copy(update={"known": known})
    return Ledger(letters={**ledger.letters, id_: entry})


def place(project_round: ProjectRound, letter: str = "") -> Place:
    """Where problems with what was published stand."""
    return Place(f"rounds/{project_round.round.id}/{FILE}", field=letter)


def _approvals_since(
    project_round: ProjectRound, id_: str, withdrawal: Withdrawal, known: Collection[str] | None
) -> int:
    """How many people approved a letter since it was withdrawn: by what was known then, not by the
    clock; by the clock where nothing says what was known.
    """
    signed = project_round.signed.get(id_)
    if signed is None:
        return 0
    since = (
        each.by
        for each in signed.approvals
        if each.proof.counts
        and (each.at >= withdrawal.at if known is None else each.identity not in known)
    )
    return len({*since})
