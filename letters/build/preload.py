"""What processes need that make letters, loaded as this is imported.

For processes copied from one that holds it. Hardly anything of it is ever let go: looking for
garbage meanwhile takes a fifth of the time.
"""

import gc
from importlib import import_module

gc.disable()
for _name in ("letters.build.letter", "letters.validators", "docxtpl"):
    import_module(_name)
gc.freeze()
gc.enable()
