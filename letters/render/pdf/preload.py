"""The PDF engine, started as this is imported: for processes copied from one that holds it.

A module of its own, since such processes name modules to import. Where the engine does not start,
nothing is said here: whoever prints a letter is told.
"""

import gc
from contextlib import suppress

from letters.errors import LettersError
from letters.render.pdf.letter import start_engine

gc.disable()  # hardly anything of it is ever let go
with suppress(LettersError):
    start_engine()
gc.freeze()
gc.enable()
