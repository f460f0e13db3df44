"""Letters that never end, without any waiting."""

from collections.abc import Callable

from letters.build.executors import TimedOut
from letters.build.letter import LetterBuilder
from letters.build.options import BuildTask
from letters.build.record import BuiltLetter


def go_round_for_ever() -> None:
    while True:
        pass


def hung_at(letter: str) -> Callable[[LetterBuilder, BuildTask], BuiltLetter]:
    """What makes letters, and has the time of one be up at once."""
    usual = LetterBuilder.make

    def make(builder: LetterBuilder, task: BuildTask) -> BuiltLetter:
        if task.letter.id == letter:
            raise TimedOut
        return usual(builder, task)

    return make
