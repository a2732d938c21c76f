"""Losses: predictions and targets into one number."""

from graphstep.rules.row import LINEAR, Row

ROWS = (
    Row(
        "nll_loss_forward",
        "nll_loss(x, target)",
        "-onehot(x, target, ignore_index, weight)"
        "*(per_sample(g, x) if reduction == 0 else g/v1 if reduction == 1 else g)",
        tangent=LINEAR,
    ),
    Row(
        "mse_loss",
        "mse_loss(x, y)",
        "g*2*(x - y)*share(x, reduction)",
        "g*2*(y - x)*share(x, reduction)",
        tangent="reduced(2*(x - y)*(dx - dy), reduction)",
    ),
)
