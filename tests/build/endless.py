"""Letters that never end, without any waiting."""

from collections.abc import Callable

from letters.build.executors import TimedOut
from letters.build.letter import Answer, LetterBuilder
from letters.build.options import BuildTask


def go_round_for_ever() -> None:
    while True:
        pass


def hung_at(letter: str) -> Callable[[LetterBuilder, BuildTask], Answer]:
    """What makes letters, and has the time of one be up at once."""
    usual = LetterBuilder.make

    def make(builder: LetterBuilder, task: BuildTask) -> Answer:
        if task.letter.id == letter:
            raise TimedOut
        return usual(builder, task)

    return make
