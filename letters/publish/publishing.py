"""A round to its public folder: the gate, every file made, then the folder replaced whole; and
one letter taken from it again, everything else byte for byte where it can."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from letters.build.editions import EditionFile
from letters.build.record import SITE, STAGED
from letters.errors import Place, Problem, ProblemsFound, UsageError, did_you_mean
from letters.files import OnWait, sole_change, tell_nobody
from letters.folders import LazyFiles, chosen, joined, read_folder, replace_folder, settle
from letters.gate import EMBARGO, PRIVATE, results_of
from letters.gate.candidate import Candidate
from letters.gate.file_texts import FoundText, texts_of
from letters.gate.private import leaks, private_problems
from letters.ledger import (
    BACK,
    LedgerChange,
    Withdrawal,
    place,
    read_ledger,
    still_withdrawn,
    with_known,
    write_ledger,
)
from letters.project import Project, ProjectRound
from letters.project.values import LONDON
from letters.publish.assessments import (
    ARCHIVE,
    MANIFEST,
    SIGNATURE,
    PublicationFacts,
    PublishedLetter,
)
from letters.publish.composition import (
    Edition,
    LetterFiles,
    compose,
    differences,
    kept_files,
    lost_problems,
    note_problems,
    page_path,
    refuse_faults,
    site_files,
    software,
    with_letters,
)
from letters.publish.letterfiles import (
    AGAIN,
    Release,
    TypesetLetter,
    inputs_of,
    is_staged,
    prepare,
    read_staged,
    refuse_others,
    staged_place,
    unstage,
    validated,
    write_staged,
)
from letters.publish.manifest import Findings, read_facts, signed, standards, with_kept_signature
from letters.publish.pages import collect, is_collected, withdrawn_page
from letters.validators import Finding

JUDGED = "judged"
"""The gate's condition on finished files. Publication validates those that it publishes itself."""

_LATER = (JUDGED, PRIVATE)
"""Conditions on finished files: publication holds those that it publishes against them."""


def refuse(candidate: Candidate, *, stage: bool) -> tuple[str, ...]:
    """Raise ProblemsFound with every reason against publishing a candidate, or against staging it.

    Returns the names of conditions for which the round sets nothing. Staging waits for no embargo.
    """
    later: Collection[str] = (EMBARGO,) if stage else ()
    quick = results_of(candidate, but=(*later, *_LATER))
    if any(not each.holds for each in quick):
        found = results_of(candidate, but=later)
        raise ProblemsFound(problem for each in found for problem in each.problems)
    return tuple(each.condition.name for each in quick if not each.is_set)


def refuse_private(project_round: ProjectRound, files: Mapping[str, bytes]) -> None:
    """Raise ProblemsFound where files about to be published repeat what the round keeps private.

    Of the archive only its name is read: it holds letters that are beside it.
    """
    read = chosen(files, (name for name in files if name != ARCHIVE))
    if problems := private_problems(project_round, texts_of(read)):
        raise ProblemsFound(problems)


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published, or staged: the folder, how many letters and files it holds.

    `changed` are ids of letters that differ from those published before, `withdrawn` of those that
    stay withdrawn; `collection` is the folder of all rounds, where there are several. `unset` names
    the conditions of the gate for which the round sets nothing to check. `unsigned` says whether
    what was published before was signed, and this is not.
    """

    folder: Path
    letters: int
    files: int
    changed: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    collection: Path | None = None
    unset: tuple[str, ...] = ()
    unsigned: bool = False


def publish(
    project: Project,
    project_round: ProjectRound,
    *,
    now: datetime,
    out: Path,
    stage: bool = False,
    note: str = "",
    jobs: int = 1,
    key: Path | None = None,
    on_wait: OnWait = tell_nobody,
) -> Publication:
    """Publish a round as a static site in `out/site`, or prepare it in `out/staged`.

    `out` is the round's folder of output, `now` the moment, with its time zone. What was staged is
    put in place byte for byte, once the embargo is over. `note` says what changed in letters
    published before, and why. `jobs` processes make the letters' files; 0 means one a core. Where
    folders beside `out` hold publications of other rounds, the site of all rounds, `site` beside
    `out`, is renewed too. The manifest is signed with `key`, the file of an SSH key, where one is
    given. `on_wait` is called where another command that changes the project must end first.

    Raises ProblemsFound with every reason against publication, UsageError where it cannot be
    signed: nothing was written then.
    """
    with sole_change(project.root, on_wait):
        return _publish(*project.renewed(project_round), now, out, stage, note, jobs, key)


def _publish(
    project: Project,
    project_round: ProjectRound,
    now: datetime,
    out: Path,
    stage: bool,
    note: str,
    jobs: int,
    key: Path | None,
) -> Publication:
    candidate = Candidate(project, project_round, now, out, jobs)
    unset = refuse(candidate, stage=stage)
    _refuse_note(project_round, out, stage, note)
    prepared, today = prepare(candidate), now.astimezone(LONDON).date()
    inputs = inputs_of(project_round, prepared)
    release = None if stage else _staged(candidate, prepared, inputs)
    if release is None:
        release = _made(candidate, prepared, today, note)
    if key:
        release = replace(release, files=signed(release.files, key))
    refuse_private(project_round, release.files)
    if stage:
        folder = write_staged(out, release.files, inputs, software(), today, note)
        return replace(_published(folder, release), unset=unset)
    return replace(put(project_round, out, release), unset=unset)


def put(project_round: ProjectRound, out: Path, release: Release) -> Publication:
    """Put a release in place: the ledger, the public folder whole, the site of all rounds."""
    # The ledger first: if the rest is cut off, publishing again finds nothing changed and ends it.
    was_signed = (out / SITE / SIGNATURE).exists()
    write_ledger(project_round, release.ledger)
    replace_folder(out / SITE, release.files)
    unstage(out)
    done = _published(out / SITE, release, collect(out.parent))
    return replace(done, unsigned=was_signed and SIGNATURE not in release.files)


def _published(folder: Path, release: Release, collection: Path | None = None) -> Publication:
    withdrawn = tuple(release.ledger.withdrawn)
    letters = len(release.ledger.letters) - len(withdrawn)
    files, changed = len(release.files), release.changed
    return Publication(folder, letters, files, changed, withdrawn, collection)


def _staged(
    candidate: Candidate, prepared: tuple[TypesetLetter, ...], inputs: str
) -> Release | None:
    """What is staged, byte for byte, where it is what the round makes of the staged letters."""
    project_round, out = candidate.project_round, candidate.out
    found = read_staged(out, project_round, inputs, software())
    if found is None:
        return None
    staged, files = found
    withdrawn = still_withdrawn(project_round, read_ledger(project_round))
    shown = [each for each in prepared if each.id not in withdrawn]
    lost = {path: b"" for each in shown for path in each.paths.values() if path not in files}
    whole = joined(files, lost)
    letters: LetterFiles = {each.id: chosen(whole, each.paths.values()) for each in shown}
    findings = {
        path: found
        for each in shown
        for path, found in validated(candidate, each, letters[each.id]).items()
    }
    if any(findings.values()):
        place = staged_place(project_round)
        raise ProblemsFound(
            Problem(place, f"{path}: {each}", AGAIN) for path, f in findings.items() for each in f
        )
    letters = {each.id: letters.get(each.id, {}) for each in prepared}
    release = _composed(candidate, prepared, letters, findings, staged.note, staged.day)
    refuse_others(project_round, files, release.files)
    return replace(release, files=files)


def _made(
    candidate: Candidate, prepared: tuple[TypesetLetter, ...], today: date, note: str
) -> Release:
    project_round, place = candidate.project_round, candidate.out / SITE
    settle(place)
    site, ledger = read_folder(place), read_ledger(project_round)
    withdrawn = still_withdrawn(project_round, ledger)
    files: dict[str, Mapping[str, bytes]] = {}
    findings: dict[str, tuple[Finding, ...]] = {}
    due = []
    for each in prepared:
        kept = None
        if each.id not in withdrawn:
            kept = kept_files(candidate, each, ledger.letters.get(each.id), site)
            due += [] if kept else [each]
        files[each.id] = kept or {}
        findings |= dict.fromkeys(kept or (), ())
    for each, made in zip(due, _downloads(candidate, due), strict=True):
        files[each.id] = LazyFiles({path: file.read for path, file in made.items()})
        findings |= {path: file.findings for path, file in made.items()}
    release = _composed(candidate, prepared, files, findings, note, today)
    return replace(release, files=with_kept_signature(release.files, site))


def _downloads(
    candidate: Candidate, letters: Sequence[TypesetLetter]
) -> Iterator[dict[str, EditionFile]]:
    """The files of letters that readers download, by path. Raises ProblemsFound."""
    ids = {each.id for each in letters}
    found = candidate.files_of(each for each in candidate.finished if each.id in ids)
    if problems := [files for files in found.values() if isinstance(files, Problem)]:
        raise ProblemsFound(problems)
    for each in letters:
        files = found[each.id]
        assert not isinstance(files, Problem)  # noqa: S101  (raised above)
        yield {path: files[format_] for format_, path in each.paths.items()}


def _composed(
    candidate: Candidate,
    prepared: tuple[TypesetLetter, ...],
    files: LetterFiles,
    findings: Findings,
    note: str,
    today: date,
) -> Release:
    """Every file of a publication of these letters' files. Raises ProblemsFound."""
    project_round = candidate.project_round
    ledger = read_ledger(project_round)
    withdrawn = still_withdrawn(project_round, ledger)
    changed = differences(ledger, prepared, files, withdrawn)
    problems = (
        *note_problems(project_round, changed, note),
        *lost_problems(project_round, ledger, [each.id for each in prepared]),
    )
    if problems:
        raise ProblemsFound(problems)
    edition = Edition(candidate, prepared, files, findings, ledger, withdrawn, changed, note, today)
    facts, whole = compose(edition)
    refuse_faults(project_round, facts, whole)
    return Release(whole, with_letters(ledger, facts.letters), tuple(c.letter for c in changed))


def _refuse_note(project_round: ProjectRound, out: Path, stage: bool, note: str) -> None:
    if note and not stage and is_staged(out):
        what = "The files are staged, and their note with them."
        fix = "Publish without --note, or stage again with another."
        raise ProblemsFound([Problem(staged_place(project_round), what, fix)])


def withdraw(
    project_round: ProjectRound,
    force: str,
    *,
    now: datetime,
    out: Path,
    note: str,
    on_wait: OnWait = tell_nobody,
) -> Publication:
    """Take the letter of `force` from the site in `out/site`; a page that says so stays.

    Made from the published site alone, so that no change to records or wording since goes out with
    it; no gate is asked. `on_wait` is called where another command that changes the project must
    end first. Raises UsageError where there is no such published letter, or no note; ProblemsFound
    where nothing is published, the letter is withdrawn already, or what is staged would bring it
    back.
    """
    if not note.strip():
        raise UsageError('Say why the letter is withdrawn: --note "…".')
    root, id_ = project_round.root, project_round.round.id
    with sole_change(root, on_wait):
        own = project_round if project_round.is_current else Project.load(root).round(id_)
        return _withdraw(own, force, now, out, note)


def _withdraw(
    project_round: ProjectRound, force: str, now: datetime, out: Path, note: str
) -> Publication:
    if problems := tuple(leaks(project_round, [FoundText("the note", note)])):
        raise ProblemsFound(problems)
    settle(out / SITE)
    site = read_folder(out / SITE)
    facts, ledger = read_facts(site), read_ledger(project_round)
    if facts is None or is_staged(out):
        raise ProblemsFound([_unready(project_round, site, staged=is_staged(out))])
    at, moment = now.astimezone(LONDON), now.replace(microsecond=0)
    if missing := _missing(project_round, site, facts):
        raise ProblemsFound(missing)
    letter = _found(facts, force)
    if letter.withdrawn:
        if is_collected(out.parent):
            raise ProblemsFound([_withdrawn_already(project_round, letter.id, letter.withdrawn)])
        # That withdrawal was cut off before its end.
        withdrawn = with_letters(ledger, [letter])
        return put(project_round, out, Release(site, withdrawn, (letter.id,)))
    change = Withdrawal(on=at.date(), note=" ".join(note.split()), at=moment)
    facts, files = _files(site, _without(facts, letter, change), letter, out)
    own = [e for e in facts.letters if e.id == letter.id or e.id not in ledger.letters]
    ledger = with_known(with_letters(ledger, own), letter.id, project_round)
    return put(project_round, out, Release(files, ledger, (letter.id,)))


def _unready(project_round: ProjectRound, site: Mapping[str, bytes], *, staged: bool) -> Problem:
    """Why nothing can be withdrawn: what is published is not there, or what is staged is."""
    out = f"out/{project_round.round.id}"
    if staged:
        what = f"A publication is staged{'' if site else ', and nothing is published yet'}."
        fix = f"Publish it (letters publish), or delete {out}/{STAGED}/, and withdraw then."
        if not site:
            fix = f"Delete {out}/{STAGED}/ if it is not to go out; withdraw what is published."
        return Problem(staged_place(project_round), what, fix)
    what = (
        f"The manifest {'cannot be read' if MANIFEST in site else 'is lost'}, so it is not"
        " known what is published."
        if site
        else "Nothing of the round is published here."
    )
    fix = "Publish it (letters publish), and withdraw then."
    return Problem(Place(f"{out}/{SITE}"), what, fix)


def _missing(
    project_round: ProjectRound, site: Mapping[str, bytes], facts: PublicationFacts
) -> tuple[Problem, ...]:
    """Files that the manifest names and the site has not."""
    place = Place(f"out/{project_round.round.id}/{SITE}")
    names = [
        *(page_path(letter) for letter in facts.letters),
        *(file.path for letter in facts.letters for file in letter.files),
        *(each.href for each in (facts.report, facts.press_release) if each and each.file),
    ]
    fix = "Publish it again (letters publish), and withdraw then."
    return tuple(
        Problem(place, f"The manifest names '{name}', which is not in the site.", fix)
        for name in names
        if name not in site
    )


def _withdrawn_already(project_round: ProjectRound, id_: str, withdrawal: Withdrawal) -> Problem:
    what = f"The letter was {withdrawal.said} already."
    return Problem(place(project_round, id_), what, BACK)


def _found(facts: PublicationFacts, force: str) -> PublishedLetter:
    for letter in facts.letters:
        if force == letter.id or force in (each.id for each in letter.forces):
            return letter
    known = [each.id for letter in facts.letters for each in letter.forces]
    raise UsageError(f"No letter of '{force}' is published. {did_you_mean(force, known)}".rstrip())


def _without(
    facts: PublicationFacts, letter: PublishedLetter, change: Withdrawal
) -> PublicationFacts:
    said = LedgerChange(on=change.on, note=f"Withdrawn: {change.note}")
    gone = letter.model_copy(
        update={
            "outcome": None,
            "files": (),
            "values": {},
            "history": (*letter.history, said),
            "withdrawn": change,
        }
    )
    letters = tuple(gone if each.id == letter.id else each for each in facts.letters)
    return facts.model_copy(update={"letters": letters})


def _files(
    site: Mapping[str, bytes], facts: PublicationFacts, letter: PublishedLetter, out: Path
) -> tuple[PublicationFacts, Mapping[str, bytes]]:
    """The facts, and the site's files: those of the letter gone, the shared ones made anew."""
    own = chosen(site, map(page_path, facts.letters))
    withdrawn = next(each for each in facts.letters if each.id == letter.id)
    pages = joined(own, {page_path(letter): withdrawn_page(facts, withdrawn)})
    downloads = chosen(site, (file.path for each in facts.letters for file in each.files))
    extra = {each.href for each in (facts.report, facts.press_release) if each and each.file}
    facts = facts.model_copy(update={"standards": standards(joined(downloads, pages))})
    return facts, site_files(facts, pages, joined(downloads, chosen(site, extra)), out)
