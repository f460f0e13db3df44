"""Letters that never end, without any waiting."""

from collections.abc import Callable

from letters.build.letter import Maker
from letters.build.options import Order
from letters.build.processes import TooLong
from letters.build.record import BuiltLetter


def go_round_for_ever() -> None:
    while True:
        pass


def hung_at(letter: str) -> Callable[[Maker, Order], BuiltLetter]:
    """What makes letters, and has the time of one be up at once."""
    usual = Maker.make

    def make(maker: Maker, order: Order) -> BuiltLetter:
        if order.letter.id == letter:
            raise TooLong
        return usual(maker, order)

    return make
