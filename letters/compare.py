"""Letters held against one another, sentence by sentence: what all say, and where some differ.

For any letters, ours or others': PDF, Word, web and text files. What changes from letter to letter,
such as a name, is kept apart from drift, where most letters agree and a few do not.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

from letters.errors import LettersError, UsageError, some
from letters.files import files_in
from letters.gate.printed import sentences
from letters.gate.report import report_text
from letters.verify import is_beside_letters, is_source

FORMS = (".html", ".docx", ".pdf", ".txt")
"""The forms of letters that are read; of files that share a name but for its ending, the first."""
ALIKE = 0.6
"""How much of the words of two sentences must be the same for them to be one that varies."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the ways in which letters say something: the words, and the letters that have them."""

    words: str
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """A sentence that most letters word alike and some otherwise, most common words first."""

    sentence: str
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing letters shows.

    `same` are sentences that all have word for word, `values` those that differ in nearly every
    letter, as by a name or a finding. `missing` are sentences of most letters with those that lack
    them, `some` sentences of half the letters or fewer with those that have them.
    """

    letters: tuple[str, ...]
    same: tuple[str, ...]
    values: tuple[str, ...]
    drift: tuple[Drift, ...]
    missing: tuple[Variant, ...]
    some: tuple[Variant, ...]


def read_letters(paths: Iterable[Path]) -> dict[str, tuple[str, ...]]:
    """The sentences of the letters among `paths` and in folders of theirs, by the letter's file.

    Of several forms of a letter one is read. Raises UsageError where there are not two letters,
    LettersError where one cannot be read.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        if not path.exists():
            raise UsageError(f"There is no file or folder {path}.")
        inside = _inside(path) if path.is_dir() else [path]
        for each in sorted(inside, key=_form):
            found.setdefault(each.with_suffix(""), each)
    files = sorted(found.values())
    if len(files) < 2:
        raise UsageError(f"Name two letters or more, or folders of them: {', '.join(FORMS)} files.")
    names = [each.name for each in files]
    is_telling = len({*names}) == len(names)
    return {each.name if is_telling else str(each): _sentences(each) for each in files}


def _inside(folder: Path) -> list[Path]:
    return [
        path
        for path in files_in(folder)
        if path.suffix.lower() in FORMS
        and not any(is_source(each) for each in path.parents)
        and not is_beside_letters(path)
    ]


def _form(path: Path) -> int:
    suffix = path.suffix.lower()
    if suffix not in FORMS:
        raise UsageError(f"{path} is no letter. Name {', '.join(FORMS)} files, or a folder.")
    return FORMS.index(suffix)


def _sentences(path: Path) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(sentences(report_text(path))))
    except LettersError as error:
        raise LettersError(f"{path}: {error}") from error


@dataclass
class _Cluster:
    """Sentences that are one sentence of several letters, in the words of each."""

    texts: dict[str, list[str]] = field(default_factory=dict)  # letters by the words they have
    letters: set[str] = field(default_factory=set)

    def add(self, text: str, letters: Collection[str]) -> None:
        self.texts[text] = [*letters]
        self.letters |= {*letters}

    @property
    def common(self) -> str:
        """The words that most letters have."""
        return max(self.texts, key=lambda text: len(self.texts[text]))


def compare_letters(letters: Mapping[str, Sequence[str]]) -> Comparison:
    """What letters say alike and otherwise; each is given by its sentences, each of them once."""
    clusters = _clusters(letters)
    known = {text: cluster for cluster in clusters for text in cluster.texts}
    count = len(letters)
    loose = _in_place_of_others(letters, known)
    same: list[str] = []
    values: list[str] = []
    drift: list[Drift] = []
    missing: list[Variant] = []
    only: list[Variant] = []
    for cluster in clusters:
        if id(cluster) in loose:
            values.append(cluster.common)
            continue
        found = tuple(_drift(cluster))
        drift += found
        lacking = tuple(name for name in letters if name not in cluster.letters)
        if 2 * len(cluster.letters) <= count or _have_another(lacking, clusters):
            having = tuple(name for name in letters if name in cluster.letters)
            only.append(Variant(cluster.common, having))
        elif lacking:
            missing.append(Variant(cluster.common, lacking))
        if not found and len(cluster.texts) > 1:
            values.append(cluster.common)
        elif len(cluster.texts) == 1 and not lacking:
            same.append(cluster.common)
    return Comparison(
        tuple(letters), tuple(same), tuple(values), tuple(drift), tuple(missing), tuple(only)
    )


def _clusters(letters: Mapping[str, Sequence[str]]) -> list[_Cluster]:
    """The sentences of all letters, those that are alike together, in the order of the letters."""
    holders: dict[str, list[str]] = {}
    for name, said in letters.items():
        for sentence in said:
            holders.setdefault(sentence, []).append(name)
    order = {sentence: n for n, sentence in enumerate(holders)}
    clusters: list[_Cluster] = []
    for sentence in sorted(holders, key=lambda each: (-len(holders[each]), order[each])):
        near = _nearest(sentence, holders[sentence], clusters)
        if near is None:
            near = _Cluster()
            clusters.append(near)
        near.add(sentence, holders[sentence])
    return sorted(clusters, key=lambda each: min(order[text] for text in each.texts))


def _nearest(sentence: str, letters: Collection[str], found: Iterable[_Cluster]) -> _Cluster | None:
    """The cluster that a sentence is another wording of; a letter says each sentence once."""
    words, best, near = sentence.split(), ALIKE, None
    bag = Counter(words)
    for cluster in found:
        if not cluster.letters.isdisjoint(letters):
            continue
        other = cluster.common.split()
        shared = sum((bag & Counter(other)).values())
        if 2 * shared < best * (len(words) + len(other)):
            continue  # no order of the words could make them alike enough
        ratio = SequenceMatcher(None, other, words, autojunk=False).ratio()
        if ratio > best or (ratio == best and near is None):
            best, near = ratio, cluster
    return near


def _have_another(lacking: Collection[str], clusters: Iterable[_Cluster]) -> bool:
    """Whether letters that lack a sentence have one that only they have: another outcome's."""
    wanted = {*lacking}
    own = [each.letters for each in clusters if len(each.letters) > 1 and each.letters <= wanted]
    return bool(wanted) and set[str]().union(*own) == wanted


def _in_place_of_others(
    letters: Mapping[str, Sequence[str]], known: Mapping[str, _Cluster]
) -> set[int]:
    """Which sentences of few letters have others in their place in most letters: values.

    They follow, or come before, the same sentence that most letters have: where more than half of
    the letters say something there, each its own, it is a name, an address or a finding.
    """
    half = len(letters) / 2
    gaps: dict[tuple[str, int], dict[str, list[_Cluster]]] = {}
    for name, said in letters.items():
        found = [known[sentence] for sentence in said]
        anchors = [-1, *(n for n, each in enumerate(found) if len(each.letters) > half), len(found)]
        for first, last in pairwise(anchors):
            if inside := found[first + 1 : last]:
                before = id(found[first]) if first >= 0 else 0
                after = id(found[last]) if last < len(found) else 0
                gaps.setdefault(("after", before), {})[name] = inside
                gaps.setdefault(("before", after), {})[name] = inside
    loose: set[int] = set()
    for by_letter in gaps.values():
        several = Counter(id(each) for inside in by_letter.values() for each in inside)
        if len(by_letter) > half and max(several.values()) == 1:
            loose |= several.keys()
    return loose


def _drift(cluster: _Cluster) -> Iterator[Drift]:
    """Where most letters of a cluster agree on some words and a few have others."""
    common = cluster.common
    base = common.split()
    matches = {
        text: SequenceMatcher(None, base, text.split(), autojunk=False).get_matching_blocks()
        for text in cluster.texts
    }
    for start, end in _slots(len(base), matches.values()):
        said: dict[str, list[str]] = {}
        for text, blocks in matches.items():
            there = slice(_start(blocks, start), _end(blocks, end))
            said.setdefault(" ".join(text.split()[there]), []).extend(cluster.texts[text])
        if _is_drift(said, len(cluster.letters)):
            before = base[max(start - 1, 0) : start]
            ordered = sorted(said.items(), key=lambda each: -len(each[1]))
            variants = (
                Variant(" ".join([*before, *words.split()]), tuple(sorted(names)))
                for words, names in ordered
            )
            yield Drift(common, tuple(variants))


def _is_drift(said: Mapping[str, Collection[str]], count: int) -> bool:
    """Whether words vary as by oversight: most letters agree, and the others have few variants."""
    most = max(map(len, said.values()))
    return len(said) > 1 and 2 * most > count and 2 * len(said) <= count + 2


Blocks = Sequence[tuple[int, int, int]]


def _slots(length: int, matches: Iterable[Blocks]) -> list[tuple[int, int]]:
    """The runs of words that some text has otherwise; words put in belong to the word before."""
    spans = set()
    for blocks in matches:
        for (start, other, size), (following, theirs, _) in pairwise([(0, 0, 0), *blocks]):
            first, last = start + size, following
            if first < last:
                spans.add((first, last))
            elif other + size < theirs:
                spans.add((max(first - 1, 0), max(first, min(1, length))))
    slots: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if slots and first < slots[-1][1]:
            slots[-1] = (slots[-1][0], max(last, slots[-1][1]))
        else:
            slots.append((first, last))
    return slots


def _start(blocks: Blocks, place: int) -> int:
    """Where in another text a slot begins: after the equal words that end there, or hold it."""
    found = 0
    for start, other, size in blocks:
        if start < place:
            found = other + min(size, place - start)
    return found


def _end(blocks: Blocks, place: int) -> int:
    """Where in another text a slot ends: before the equal words that begin there, or hold it."""
    before = (0, 0, 0)
    for start, other, size in blocks:
        if start >= place:
            known = place - before[0]
            return before[1] + known if start > place and known <= before[2] else other
        before = (start, other, size)
    return before[1]


MOST_ALONE = 20
"""Sentences of one letter alone that are listed one by one: more are findings of each letter."""


def in_words(found: Comparison) -> Iterator[str]:
    """A comparison as lines of text."""
    count, same, varied = len(found.letters), len(found.same), len(found.values)
    words = f"; {varied} change from letter to letter" if varied else ""
    sentence = "sentence" if same == 1 else "sentences"
    yield f"{count} letters: {same} {sentence} the same in all{words}."
    shown = ""
    for drift in found.drift:
        if drift.sentence != shown:
            shown = drift.sentence
            yield shown
        yield f"  {', '.join(_counted(each, count) for each in drift.variants)}"
    for each in found.missing:
        yield f'Missing in {len(each.letters)}: "{each.words}" {", ".join(each.letters)}'
    several = [each for each in found.some if len(each.letters) > 1]
    alone = [each for each in found.some if len(each.letters) == 1]
    for each in several:
        yield f'In {len(each.letters)} only: "{each.words}" {some(each.letters, MOST_NAMED)}'
    for each in alone if len(alone) <= MOST_ALONE else ():
        yield f'In 1 only: "{each.words}" {each.letters[0]}'
    if len(alone) > MOST_ALONE:
        yield f"In 1 only: {len(alone):,} sentences; --json lists them."
    if not (found.drift or found.missing or found.some):
        yield "No letter says anything otherwise than the others."


def _counted(variant: Variant, count: int) -> str:
    """Some words, how many letters have them and, where these are few, which."""
    where = f": {some(variant.letters, MOST_NAMED)}" if 2 * len(variant.letters) < count else ""
    words = variant.words or "(nothing)"
    return f'"{words}" {len(variant.letters)}{where}'


MOST_NAMED = 5
"""Letters that a line names."""
