"""The Word letter: a layout prepared once, a body of block XML, a package of parts."""

from letters.render.docx.layout import WordLayout as WordLayout
