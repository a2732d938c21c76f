"""What is drawn at random: a draw has no gradient, a mask that was drawn is a factor."""

from graphstep.rules.row import Row

# An in-place draw has the row of its name: `x.uniform_()` forgets x.
_DRAWS = (
    "bernoulli", "poisson", "exponential", "geometric", "uniform", "cauchy", "log_normal", "random",
)  # fmt: skip

ROWS = (
    *(Row(name, None, "0") for name in _DRAWS),
    Row("normal", None, "0", "0"),
    # how the draw moves with its parameter, the chance of a smaller one being the same
    Row("_standard_gamma", None, "gamma_slope(x, v)"),
    # v1 is the mask that was drawn
    Row("native_dropout", None, "(1/(1 - p) if v1 else 0) if dropped(train) else 1"),
    # here p is the share that is kept
    Row("_fused_dropout", None, "1/p if v1 != 0 else 0"),
    Row("native_dropout_backward", "scale*x*y", "scale*y"),
)
