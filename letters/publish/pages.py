"""The pages of a publication, from its facts and the templates beside this file; and the site of
all rounds: each round's site, an index, and a page for each force.

That site is made from the published folders alone, so nothing under embargo can reach it. The pages
of the rounds differ from those published alone in one thing: the way back to all rounds."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from letters.build.record import SITE
from letters.document import Block, Document, Figure
from letters.files import refuse_outside
from letters.folders import LazyFiles, joined, read_folder, replace_folder, settle
from letters.project.values import LONDON, written
from letters.publish.assessments import (
    ARCHIVE,
    CSV_FILE,
    JSON_FILE,
    MANIFEST,
    Force,
    PublicationFacts,
    PublishedFile,
    PublishedLetter,
)
from letters.publish.manifest import SUMS, read_facts, with_manifest
from letters.render.assets import data_url
from letters.render.html import blocks_html

LONGEST_LABEL = 36
"""Characters of a label's line: as many as fit the narrowest screen."""
WIDEST = 68
"""Per cent of the chart that its longest bar takes; the number is after it."""
LINE, BAR, SPACE = 22, 28, 18
"""Pixels from a line of a label to the next, of a bar with its room, and between two bars."""


@dataclass(frozen=True, slots=True)
class BarLabel:
    """A line of a bar's label and where its foot stands, in pixels."""

    text: str
    y: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: label above, length in per cent of the chart's width, place and number."""

    labels: tuple[BarLabel, ...]
    top: int
    width: float
    number: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All a template needs to draw the chart; `description` says in words what it shows."""

    bars: tuple[Bar, ...]
    height: int
    description: str


def chart_of(facts: PublicationFacts) -> Chart:
    """The chart of how many forces had each outcome."""
    longest = max((outcome.forces for outcome in facts.outcomes), default=0) or 1
    bars, top = [], 0
    for outcome in facts.outcomes:
        lines = textwrap.wrap(outcome.title, LONGEST_LABEL)
        labels = tuple(BarLabel(line, top + LINE * n + 16) for n, line in enumerate(lines))
        top += LINE * len(lines)
        number = f"{outcome.forces} ({percentage(outcome.forces, facts.forces)})"
        bars.append(Bar(labels, top, round(WIDEST * outcome.forces / longest, 2), number))
        top += BAR + SPACE
    said = listed(f"{outcome.title}: {outcome.forces}" for outcome in facts.outcomes)
    return Chart(tuple(bars), top - SPACE, f"{said}.")


LANGUAGE = "en-GB"
"""The language of everything on the site but the letters."""

FORMAT_NAMES = {
    "pdf": "PDF", "docx": "Word", "html": "Web page", "txt": "Text", "zip": "ZIP", "csv": "CSV",
    "json": "JSON",
}  # fmt: skip

STANDARDS = {
    "pdf": "PDF/UA-1 and PDF/A-2a",
    "docx": "Office Open XML; WCAG 2.2 for headings, lists, tables, pictures and languages",
    "html": "HTML; WCAG 2.2 for headings, tables, pictures and languages",
}
"""What the validators hold each format against."""


@dataclass(frozen=True, slots=True)
class Article:
    """A letter as its page holds it: the words, and who wrote to whom."""

    language: str
    information: tuple[tuple[str, tuple[str, ...]], ...]
    content: Markup

    @classmethod
    def of(cls, document: Document) -> Article:
        """The words of a typeset letter, in the reading order of every format."""
        parts = Markup("\n").join(
            Markup('<div class="{}">{}</div>').format(name, blocks_html(blocks, _picture))
            for name, blocks in _in_order(document)
            if blocks
        )
        return cls(document.language, document.information, parts)


def _in_order(document: Document) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """The slots as the layout has them, and its own words between them, each with a class."""
    for each in document.layout.order:
        if isinstance(each, str):
            yield each.replace("_", "-"), document.slots[each]
        else:
            yield "layout", (each,)


def _picture(figure: Figure) -> str:
    return data_url(figure.image, "image/png")


def letter_page(facts: PublicationFacts, letter: PublishedLetter, article: Article) -> bytes:
    """The page of one letter: the letter itself, its files and its history."""
    return page("letter.html", up="../", facts=facts, letter=letter, article=article)


def withdrawn_page(facts: PublicationFacts, letter: PublishedLetter) -> bytes:
    """The page that is where a withdrawn letter stood."""
    return page("withdrawn.html", up="../", facts=facts, letter=letter)


def shared_pages(facts: PublicationFacts, sizes: Mapping[str, int]) -> dict[str, bytes]:
    """Every other page; `sizes` are those of the files they offer, by path."""
    names = ("index.html", "data.html", "accessibility.html")
    chart = chart_of(facts)
    return {
        name: page(name, up="", facts=facts, chart=chart, sizes=sizes) for name in names
    } | assets()


def assets() -> dict[str, bytes]:
    """The stylesheet and the script of every page."""
    folder = files("letters.publish") / "templates"
    return {f"assets/{name}": (folder / name).read_bytes() for name in ("site.css", "site.js")}


def page(template: str, up: str, **given: object) -> bytes:
    """A page from one of the templates; `up` leads from it to the folder that holds `assets`."""
    text = _templates().get_template(template).render(up=up, language=LANGUAGE, **given)
    return text.encode()


def kilobytes(size: int) -> str:
    """A size as downloads name it, in thousands of bytes: "162 kB", "1.4 MB"."""
    if size < 999_500:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB"


def described(file: PublishedFile) -> str:
    """What a download is: "PDF, 162 kB, 2 pages"."""
    pages = "" if file.pages is None else f", {file.pages} {'page' if file.pages == 1 else 'pages'}"
    return f"{format_name(file.format)}, {kilobytes(file.size)}{pages}"


def format_name(format_: str) -> str:
    """A format as readers know it: "Word" for `docx`."""
    return FORMAT_NAMES.get(format_, format_.upper())


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("letters.publish"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "day": written,
        "described": described,
        "format_name": format_name,
        "kilobytes": kilobytes,
        "capital": _capital,
        "said": _said,
    }
    environment.globals |= {
        "overview": overview,
        "percentage": percentage,
        "published_day": published_day,
        "CSV": CSV_FILE,
        "JSON": JSON_FILE,
        "ZIP": ARCHIVE,
        "MANIFEST": MANIFEST,
        "SUMS": SUMS,
        "STANDARDS": STANDARDS,
    }
    return environment


def published_day(facts: PublicationFacts) -> date:
    """The day of publication in London."""
    return facts.published.astimezone(LONDON).date()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _said(name: str) -> str:
    """A noun as people say it: round.yaml joins its words, since it names a column too."""
    return name.replace("_", " ")


def percentage(part: int, whole: int) -> str:
    """A share as tables print it: "34%"; "under 1%" where it rounds to nothing."""
    if not part or not whole:
        return "0%"
    rounded = (200 * part + whole) // (2 * whole)
    return f"{rounded}%" if rounded else "under 1%"


def overview(facts: PublicationFacts) -> str:
    """The counts in words; the table, the chart and the summary say the same numbers."""
    groups = [
        f"{_counted(outcome.forces, facts)}: {outcome.title}"
        for outcome in facts.outcomes
        if outcome.forces
    ]
    return f"{_counted(facts.forces, facts)} assessed. {'; '.join(groups)}."


def _counted(number: int, facts: PublicationFacts) -> str:
    return f"{number} {_said(facts.noun if number == 1 else facts.nouns)}"


def listed(phrases: Iterable[str]) -> str:
    """Phrases as one: "a", "a and b", "a, b and c"."""
    several = list(phrases)
    if len(several) < 2:
        return "".join(several)
    return f"{', '.join(several[:-1])} and {several[-1]}"


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


def collection_files(rounds: Rounds) -> Mapping[str, bytes]:
    """Every file of the site of all rounds, by path."""
    latest = sorted((facts for facts, _ in rounds.values()), key=_latest_first)
    letters = _by_force(latest)
    forces = sorted(
        (Force(id=id_, name=_name(id_, each)) for id_, each in letters.items()),
        key=lambda force: force.name.casefold(),
    )
    sites = {each.round: _with_ways(each, site, letters) for each, site in rounds.values()}
    below = LazyFiles(
        {f"{id_}/{n}": partial(s.__getitem__, n) for id_, s in sites.items() for n in s}
    )
    publisher, files = latest[0].sender, assets()
    files["index.html"] = page(
        "rounds.html", up="", rounds=latest, forces=forces, publisher=publisher
    )
    for force in forces:
        files[f"forces/{force.id}.html"] = page(
            "force.html", up="../", force=force, letters=letters[force.id], publisher=publisher
        )
    return with_manifest(joined(below, files))


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
) -> Mapping[str, bytes]:
    """A round's files, its pages leading to the index and to each force's other letters."""
    files = {
        name: partial(_linked, name, site, letters)
        if name.endswith(".html")
        else partial(site.__getitem__, name)
        for name in site
    }
    return with_manifest(LazyFiles(files), facts)


def _linked(name: str, site: Mapping[str, bytes], letters: Mapping[str, Letters]) -> bytes:
    up = "../" * (name.count("/") + 1)
    way = Markup('<li><a href="{}index.html">All letters</a></li>').format(up)
    text = site[name].decode().replace(_TO_ALL, way)
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
