"""The Word letter: a layout prepared once, a body of block XML, a package of parts."""
