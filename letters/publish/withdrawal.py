"""Taking one letter from a published site; everything else stays, byte for byte where it can."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from letters.errors import UsageError, did_you_mean
from letters.project import ProjectRound
from letters.project.moments import LONDON
from letters.publish.collection import collect
from letters.publish.facts import Change, Facts, PublishedLetter
from letters.publish.ledger import read_ledger
from letters.publish.manifest import read_facts
from letters.publish.pages import withdrawn_page
from letters.publish.publishing import SITE, Publication, put
from letters.publish.site import page_path, site_files
from letters.publish.staging import NOTE, Release
from letters.publish.standards import standards
from letters.publish.swap import read_folder, settle


def withdraw(
    project_round: ProjectRound, force: str, *, now: datetime, out: Path, note: str
) -> Publication:
    """Take the letter of `force` from the site in `out/site`; a page that says so stays.

    Made from the published site alone, so that no change to records or wording since goes out with
    it; no gate is asked. Raises UsageError where there is no such published letter, or no note.
    """
    if not note.strip():
        raise UsageError('Say why the letter is withdrawn: --note "…".')
    if (out / NOTE).exists():
        raise UsageError("A publication is staged. Publish it, or delete it, and withdraw then.")
    settle(out / SITE)
    site = read_folder(out / SITE)
    facts = read_facts(site)
    if facts is None:
        raise UsageError(f"Nothing of round {project_round.round.id} is published in {out / SITE}.")
    change = Change(on=now.astimezone(LONDON).date(), note=" ".join(note.split()))
    letter = _found(facts, force)
    if letter.withdrawn:
        collect(out.parent)  # an earlier withdrawal may have been cut off before this
        raise UsageError(f"The letter of '{force}' is withdrawn already.")
    facts, files = _files(site, _without(facts, letter, change), letter)
    ledger = read_ledger(project_round).with_letters(facts.letters)
    return put(project_round, out, Release(files, ledger, (letter.id,)))


def _found(facts: Facts, force: str) -> PublishedLetter:
    for letter in facts.letters:
        if force == letter.id or force in (each.id for each in letter.forces):
            return letter
    known = [each.id for letter in facts.letters for each in letter.forces]
    raise UsageError(f"No letter of '{force}' is published. {did_you_mean(force, known)}".rstrip())


def _without(facts: Facts, letter: PublishedLetter, change: Change) -> Facts:
    said = Change(on=change.on, note=f"Withdrawn: {change.note}")
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
    site: Mapping[str, bytes], facts: Facts, letter: PublishedLetter
) -> tuple[Facts, dict[str, bytes]]:
    """The facts, and the site's files: those of the letter gone, the shared ones made anew."""
    own = {page_path(each): site[page_path(each)] for each in facts.letters}
    withdrawn = next(each for each in facts.letters if each.id == letter.id)
    pages = {**own, page_path(letter): withdrawn_page(facts, withdrawn)}
    downloads = {file.path: site[file.path] for each in facts.letters for file in each.files}
    extra = {each.href for each in (facts.report, facts.press_release) if each and each.file}
    facts = facts.model_copy(update={"standards": standards({**downloads, **pages})})
    return facts, site_files(facts, pages, downloads | {name: site[name] for name in extra})
