"""One layer of an LSTM, written out moment by moment: gates, cell, hidden state."""

from __future__ import annotations

from graphstep.textbook.expansion import Expansion, Scope, Write

MOST_MOMENTS = 8
"""A longer sequence is not written out."""


def _lstm(scope: Scope) -> Expansion | None:
    x, width = scope["input"], scope["weight1"].shape[1]
    moments = x.shape[0]
    if moments > MOST_MOMENTS:
        return None
    order = range(moments - 1, -1, -1) if scope["reverse"] else range(moments)
    bias = " + b" if scope["has_biases"] else ""
    lines = ["b = weight2 + weight3"] if bias else []
    h, c = "hx_", "cx_"
    for t in order:
        gates = [f"a{t}[:, {k * width}:{(k + 1) * width}]" for k in range(4)]
        lines += [
            f"a{t} = matmul(input[{t}], weight0.T) + matmul({h}, weight1.T){bias}",
            f"i{t} = sigmoid({gates[0]})",
            f"f{t} = sigmoid({gates[1]})",
            f"g{t} = tanh({gates[2]})",
            f"o{t} = sigmoid({gates[3]})",
            f"c{t} = f{t}*{c} + i{t}*g{t}",
            f"h{t} = o{t}*tanh(c{t})",
        ]
        h, c = f"h{t}", f"c{t}"
    return Expansion("; ".join((*lines, f"stack([{', '.join(f'h{t}' for t in range(moments))}])")))


EXPANSIONS: dict[str, Write] = {"mkldnn_rnn_layer": _lstm}
