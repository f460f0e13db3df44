"""Taking one letter from a published site; everything else stays, byte for byte where it can."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from letters.build.record import SITE, STAGED
from letters.errors import Place, Problem, ProblemsFound, UsageError, did_you_mean
from letters.files import OnWait, sole_change, tell_nobody
from letters.folders import read_folder, settle
from letters.gate.file_texts import FoundText
from letters.gate.private import leaks
from letters.ledger import BACK, LedgerChange, Withdrawal, place, read_ledger, with_known
from letters.project import Project, ProjectRound
from letters.project.values import LONDON
from letters.publish.assessments import MANIFEST, PublicationFacts, PublishedLetter
from letters.publish.collection import is_collected
from letters.publish.composition import page_path, site_files
from letters.publish.editorial import with_letters
from letters.publish.manifest import read_facts, standards
from letters.publish.pages import withdrawn_page
from letters.publish.publishing import Publication, put
from letters.publish.staging import Release, is_staged, staged_place


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
    facts, files = _files(site, _without(facts, letter, change), letter)
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
        f"The manifest {'cannot be read' if MANIFEST in site else 'is lost'}, so nothing tells what"
        " is published."
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
    site: Mapping[str, bytes], facts: PublicationFacts, letter: PublishedLetter
) -> tuple[PublicationFacts, dict[str, bytes]]:
    """The facts, and the site's files: those of the letter gone, the shared ones made anew."""
    own = {page_path(each): site[page_path(each)] for each in facts.letters}
    withdrawn = next(each for each in facts.letters if each.id == letter.id)
    pages = {**own, page_path(letter): withdrawn_page(facts, withdrawn)}
    downloads = {file.path: site[file.path] for each in facts.letters for file in each.files}
    extra = {each.href for each in (facts.report, facts.press_release) if each and each.file}
    facts = facts.model_copy(update={"standards": standards({**downloads, **pages})})
    return facts, site_files(facts, pages, downloads | {name: site[name] for name in extra})
