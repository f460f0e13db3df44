"""Libraries that the PDF engine imports and seldom uses, loaded when they are first used."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any

SELDOM = ("fontTools.subset", "fontTools.varLib.instancer")
"""What the engine calls only where harfbuzz-subset is not installed, or for a variable font. Their
start is a tenth of the engine's."""


@contextmanager
def seldom_later() -> Iterator[None]:
    """While this lasts, importing one of `SELDOM` gives a stand-in that loads it when called."""
    standing = {name: _StandIn(name) for name in SELDOM if name not in sys.modules}
    sys.modules.update(standing)
    try:
        yield
    finally:
        for name, module in standing.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


class _StandIn(ModuleType):
    """A module all of whose names are functions of the real one."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return partial(_call, self.__name__, name)


def _call(module: str, name: str, *args: Any, **options: Any) -> Any:
    return getattr(import_module(module), name)(*args, **options)
