"""Measure the house: files, code lines, imports, importers, circles, private imports, names.

Run from the project's folder: python -m tools.measure_code [FOLDER]

A line of code is one that holds a token of Python: no blank line, comment or docstring.
"""

import ast
import io
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SILENT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}


def code_lines(source: str, tree: ast.Module) -> set[int]:
    """Numbers of the lines that hold code."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in SILENT:
            lines.update(range(token.start[0], token.end[0] + 1))
    return lines - set(_docstring_lines(tree))


def _docstring_lines(tree: ast.Module) -> Iterator[int]:
    """Lines of docstrings, those under a constant or a field included."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for part in body if isinstance(body, list) else ():
            match part:
                case ast.Expr(value=ast.Constant(value=str())):
                    yield from range(part.lineno, _end(part) + 1)


def import_nodes(tree: ast.Module) -> list[ast.Import | ast.ImportFrom]:
    """Every import of a module, those inside functions included."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


def imported_modules(tree: ast.Module, modules: set[str]) -> set[str]:
    """Modules of the package that a module names in its imports."""
    found = set()
    for node in import_nodes(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & modules
        elif node.module:
            below = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (below & modules) or ({node.module} & modules)
    return found


def circles(imports: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that import each other, directly or through others."""
    reached = {module: _reached(module, imports) for module in imports}
    groups = {
        tuple(sorted(m for m in reached[module] if module in reached[m]))
        for module in imports
        if module in reached[module]
    }
    return [list(group) for group in sorted(groups)]


def _reached(module: str, imports: dict[str, set[str]]) -> set[str]:
    """Modules that a module imports, directly or through others."""
    found: set[str] = set()
    left = [module]
    while left:
        new = imports[left.pop()] - found
        found |= new
        left += new
    return found


def main(folder: str = "letters") -> None:
    """Print the measures of a package, one a line."""
    package = Path(folder)
    sources = {_module(path, package): path.read_text("utf-8") for path in package.rglob("*.py")}
    trees = {name: ast.parse(source) for name, source in sources.items()}
    lines = {name: code_lines(sources[name], tree) for name, tree in trees.items()}
    import_lines = sum(
        len({n for node in import_nodes(tree) for n in range(node.lineno, _end(node) + 1)})
        for tree in trees.values()
    )
    imports = {name: imported_modules(tree, set(trees)) for name, tree in trees.items()}
    importers = Counter(other for found in imports.values() for other in found)
    private = [
        f"{name}: {alias.name}"
        for name, tree in trees.items()
        for node in import_nodes(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(package.name)
        for alias in node.names
        if alias.name.startswith("_") and alias.name != "__version__"
    ]
    classes = Counter(
        node.name for tree in trees.values() for node in tree.body if isinstance(node, ast.ClassDef)
    )
    files = Counter(path.name for path in package.rglob("*.py"))
    ordinary = {"__init__.py", "html.py", "docx.py", "pdf.py"}
    total = sum(map(len, lines.values()))
    print(f"files                          {len(sources)}")
    print(f"code lines                     {total}")
    print(f"imports, % of code lines       {100 * import_lines / total:.1f}")
    print(f"modules with one importer      {sum(n == 1 for n in importers.values())}")
    print(f"circles                        {len(circles(imports))}")
    print(f"private names imported         {len(private)}")
    print(f"class names used twice         {sum(n > 1 for n in classes.values())}")
    print(
        "file names more than twice     "
        f"{sum(n > 2 and name not in ordinary for name, n in files.items())}"
    )


def _module(path: Path, package: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


if __name__ == "__main__":
    main(*sys.argv[1:])
