"""Letters that never end, without any waiting."""

import threading
from collections.abc import Callable

from letters.build.letter import Maker
from letters.build.options import Order
from letters.build.processes import TooLong, _raise_in
from letters.build.record import BuiltLetter


def go_round_for_ever() -> None:
    while True:
        pass


def hung_at(letter: str) -> Callable[[Maker, Order], BuiltLetter]:
    """What makes letters, and goes round for ever at one, whose time is up at once."""
    usual = Maker.make

    def make(maker: Maker, order: Order) -> BuiltLetter:
        if order.letter.id == letter:
            _raise_in(threading.get_ident(), TooLong)
            go_round_for_ever()
        return usual(maker, order)

    return make
