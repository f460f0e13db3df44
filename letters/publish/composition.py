"""A round and its letters' files become the facts of a publication, and those its site; what
changed since the last one, and what has to be said about it."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from letters.build.fingerprints import templates_digest
from letters.errors import Place, Problem, ProblemsFound
from letters.files import digest, output_name
from letters.folders import LazyFiles, Spool, chosen, joined
from letters.gate.candidate import Candidate
from letters.gate.letters import count_problems
from letters.gate.quantities import outcome_counts, with_counts
from letters.ledger import Ledger, LedgerChange, LedgerEntry, Withdrawal, place
from letters.model import Round
from letters.project import ProjectRound
from letters.project.proofs import Proof
from letters.project.values import LONDON, written
from letters.publish.assessments import (
    ARCHIVE,
    CSV_FILE,
    JSON_FILE,
    Force,
    Outcome,
    PrintedSentence,
    PublicationFacts,
    PublishedLetter,
    Reference,
    archive,
    columns_of,
    csv_file,
    json_file,
)
from letters.publish.letterfiles import TypesetLetter, described, references, validated
from letters.publish.manifest import Findings, read_facts, standards, with_manifest
from letters.publish.pages import Article, letter_page, shared_pages, withdrawn_page

FIX = 'Say what changed and why: --note "…".'


@dataclass(frozen=True, slots=True)
class Difference:
    """A published letter that is no longer as it was, and a sentence that says how."""

    letter: str
    what: str


def kept_files(
    candidate: Candidate,
    prepared: TypesetLetter,
    entry: LedgerEntry | None,
    site: Mapping[str, bytes],
) -> Mapping[str, bytes] | None:
    """The letter's files as they were published, where they may stand: it says and looks the same.

    None where they must be made. So unchanged letters keep their bytes, whatever engine is
    installed since. What the files say is read, since whoever writes in the site can write the
    ledger too.
    """
    if entry is None or not prepared.is_published_as(entry.made_of) or entry.withdrawn:
        return None
    here = [path for path in prepared.paths.values() if path in site]
    found = chosen(site, here)
    is_whole = len(here) == len(prepared.paths) and all(
        digest(file) == entry.files.get(path) for path, file in found.items()
    )
    is_sound = is_whole and not any(validated(candidate, prepared, found).values())
    return found if is_sound else None


def differences(
    ledger: Ledger,
    prepared: Iterable[TypesetLetter],
    files: Mapping[str, Mapping[str, bytes]],
    withdrawn: Collection[str],
) -> tuple[Difference, ...]:
    """Every published letter that differs now; `files` are those of today, by letter and path.

    Letters that are still `withdrawn` do not differ.
    """
    return tuple(
        Difference(each.id, what)
        for each in prepared
        if each.id not in withdrawn and (entry := ledger.letters.get(each.id))
        for what in [_what(entry, each, files.get(each.id, {}))]
        if what
    )


def note_problems(
    project_round: ProjectRound, changed: Iterable[Difference], note: str
) -> tuple[Problem, ...]:
    """Changes to what was published that nothing is said about."""
    if note.strip():
        return ()
    return tuple(
        Problem(
            place(project_round, each.letter),
            each.what,
            FIX,
        )
        for each in changed
    )


def lost_problems(
    project_round: ProjectRound, ledger: Ledger, ids: Collection[str]
) -> tuple[Problem, ...]:
    """Published letters that the round no longer has."""
    return tuple(
        Problem(
            place(project_round, id_),
            "This letter was published but is no longer in the round.",
            f'Put it back, or take it from the site: letters withdraw {id_} --note "…".',
        )
        for id_, entry in ledger.letters.items()
        if id_ not in ids and not entry.withdrawn
    )


def history_of(
    id_: str, ledger: Ledger, changed: Iterable[Difference], note: str, today: date
) -> tuple[LedgerChange, ...]:
    """A letter's history once the changes of today are published."""
    before = ledger.letters[id_].history if id_ in ledger.letters else ()
    is_changed = any(each.letter == id_ for each in changed)
    return (*before, LedgerChange(on=today, note=" ".join(note.split()))) if is_changed else before


def with_letters(ledger: Ledger, letters: Iterable[PublishedLetter]) -> Ledger:
    """The ledger once `letters` are published."""
    entries = {letter.id: _entry(letter, ledger.letters.get(letter.id)) for letter in letters}
    return Ledger(letters={**ledger.letters, **entries})


def _entry(letter: PublishedLetter, before: LedgerEntry | None) -> LedgerEntry:
    files = {file.path: file.sha256 for file in letter.files}
    return LedgerEntry(
        first=letter.first,
        made_of=letter.made_of,
        record=letter.record,
        files=files or (before.files if before else {}),
        history=letter.history,
        withdrawn=letter.withdrawn,
        known=before.known if before and letter.withdrawn else None,
    )


def _what(entry: LedgerEntry, prepared: TypesetLetter, files: Mapping[str, bytes]) -> str:
    if entry.withdrawn:
        return f"The letter was withdrawn on {written(entry.withdrawn.on)} and comes back."
    published = f"published on {written(entry.history[-1].on if entry.history else entry.first)}."
    if not prepared.is_published_as(entry.made_of):
        return f"The letter is not the one {published}"
    if any(digest(file) != entry.files.get(path) for path, file in files.items()):
        return f"The letter's files come out different from those {published}"
    return f"The record is not the one {published}" if entry.record != prepared.record else ""


LETTERS = "letters/"


def letter_pages(
    facts: PublicationFacts, letters: Iterable[tuple[str, Article]], out: Path
) -> Mapping[str, bytes]:
    """The page of every letter, by path; a withdrawn one's says so. They are kept beside `out`."""
    pages, published = Spool(out), {letter.id: letter for letter in facts.letters}
    for id_, article in letters:
        letter = published[id_]
        pages[page_path(letter)] = (
            withdrawn_page(facts, letter)
            if letter.withdrawn
            else letter_page(facts, letter, article)
        )
    return pages


def site_files(
    facts: PublicationFacts, pages: Mapping[str, bytes], files: Mapping[str, bytes], out: Path
) -> Mapping[str, bytes]:
    """Every file of the site by path, the manifest over all of them.

    `pages` are those of the letters, `files` the downloads, in which letters stand in `letters/`.
    What is large is kept on the disk of `out`.
    """
    own = (name for name in files if name.startswith(LETTERS))
    packed = LazyFiles({n.removeprefix(LETTERS): partial(files.__getitem__, n) for n in own})
    data = {CSV_FILE: csv_file(facts), JSON_FILE: json_file(facts), ARCHIVE: archive(packed, out)}
    sizes = {name: len(content) for name, content in data.items()}
    shared = shared_pages(facts, sizes)
    return with_manifest(joined(files, pages, data, shared), facts)


def refuse_faults(
    project_round: ProjectRound, facts: PublicationFacts, files: Mapping[str, bytes]
) -> None:
    """Raise ProblemsFound where the files made are not what is to be published.

    Each must pass its validators, and letters, index and manifest must be those of the recipients.
    """
    place = Place(f"out/{project_round.round.id}/site")
    problems = [
        Problem(place, f"A check of the finished files found: {finding}", "Correct the layout.")
        for standard in facts.standards
        for finding in standard.findings
    ]
    manifest = read_facts(files)
    listed = [letter.id for letter in manifest.letters] if manifest else []
    problems += count_problems(project_round, listed, "The manifest")
    problems += count_problems(project_round, indexed(files), "The index")
    if problems:
        raise ProblemsFound(problems)


_LINK = re.compile(rb'<th scope="row"><a href="letters/([a-z0-9-]+)\.html">')


def indexed(files: Mapping[str, bytes]) -> list[str]:
    """The letters that the landing page leads to."""
    return [match.decode() for match in _LINK.findall(files["index.html"])]


def page_path(letter: PublishedLetter) -> str:
    """Where a letter's page stands."""
    return f"{LETTERS}{output_name(letter.id, 'html')}"


TYPED = "The names of those who approved these letters were typed, not proved."
PROVED = "Those who approved these letters proved it by signatures."

ENGINES = ("weasyprint", "docxtpl", "pikepdf", "Jinja2", "markdown-it-py")


def software() -> dict[str, str]:
    """Each part's name and version; fonts with their digest, since they travel in every PDF."""
    own = {name: _version(name) for name in ("assessment-letters", *ENGINES)}
    fonts = sorted(p.name for p in (files("letters.render") / "fonts").iterdir())
    return own | {f"font {name}": _font(name) for name in fonts if name.endswith(".ttf")}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed as a package"


def _font(name: str) -> str:
    content = (files("letters.render") / "fonts" / name).read_bytes()
    # The name table says it in plain letters, which saves starting a font library.
    said = re.search(rb"V\0e\0r\0s\0i\0o\0n\0 ((?:\0[0-9.])+)", content)
    number = said[1].replace(b"\0", b"").decode() if said else "unknown"
    return f"{number}, SHA-256 {digest(content)}"


LetterFiles = Mapping[str, Mapping[str, bytes]]
"""Each letter's downloads by path, by the letter's id."""


@dataclass(frozen=True)
class Edition:
    """All that one publication is made of, before a file of it is written.

    `findings` are those of files just made, by path. `changed` are the letters that differ from
    those published before, `note` what is said of them, `withdrawn` those that stay withdrawn,
    `today` the day in London.
    """

    candidate: Candidate
    prepared: tuple[TypesetLetter, ...]
    files: LetterFiles
    findings: Findings
    ledger: Ledger
    withdrawn: Mapping[str, Withdrawal]
    changed: tuple[Difference, ...]
    note: str
    today: date

    @property
    def project_round(self) -> ProjectRound:
        """The round whose letters these are."""
        return self.candidate.project_round


def compose(edition: Edition) -> tuple[PublicationFacts, Mapping[str, bytes]]:
    """The facts of a publication and every file of its site."""
    report, release, extra = references(edition.project_round)
    facts = _facts(edition, report, release)
    published = edition.candidate.published
    articles = ((each.id, Article.of(published(each.letter))) for each in edition.prepared)
    pages = letter_pages(facts, articles, edition.candidate.out)
    downloads = joined(*edition.files.values())
    judged = standards(joined(downloads, pages), edition.findings)
    facts = facts.model_copy(update={"standards": judged})
    return facts, site_files(facts, pages, joined(downloads, extra), edition.candidate.out)


def _facts(
    edition: Edition, report: Reference | None, release: Reference | None
) -> PublicationFacts:
    project_round = edition.project_round
    round_, outcomes = project_round.round, _outcomes(project_round)
    published = round_.published
    assert published  # noqa: S101  (the gate lets no round pass that lacks it)
    return PublicationFacts(
        round=round_.id,
        title=round_.title,
        language=round_.language,
        sender=round_.sender.name,
        noun=round_.nouns.one,
        nouns=round_.nouns.many,
        published=published,
        updated=round_.updated,
        types=round_.publication_types,
        summary=_summary(round_, outcomes),
        report=report,
        press_release=release,
        contact=_contact(edition),
        outcomes=outcomes,
        columns=columns_of(round_),
        claims=tuple(
            PrintedSentence(sentence=each.sentence, printed_in=each.printed_in)
            for each in round_.claims
        ),
        letters=tuple(_letter(edition, each) for each in edition.prepared),
        standards=(),
        templates=templates_digest(project_round, "wording", "layout"),
        software=software(),
        approvals=_approvals(edition),
    )


def _approvals(edition: Edition) -> str:
    """What shows that the letters were approved by those who are named."""
    signed = edition.project_round.signed
    shown = [signed[each.id] for each in edition.prepared if each.id in signed]
    is_proved = all(each.proof is Proof.SIGNED for entry in shown for each in entry.counted)
    return PROVED if is_proved else TYPED


def _summary(round_: Round, outcomes: tuple[Outcome, ...]) -> tuple[str, ...]:
    counts = {outcome.id: outcome.forces for outcome in outcomes}
    return tuple(with_counts(text, counts) for text in round_.summary)


def _contact(edition: Edition) -> tuple[str, ...]:
    """The contact's lines, as published letters know them."""
    contact = edition.prepared[0].letter.round.contact if edition.prepared else None
    lines = (contact.name, contact.email, contact.phone) if contact else ()
    return tuple(line for line in lines if line)


def _letter(edition: Edition, prepared: TypesetLetter) -> PublishedLetter:
    entry = edition.ledger.letters.get(prepared.id)
    withdrawn = edition.withdrawn.get(prepared.id)
    files = () if withdrawn else edition.files[prepared.id].items()
    return PublishedLetter(
        id=prepared.id,
        forces=tuple(Force(id=each.id, name=each.name) for each in prepared.letter.recipients),
        title=prepared.title,
        outcome=None if withdrawn else prepared.letter.outcome,
        first=entry.first if entry else _first_day(edition),
        made_of=prepared.made_of,
        record=prepared.record,
        files=tuple(described(path, content) for path, content in files),
        values={} if withdrawn else prepared.values,
        history=_history(edition, prepared.id),
        withdrawn=withdrawn,
    )


def _history(edition: Edition, id_: str) -> tuple[LedgerChange, ...]:
    return history_of(id_, edition.ledger, edition.changed, edition.note, edition.today)


def _first_day(edition: Edition) -> date:
    """The day of publication; for letters that came later, the day they did."""
    published = edition.project_round.round.published
    if edition.ledger.letters or published is None:
        return edition.today
    return published.astimezone(LONDON).date()


def _outcomes(project_round: ProjectRound) -> tuple[Outcome, ...]:
    """Every outcome of a round with its count; those that no force had are among them."""
    counts = outcome_counts(project_round)
    titles = project_round.round.outcomes
    return tuple(Outcome(id=id_, title=titles[id_], forces=n) for id_, n in counts.items())
