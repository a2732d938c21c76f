"""Recurrent layers: one moment, one layer in one direction, layers on layers; packed sequences."""

from graphstep.rules.row import Row

_OPERANDS = "input, weight0, weight1, weight2, weight3, hx_, cx_"
_GIVEN = f"{_OPERANDS}, reverse, has_biases"
_GATES = f"lstm_gates(gs, {_GIVEN})"
_CELL = "input_gates, hidden_gates, {}, input_bias, hidden_bias"
_STACK = "input, weight, weight_stride0, hx, cx, mode, batch_first, bidirectional, batch_sizes"


def _cell(kind: str, state: str) -> Row:
    """Return the row of one cell, given what input and state bring to its gates."""
    given = _CELL.format(state)
    brought, held = (f"cell_{part}('{kind}', gs, {given})" for part in ("input", "hidden"))
    return Row(
        f"_thnn_fused_{kind}_cell",
        f"{kind}_cell({given})",
        brought,
        held,
        f"cell_before('{kind}', gs, {given})",
        brought,
        held,
        tangent=f"cell_tangent('{kind}', dx + dw, dy + dhidden_bias, dz, {given})",
    )


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
    # the third operand, all weights in one buffer, is made of the list and carries no gradient
    Row(
        "_cudnn_rnn",
        None,
        f"stack_input(gs, {_STACK})",
        f"stack_weight(gs, k, {_STACK})",
        None,
        f"stack_hidden(gs, {_STACK})",
        f"stack_cell(gs, {_STACK})",
        tangent=f"stack_tangent(dx, dy, dw, dcx, {_STACK})",
    ),
    _cell("lstm", "cx"),
    _cell("gru", "hx"),
    Row(
        "_pack_padded_sequence",
        None,
        "unpacked(g, x, v1, batch_first)",
        tangent="packed(dx, v1, batch_first)",
    ),
)
