"""The site of all rounds: each round's site, an index, and a page for each force.

It is made from the published folders alone, so nothing under embargo can reach it. The pages of the
rounds differ from those published alone in one thing: the way back to all rounds.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from markupsafe import Markup

from letters.build.record import SITE
from letters.files import refuse_outside
from letters.folders import read_folder, replace_folder, settle
from letters.publish.assessments import Force, PublicationFacts, PublishedLetter
from letters.publish.manifest import read_facts, with_manifest
from letters.publish.pages import assets, page

_TO_ALL = "<!-- way to all rounds -->"
_TO_OTHERS = re.compile(r"<!-- way to other letters: ([a-z0-9 -]+) -->")

Rounds = Mapping[str, tuple[PublicationFacts, Mapping[str, bytes]]]
Letters = list[tuple[PublicationFacts, PublishedLetter]]


def collect(out: Path) -> Path | None:
    """Renew `out/site` from the rounds published in folders of `out`; None where there is only one.

    A round of the name `site` is never collected: its output is where the collection stands.
    """
    rounds = _published(out)
    if len(rounds) < 2:
        return None
    replace_folder(out / SITE, collection_files(rounds))
    return out / SITE


def is_collected(out: Path) -> bool:
    """Whether `out/site` is as `collect` would make it."""
    rounds = _published(out)
    return len(rounds) < 2 or collection_files(rounds) == read_folder(out / SITE)


def collection_files(rounds: Rounds) -> dict[str, bytes]:
    """Every file of the site of all rounds, by path."""
    latest = sorted((facts for facts, _ in rounds.values()), key=_latest_first)
    letters = _by_force(latest)
    forces = sorted(
        (Force(id=id_, name=_name(id_, each)) for id_, each in letters.items()),
        key=lambda force: force.name.casefold(),
    )
    files = {
        f"{facts.round}/{name}": content
        for facts, site in rounds.values()
        for name, content in _with_ways(facts, site, letters).items()
    }
    publisher = latest[0].sender
    files["index.html"] = page(
        "rounds.html", up="", rounds=latest, forces=forces, publisher=publisher
    )
    for force in forces:
        files[f"forces/{force.id}.html"] = page(
            "force.html", up="../", force=force, letters=letters[force.id], publisher=publisher
        )
    return with_manifest({**files, **assets()})


def _published(out: Path) -> Rounds:
    found = {}
    for folder in sorted(out.iterdir()):
        if folder.name == SITE or folder.name.startswith(".") or not folder.is_dir():
            continue
        refuse_outside([folder, folder / SITE], out, out.parent)
        settle(folder / SITE)
        site = read_folder(folder / SITE)
        facts = read_facts(site)
        if facts:
            found[facts.round] = (facts, site)
    return found


def _latest_first(facts: PublicationFacts) -> tuple[float, str]:
    return (-facts.published.timestamp(), facts.round)


def _by_force(latest: Iterable[PublicationFacts]) -> dict[str, Letters]:
    """Each force's letters, the latest first."""
    found: dict[str, Letters] = {}
    for facts in latest:
        for letter in facts.letters:
            for force in letter.forces:
                found.setdefault(force.id, []).append((facts, letter))
    return found


def _name(force: str, letters: Letters) -> str:
    """The force's name in its latest letter."""
    return next(each.name for each in letters[0][1].forces if each.id == force)


def _with_ways(
    facts: PublicationFacts, site: Mapping[str, bytes], letters: Mapping[str, Letters]
) -> dict[str, bytes]:
    """A round's files, its pages leading to the index and to each force's other letters."""
    files = {
        name: _linked(name, content, letters) if name.endswith(".html") else content
        for name, content in site.items()
    }
    return with_manifest(files, facts)


def _linked(name: str, content: bytes, letters: Mapping[str, Letters]) -> bytes:
    up = "../" * (name.count("/") + 1)
    way = Markup('<li><a href="{}index.html">All letters</a></li>').format(up)
    text = content.decode().replace(_TO_ALL, way)
    return _TO_OTHERS.sub(lambda match: _others(match[1].split(), up, letters), text).encode()


def _others(forces: Iterable[str], up: str, letters: Mapping[str, Letters]) -> str:
    several = [force for force in forces if len(letters.get(force, ())) > 1]
    entries = Markup("").join(
        Markup('<li><a href="{}forces/{}.html">Other letters to {}</a></li>').format(
            up, force, _name(force, letters[force])
        )
        for force in several
    )
    return Markup('<ul class="others">{}</ul>').format(entries) if several else ""
