"""Losses: predictions and targets into one number."""

from graphstep.rules.row import LINEAR, Row

_NLL = (
    "-onehot(x, target, ignore_index, weight)"
    "*(per_sample(g, x) if reduction == 0 else g/v1 if reduction == 1 else g)"
)
_CTC = "targets, input_lengths, target_lengths, blank"

ROWS = (
    Row("nll_loss_forward", "nll_loss(x, target)", _NLL, tangent=LINEAR),
    Row("nll_loss2d_forward", "nll_loss(x, target)", _NLL, tangent=LINEAR),
    Row(
        "mse_loss",
        "mse_loss(x, y)",
        "g*2*(x - y)*share(x, reduction)",
        "g*2*(y - x)*share(x, reduction)",
        tangent="reduced(2*(x - y)*(dx - dy), reduction)",
    ),
    Row(
        "smooth_l1_loss",
        "smooth_l1_loss(x, y)",
        "g*clip((x - y)/beta, -1, 1)*share(x, reduction)",
        "g*clip((y - x)/beta, -1, 1)*share(x, reduction)",
        tangent="reduced(clip((x - y)/beta, -1, 1)*(dx - dy), reduction)",
    ),
    Row(
        "huber_loss",
        "huber_loss(x, y)",
        "g*clip(x - y, -delta, delta)*share(x, reduction)",
        "g*clip(y - x, -delta, delta)*share(x, reduction)",
        tangent="reduced(clip(x - y, -delta, delta)*(dx - dy), reduction)",
    ),
    Row(
        "soft_margin_loss",
        "soft_margin_loss(x, y)",
        "-g*y*sigmoid(-x*y)*share(x, reduction)",
        tangent="reduced(-y*sigmoid(-x*y)*dx, reduction)",
    ),
    Row(
        "binary_cross_entropy",
        "binary_cross_entropy(x, y)",
        "scaled(g*(x - y)/clip(x*(1 - x), single(1e-12)), z)*share(x, reduction)",
        "scaled(g*(log1p(-x) - log(x)), z)*share(x, reduction)",
        tangent="reduced(scaled(dx*(x - y)/clip(x*(1 - x), single(1e-12))"
        " + dy*(log1p(-x) - log(x)), z), reduction)",
    ),
    Row(
        "binary_cross_entropy_with_logits",
        "binary_cross_entropy_with_logits(x, y)",
        "scaled(g*logit_slope(x, y, w), z)*share(x, reduction)",
        "scaled(g*label_slope(x, w), z)*share(x, reduction)",
        tangent="reduced(scaled(dx*logit_slope(x, y, w) + dy*label_slope(x, w), z), reduction)",
    ),
    *(
        Row(
            name,
            None,
            f"{slope}*above_samples(g, x, reduction)",
            tangent=f"reduced(over_classes({slope}*dx), reduction)",
        )
        for name, slope in (
            ("multi_margin_loss", "margin_slope(x, target, p, margin, weight)"),
            ("multilabel_margin_loss_forward", "labels_margin_slope(x, target)"),
        )
    ),
    Row(
        "_ctc_loss",
        None,
        f"ctc_adjoint(g, x, v, v1, {_CTC}, zero_infinity)",
        tangent=f"ctc_tangent(dx, x, v, v1, {_CTC}, zero_infinity)",
    ),
)
