"""What a Dask worker loads first, for a test: one letter ends the worker's process."""

import os
import signal

from letters.build.letter import LetterBuilder
from letters.build.options import BuildTask
from letters.build.record import BuiltLetter

DEADLY = "ashmere"


def dask_setup(_worker: object) -> None:
    usual = LetterBuilder.make

    def make(builder: LetterBuilder, task: BuildTask) -> BuiltLetter:
        if task.letter.id == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        return usual(builder, task)

    LetterBuilder.make = make  # type: ignore[assignment, method-assign]
