"""What to say about Python syntax that is not part of the expression language."""

from __future__ import annotations

import ast

WORDS: dict[type[ast.AST], str] = {
    ast.Lambda: "lambda is",
    ast.JoinedStr: "f-strings are",
    ast.ListComp: "comprehensions are",
    ast.SetComp: "comprehensions are",
    ast.DictComp: "comprehensions are",
    ast.GeneratorExp: "comprehensions are",
    ast.Dict: "dictionaries are",
    ast.Set: "sets are",
    ast.IfExp: "'if … else' (write where(condition, a, b)) is",
    ast.BoolOp: "'and' and 'or' (write & and | inside where) are",
    ast.Not: "'not' (write ~ inside where) is",
    ast.NamedExpr: "':=' (write z = …; …) is",
    ast.Await: "await is",
    ast.Yield: "yield is",
    ast.YieldFrom: "yield is",
    ast.Starred: "unpacking with '*' is",
    ast.keyword: "unpacking with '**' is",
    ast.Slice: "a slice outside an index is",
    ast.Tuple: "a tuple of values (a list has brackets: [1, 2]) is",
    ast.BitXor: "'^' (powers are written **) is",
    ast.LShift: "'<<' is",
    ast.RShift: "'>>' is",
    ast.Is: "'is' is",
    ast.IsNot: "'is not' is",
    ast.In: "'in' is",
    ast.NotIn: "'not in' is",
    ast.AugAssign: "an assignment such as += (write z = z + …) is",
    ast.AnnAssign: "an annotation is",
    ast.Import: "import is",
    ast.ImportFrom: "import is",
    ast.FunctionDef: "def is",
    ast.ClassDef: "class is",
    ast.For: "for is",
    ast.While: "while is",
    ast.If: "if is",
    ast.With: "with is",
    ast.Try: "try is",
    ast.Return: "return is",
    ast.Delete: "del is",
    ast.Assert: "assert is",
    ast.Raise: "raise is",
    ast.Global: "global is",
    ast.Nonlocal: "nonlocal is",
    ast.Pass: "pass is",
    ast.Break: "break is",
    ast.Continue: "continue is",
}


def refusal(node: ast.AST) -> str:
    """Return the one line for a kind of syntax that is not allowed."""
    word = WORDS.get(type(node), f"{type(node).__name__} is")
    return f"{word} not part of the expression language"


def constant_refusal(value: object) -> str:
    """Return the one line for a literal that is not a number where a number is needed."""
    if isinstance(value, str | bytes):
        return "strings are not part of the expression language, except a few keyword arguments"
    if isinstance(value, complex):
        return "complex numbers are not part of the expression language"
    shown = "..." if value is ... else str(value)
    return f"{shown} is not a number"
