"""The lines of a ledger: a table where it fits the width, else a few lines a term."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from graphstep.output.labels import cell_width, visible
from graphstep.steps.ledger import Entry, Ledger

LONG = 400
GAP = "  "
HEADS = ("term", "local partial", "adjoint above", "product", "sum", "off torch", "rule")
STATES = {
    "pending": "pending: no term is in yet",
    "partial": "partial: more is to come",
    "no path": "no path",
    "final": "final",
}


def ledger_text(shown: Ledger, width: int) -> Content:
    """Return a ledger within `width` cells; what is longer wraps."""
    lines = [_head(shown)]
    if shown.start:
        lines.append(
            Content.assemble(("start  ", "$text-muted"), f"{shown.start} (the output's seed)")
        )
    if shown.entries:
        lines.append(Content(""))
        rows = [_cells(entry) for entry in shown.entries]
        widths = [max(map(cell_width, column)) for column in zip(HEADS, *rows, strict=True)]
        if sum(widths) + len(GAP) * (len(widths) - 1) <= width:
            lines.append(Content.styled(_padded(HEADS, widths), "$text-muted"))
            texts = [Content.styled(_padded(row, widths), _style(entry))
                     for row, entry in zip(rows, shown.entries, strict=True)]  # fmt: skip
        else:
            texts = [Content("\n").join(_block(entry)) for entry in shown.entries]
        if shown.left_out:
            said = f"… {shown.left_out:,} more terms, in the sum but not listed …"
            texts.insert(shown.gap, Content.styled(said, "$text-muted"))
        lines += texts
    lines += [Content(""), *_end(shown)]
    return Content("\n").join(lines)


def _head(shown: Ledger) -> Content:
    count = len(shown.entries) + shown.left_out
    if not count:
        terms = "no term comes in"
    else:
        terms = "1 term" if count == 1 else f"{count:,} terms, in the order of their arrival"
    return Content.assemble((visible(shown.title, LONG), "bold"), f": {terms}")


def _end(shown: Ledger) -> Iterator[Content]:
    name = visible(shown.title, LONG).partition(" ")[0]
    if shown.state in ("pending", "no path"):
        reason = f": {visible(shown.note, LONG)}" if shown.note else ""
        yield Content(f"{name} {shown.result}{reason}")
        return
    yield Content.assemble(
        f"{name} = ", (shown.result, "$text-success bold"), f"   {STATES[shown.state]}"
    )
    if shown.agrees is not None:
        mark, style = ("✓", "$text-success") if shown.agrees else ("✗", "$text-error bold")
        said = "agrees with" if shown.agrees else "differs from"
        yield Content.styled(f"{mark} {said} torch's {shown.torch}", style)
    if shown.note:
        yield Content(visible(shown.note, LONG))


def _cells(entry: Entry) -> tuple[str, ...]:
    partial = visible(entry.partial, LONG)
    if entry.number and entry.number != entry.partial:
        partial = f"{partial} = {entry.number}"
    return (
        entry.edge,
        partial,
        entry.above,
        f"{entry.product}{' summed' if entry.summed and entry.arrived else ''}",
        entry.total,
        entry.distance,
        entry.rule,
    )


def _block(entry: Entry) -> Iterator[Content]:
    edge, partial, above, product, total, off, rule = _cells(entry)
    style = _style(entry)
    yield Content.styled(f"{edge}   by {'own rule' if rule == 'own' else 'torch'}", f"bold {style}")
    yield Content.styled(f"  local partial  {partial}", style)
    if entry.arrived:
        yield Content.styled(f"  adjoint above  {above}", style)
        yield Content.styled(f"  product        {product}", style)
        far = f"   {off} off torch" if off else ""
        yield Content.styled(f"  sum            {total}{far}", style)
    else:
        yield Content.styled("  pending        …", style)


def _style(entry: Entry) -> str:
    return "" if entry.arrived else "$text-muted"


def _padded(cells: Sequence[str], widths: Sequence[int]) -> str:
    parts = [
        text + " " * (width - cell_width(text)) for text, width in zip(cells, widths, strict=True)
    ]
    return GAP.join(parts).rstrip()
