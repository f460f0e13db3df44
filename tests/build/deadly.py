"""What a Dask worker loads first, for a test: one letter ends the worker's process."""

import os
import signal

from letters.build.letter import Answer, LetterBuilder
from letters.build.options import BuildTask

DEADLY = "ashmere"


def dask_setup(_worker: object) -> None:
    usual = LetterBuilder.make

    def make(builder: LetterBuilder, task: BuildTask) -> Answer:
        if task.letter.id == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        return usual(builder, task)

    LetterBuilder.make = make  # type: ignore[assignment, method-assign]
