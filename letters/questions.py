"""Questions: problems that only a person can close, by an entry under `answers:` in `round.yaml`.

A question quotes what it is about, and part of the digest of what is a file; its first word is its
kind. So an answer is void as soon as what it quotes changes, and is itself a problem then. Whoever
asks questions of a kind lists it in `KINDS`, asks by `Answers.to`, yields `asked` where the answer
is none of the choices, and at the end yields `Answers.idle`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from letters.errors import Place, Problem
from letters.model import Round

PICTURE, PRIVATE, CLAIM, NAME = "picture", "private", "claim", "name"
KINDS = (PICTURE, PRIVATE, CLAIM, NAME)
"""The first words of all questions: what they are about."""


def asked(
    place: Place, what: str, question: str, choices: Sequence[str], first: str = ""
) -> Problem:
    """A question as a problem, whose fix is the entry that answers it, ready to be completed.

    `first` is what else may be done, and ends with when to answer: "If it is no secret,".
    """
    quoted = json.dumps(_one_line(question), ensure_ascii=False)
    entry = f"- {{question: {quoted}, answer: {' or '.join(choices)}, date: …, reason: …}}"
    fix = f"{f'{first} w' if first else 'W'}rite the answer under 'answers' in round.yaml: {entry}"
    return Problem(place, what, fix, question=_one_line(question))


class Answers:
    """A round's answers; `places` are those of round.yaml's parts. They remember what was asked."""

    def __init__(self, round_: Round | None = None, places: Mapping[str, Place] | None = None):
        self._given = round_.answers if round_ else ()
        self._file = f"rounds/{round_.id}/round.yaml" if round_ else ""
        self._places = places or {}
        self._asked: set[str] = set()

    def to(self, question: str) -> str:
        """What was answered to `question`; "" where nothing was."""
        self._asked.add(_one_line(question))
        given = (each.answer for each in self._given if each.question == _one_line(question))
        return next(given, "")

    def idle(self, kind: str) -> Iterator[Problem]:
        """The answers to questions of a kind that were not asked; say so once all were."""
        for n, each in enumerate(self._given):
            if _kind(each.question) == kind and each.question not in self._asked:
                yield self._idle(n)

    def unknown(self) -> Iterator[Problem]:
        """The answers to questions of no kind that there is."""
        for n, each in enumerate(self._given):
            if _kind(each.question) not in KINDS:
                yield self._idle(n)

    def _idle(self, n: int) -> Problem:
        what = f"'{self._given[n].question}' is asked no more; this answers nothing any more."
        place = self._places.get(f"answers.{n}", Place(self._file))
        return Problem(place.at("answers"), what, "Delete the entry.")


def _kind(question: str) -> str:
    return question.partition(" ")[0]


def _one_line(text: str) -> str:
    return " ".join(text.split())
