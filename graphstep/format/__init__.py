"""Names, numbers, tensors and formulas as text: Unicode, ASCII and LaTeX."""
