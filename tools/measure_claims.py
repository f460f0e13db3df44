"""Measure how claims are read: sentences, each at every count of 43, against what is true.

Run from the project's folder: python -m tools.measure_claims

It prints each sentence that is not read right, and writes the figures into docs/claims.md.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from letters.errors import Place, Problem
from letters.gate.claims import ClaimContext, claim_problems
from letters.gate.quantities import Groups
from letters.model import Assessment, Claim, NotClaim, Nouns
from letters.people import Person, Recipient

ALL = 43
FILES = (
    "tests/gate/claims.tsv",
    "tests/gate/claims_more.tsv",
    "tests/gate/claims_fresh.tsv",
    "tests/gate/claims_nouns.tsv",
)
PAGE = "docs/claims.md"
PLACE = Place("round.yaml")
_TABLE = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- end of figures -->)", re.DOTALL)

RIGHT, PASSES, ALARM, UNREAD = "right", "false pass", "false alarm", "not read"


@dataclass(frozen=True)
class Case:
    """A sentence, and at which counts of 43 it is true.

    `counted` and `left_out` are the names it counts and leaves out; `not_claims` the words in it
    with numbers of another time or thing.
    """

    group: str
    sentence: str
    true_at: frozenset[int]
    counted: tuple[str, ...]
    left_out: tuple[str, ...]
    nouns: Nouns
    not_claims: tuple[NotClaim, ...]


@dataclass(frozen=True)
class Verdict:
    """What was found of a case, in a word, and at which counts; the refusals at true counts."""

    case: Case
    word: str
    counts: tuple[int, ...]
    refusals: tuple[Problem, ...]


def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a file of tab-separated columns."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        return tuple(_case(*row) for row in rows)


def _case(*row: str) -> Case:
    group, sentence, true, counted, left_out, one, many, aside = row
    not_claims = tuple(NotClaim(words=each, reason="Another number.") for each in _listed(aside))
    return Case(
        group,
        sentence,
        frozenset(_counts(true)),
        tuple(_listed(counted)),
        tuple(_listed(left_out)),
        Nouns(one=one, many=many),
        not_claims,
    )


def _listed(cell: str) -> list[str]:
    return cell.split(";") if cell else []


def _counts(true: str) -> Iterator[int]:
    for part in true.split(",") if true != "none" else ():
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def verdict(case: Case) -> Verdict:
    """How a sentence is judged at every count, as one word."""
    found = {count: problems(case, count) for count in range(ALL + 1)}
    passed = tuple(n for n, each in found.items() if not each and n not in case.true_at)
    refused = {n: each for n, each in found.items() if each and n in case.true_at}
    refusals = tuple(each for all_ in refused.values() for each in all_)
    if passed:
        return Verdict(case, PASSES, passed, refusals)
    if not refused:
        return Verdict(case, RIGHT, (), ())
    is_unread = all(each.question or "cannot read" in each.what for each in refusals)
    return Verdict(case, UNREAD if is_unread else ALARM, tuple(refused), refusals)


def problems(case: Case, count: int) -> tuple[Problem, ...]:
    """What is said of a case where the records count so many; first those it names as counted."""
    reading = _reading(case.counted, case.left_out, case.nouns, case.not_claims)
    outcomes = tuple(_outcome(n) for n in range(count)) or ("no-such-outcome",)
    return claim_problems(Claim(sentence=case.sentence, counts=outcomes), reading, PLACE)


@cache
def _reading(
    counted: tuple[str, ...],
    left_out: tuple[str, ...],
    nouns: Nouns,
    not_claims: tuple[NotClaim, ...],
) -> ClaimContext:
    """Records in which each force has an outcome of its own, so that a claim may count any."""
    names = (*counted, *_invented(ALL - len(counted) - len(left_out)), *left_out)
    forces = {_id(name): _recipient(name) for name in names}
    records = {
        id_: Assessment((id_,), _outcome(n), (), {}, PLACE, {}) for n, id_ in enumerate(forces)
    }
    return ClaimContext(Groups(tuple(forces.values()), records), nouns, forces, {}, not_claims)


def _outcome(n: int) -> str:
    return f"outcome-{n}"


def _invented(number: int) -> tuple[str, ...]:
    return tuple(f"Invented {n} Police" for n in range(number))


def _id(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower())


def _recipient(name: str) -> Recipient:
    office = (Person(office="Chief Constable"),)
    return Recipient(id=_id(name), name=name, addressees=office, salutation=("Sir",), copied_to=())


def figures(verdicts: Iterable[Verdict]) -> dict[str, Counter[str]]:
    """How many sentences of each group are judged how."""
    found: dict[str, Counter[str]] = {}
    for each in verdicts:
        found.setdefault(each.case.group, Counter())[each.word] += 1
    return found


def as_table(found: dict[str, Counter[str]]) -> str:
    """The figures as a table of Markdown, with the sum."""
    columns = (RIGHT, PASSES, ALARM, UNREAD)
    rows = [("kind", "sentences", *columns), ("---", *["--:"] * 5)]
    for group, counts in {**found, "all": sum(found.values(), Counter[str]())}.items():
        rows.append((group, str(counts.total()), *(str(counts[each]) for each in columns)))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def main(root: Path = Path()) -> None:
    """Print what is not read right; write the figures into the page."""
    verdicts = [verdict(case) for file in FILES for case in read_cases(root / file)]
    for each in verdicts:
        if each.word != RIGHT:
            print(f"{each.word} at {each.counts}: {each.case.sentence}")
            print(*{f"  {problem}" for problem in each.refusals}, sep="\n")
    table = as_table(figures(verdicts))
    print(table)
    page = root / PAGE
    if page.is_file():
        page.write_text(_TABLE.sub(lambda _: table, page.read_text("utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
