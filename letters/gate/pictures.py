"""The condition that no letter shows a placeholder that `letters new` wrote."""

from collections.abc import Iterator

from letters.errors import Place, Problem
from letters.gate.candidate import Candidate
from letters.pictures import is_placeholder
from letters.render.docx.layout import LAYOUT_FILE
from letters.render.stationery import Stationery

_WROTE = "the placeholder that 'letters new' wrote"


def unfinished(candidate: Candidate) -> Iterator[Problem]:
    """Placeholders in the place of the crest and of signatures, known by their digests."""
    if stationery := candidate.stationery:
        yield from _crests(stationery)
    round_, images = candidate.project_round.round, candidate.project_round.signatures
    used = {letter.signature for letter in candidate.finished}
    for id_, signatory in round_.signatories.items():
        if images[id_] in used and is_placeholder(images[id_]):
            place = candidate.place("signatories", id_, "signature")
            what = f"'{signatory.signature}' is {_WROTE}."
            fix = f"Put the signature of {signatory.name} in its place."
            yield Problem(place, what, fix)


def _crests(stationery: Stationery) -> Iterator[Problem]:
    web, fix = stationery.web, "Put your own crest in its place."
    found = [name for name in web.shown_files if is_placeholder(web.assets.files[name])]
    for name in found:
        yield Problem(Place(f"{web.assets.folder}/{name}"), f"'{name}' is {_WROTE}.", fix)
    if stationery.word.shows_placeholder and not found:
        what = f"The crest in Word letters is {_WROTE}."
        yield Problem(Place(f"{web.assets.folder}/{LAYOUT_FILE}"), what, fix)
