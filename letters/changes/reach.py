"""How far a change reaches: which letters it alters, and which letters show every branch."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from letters.approvals import Approvals
from letters.approvals.signing import as_it_stands
from letters.changes.words import passage_origins
from letters.document import Document, Origin
from letters.errors import ProblemsFound
from letters.model import Letter
from letters.render.stationery import Stationery


def typeset_all(
    stationery: Stationery, approvals: Approvals, letters: Iterable[Letter]
) -> Iterator[Document]:
    """Every letter as it stands, unfinished ones as drafts; those with problems are left out."""
    for letter in letters:
        try:
            yield as_it_stands(stationery, approvals, letter)
        except ProblemsFound:
            continue


def reached(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The letters, by id, that have another digest than before; those in one only included."""
    return tuple(id_ for id_ in {**after, **before} if before.get(id_) != after.get(id_))


def reach_sentence(names: Collection[str], total: int) -> str:
    """How far a change goes, such as "changes 2 of 43 letters: Kent Police, Merseyside Police"."""
    noun = "letter" if total == 1 else "letters"
    if not names:
        return f"changes none of {total} {noun}"
    if len(names) == total > 1:
        return f"changes all {total} {noun}"
    return f"changes {len(names)} of {total} {noun}: {', '.join(names)}"


def branches(document: Document) -> frozenset[Origin]:
    """The places of the wording a letter shows, and the conditions under which it shows them."""
    return frozenset(
        origin for origin in passage_origins(document) if origin.file.startswith("templates/")
    )


def smallest_set(shown: Mapping[str, frozenset[Origin]]) -> tuple[str, ...]:
    """Few letters that together show every branch any letter shows.

    Greedy: always the letter that adds most, the first of equals; one that later ones make needless
    is dropped. That is at most a little more than the fewest possible.
    """
    left = frozenset[Origin]().union(*shown.values())
    chosen: list[str] = []
    while left:
        best = max(shown, key=lambda id_: len(shown[id_] & left))
        chosen.append(best)
        left -= shown[best]
    for id_ in tuple(chosen):
        others = [shown[other] for other in chosen if other != id_]
        if shown[id_] <= frozenset[Origin]().union(*others):
            chosen.remove(id_)
    return tuple(chosen)
