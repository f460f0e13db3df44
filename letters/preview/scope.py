"""How far the last change of a wording or layout reaches, found while nobody waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from letters.approvals import Approvals
from letters.document import Origin
from letters.model import Letter
from letters.preview.epoch import Epoch, changed_files
from letters.reach import branches, fingerprint, reached, smallest_set, typeset_all
from letters.render.stationery import Stationery


@dataclass(frozen=True)
class Scope:
    """What is known of all letters of an epoch.

    `files` are the templates changed last and `reached` the letters that this changed; `set` is the
    smallest set of finished letters that together show every branch of the wording.
    """

    files: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    set: tuple[str, ...] = ()
    said: Mapping[str, _Said] = field(default_factory=dict)
    epoch: Epoch = field(default_factory=Epoch)


@dataclass(frozen=True)
class _Said:
    """One letter as it was typeset: what it was made of, what it says, what it shows."""

    letter: Letter
    stationery: Stationery
    fingerprint: str
    branches: frozenset[Origin]


def next_scope(earlier: Scope, epoch: Epoch, is_over: Callable[[], bool]) -> Scope | None:
    """What is known of all letters of `epoch`; None where `is_over` says that nobody wants it.

    Letters whose record and templates are as they were are not typeset again.
    """
    said: dict[str, _Said] = {}
    for id_, letter in epoch.letters.items():
        if is_over():
            return None
        known = earlier.said.get(id_)
        now = known if known and _is_same(known, letter, epoch) else _said(epoch, letter)
        if now:
            said[id_] = now
    shown = {id_: each.branches for id_, each in said.items() if not each.letter.missing}
    files, changed = earlier.files, earlier.reached
    if _is_news(earlier.epoch, epoch):
        files = changed_files(epoch.templates, earlier.epoch.templates)
        changed = _reached(earlier, epoch, said, files)
    return Scope(files, changed, smallest_set(shown), said, epoch)


def _is_same(known: _Said, letter: Letter, epoch: Epoch) -> bool:
    return known.stationery is epoch.stationery and known.letter == letter


def _said(epoch: Epoch, letter: Letter) -> _Said | None:
    if epoch.stationery is None or epoch.round is None:
        return None
    for document in typeset_all(epoch.stationery, Approvals.load(epoch.round), [letter]):
        return _Said(letter, epoch.stationery, fingerprint(document), branches(document))
    return None


def _is_news(earlier: Epoch, now: Epoch) -> bool:
    """Whether templates changed, and are sound."""
    is_first = not earlier.templates
    return not is_first and not now.template_problems and now.templates != earlier.templates


def _reached(
    earlier: Scope, epoch: Epoch, said: Mapping[str, _Said], files: tuple[str, ...]
) -> tuple[str, ...]:
    if epoch.round and any(f.startswith(f"templates/{epoch.round.round.layout}/") for f in files):
        return tuple(epoch.letters)  # looks are shared by all
    before, after = (
        {id_: each.fingerprint for id_, each in known.items()} for known in (earlier.said, said)
    )
    return reached(before, after)
