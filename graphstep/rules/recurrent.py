"""Recurrent layers: one layer of an LSTM in one direction, over all moments."""

from graphstep.rules.row import Row

_GIVEN = "input, weight0, weight1, weight2, weight3, hx_, cx_"
_GATES = f"lstm_gates(gs, {_GIVEN}, reverse)"

ROWS = (
    Row(
        "mkldnn_rnn_layer",
        f"lstm({_GIVEN})",
        f"{_GATES} @ weight0",
        f"over_time({_GATES}, input)",
        f"over_time({_GATES}, lstm_hidden({_GIVEN}, reverse))",
        f"per_gate({_GATES})",
        f"per_gate({_GATES})",
        f"lstm_first_hidden(gs, {_GIVEN}, reverse)",
        f"lstm_first_cell(gs, {_GIVEN}, reverse)",
        tangent=f"lstm_tangent(dx, dy, dz, dw, dweight3, dhx_, dcx_, {_GIVEN}, reverse=reverse)",
    ),
)
