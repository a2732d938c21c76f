"""Recurrent layers: one layer of an LSTM in one direction, over all moments; packed sequences."""

from graphstep.rules.row import Row

_OPERANDS = "input, weight0, weight1, weight2, weight3, hx_, cx_"
_GIVEN = f"{_OPERANDS}, reverse, has_biases"
_GATES = f"lstm_gates(gs, {_GIVEN})"

ROWS = (
    Row(
        "mkldnn_rnn_layer",
        f"lstm({_OPERANDS})",
        f"{_GATES} @ weight0",
        f"over_time({_GATES}, input)",
        f"over_time({_GATES}, lstm_hidden({_GIVEN}))",
        f"per_gate({_GATES})",
        f"per_gate({_GATES})",
        f"lstm_first_hidden(gs, {_GIVEN})",
        f"lstm_first_cell(gs, {_GIVEN})",
        tangent=f"lstm_tangent(dx, dy, dz, dw, dweight3, dhx_, dcx_, {_GIVEN})",
    ),
    Row(
        "_pack_padded_sequence",
        None,
        "unpacked(g, x, v1, batch_first)",
        tangent="packed(dx, v1, batch_first)",
    ),
)
