"""Blocks side by side in a Word letter: tables of one row without lines, which are layout."""

from collections.abc import Sequence

_ABREAST = 2
"""Signatories in one row: three would have less than five centimetres each."""

_EMPTY = (
    '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
)
"""What Word needs between two tables, and at the end of a cell: a line of one point."""


def side_by_side(columns: Sequence[str], measure: int) -> str:
    """Write the paragraphs of columns two in a row, over a `measure` in twips."""
    rows = [columns[n : n + _ABREAST] for n in range(0, len(columns), _ABREAST)]
    return _EMPTY.join(_row(row, measure // _ABREAST) for row in rows) + _EMPTY


def _row(columns: Sequence[str], width: int) -> str:
    size = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
    cells = "".join(f"<w:tc>{size}{each or _EMPTY}</w:tc>" for each in columns)
    grid = f'<w:gridCol w:w="{width}"/>' * len(columns)
    margin = '<w:tblCellMar><w:left w:w="0" w:type="dxa"/></w:tblCellMar>'
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{width * len(columns)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{margin}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr></w:tbl>"
    )
