"""What a Dask worker loads first, for a test: one letter ends the worker's process."""

import os
import signal

from letters.build.letter import Maker
from letters.build.options import Order
from letters.build.record import BuiltLetter

DEADLY = "ashmere"


def dask_setup(_worker: object) -> None:
    usual = Maker.make

    def make(maker: Maker, order: Order) -> BuiltLetter:
        if order.letter.id == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        return usual(maker, order)

    Maker.make = make  # type: ignore[assignment, method-assign]
