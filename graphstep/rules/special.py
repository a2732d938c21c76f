"""Special functions: one local partial for each operand, where there is a closed one."""

from graphstep.rules.row import Row

ROWS = (
    # of the normal distribution and the error function
    Row("special_erfcx", "exp(x**2)*(1 - erf(x))", "2*x*v - 2/sqrt(pi)"),
    Row("special_ndtri", "ndtri(x)", "sqrt(2*pi)*exp(v**2/2)"),
    Row("special_log_ndtr", "log(Phi(x))", "sqrt(2/pi)/erfcx(-x/sqrt(2))"),
    # of Bessel
    Row("i0", "i0(x)", "i1(x)"),
    Row("special_i0e", "exp(-abs(x))*i0(x)", "i1e(x) - sign(x)*v"),
    Row("special_i1", "i1(x)", "i0(x) - v/x if abs(x) > tiny(x) else 1/2"),
    Row(
        "special_i1e",
        "exp(-abs(x))*i1(x)",
        "i0e(x) - v*(sign(x) + 1/x) if abs(x) > tiny(x) else 1/2",
    ),
    # of Gamma and zeta
    Row("polygamma", "polygamma(n, x)", "polygamma(n + 1, x)"),
    *(
        Row(
            name,
            f"{name}(x, y)",
            None,
            f"{sign}exp((x - 1)*log(y) - y - lgamma(x))",
            tangent=f"{sign}exp((x - 1)*log(y) - y - lgamma(x))*dy",
        )
        for name, sign in (("igamma", ""), ("igammac", "-"))
    ),
    Row("mvlgamma", "mvlgamma(x, p)", "digamma_sum(x, p)"),
    Row("special_zeta", "zeta(x, y)", None, "-x*zeta(x + 1, y)", tangent="-x*zeta(x + 1, y)*dy"),
    # entropies and odds
    Row("special_entr", "-x*log(x)", "-(1 + log(x))"),
    Row("logit", "log(x/(1 - x))", "0 if clipped(x, eps) else odds_slope(x)"),
    Row(
        "special_xlog1py",
        "x*log(1 + y)",
        "0 if (x == 0) & (y <= -1) else xlog1py(g, y)",
        "g*x/(y + 1)",
        tangent="(0 if (x == 0) & (y <= -1) else xlog1py(dx, y)) + dy*x/(y + 1)",
    ),
    # of signs and powers of two
    Row("copysign", "abs(x) if y >= 0 else -abs(x)", "0 if x == 0 else v/x", "0"),
    Row("ldexp", "x*2**y", "2**y", "v*log(2)"),
    Row("sgn", "sign(x)", "direction_change(g, x, v)", tangent="direction_change(dx, x, v)"),
    # torch rounds the sixth to float32 in every dtype
    Row("hardsigmoid", "clip(x/6 + 1/2, 0, 1)", "single(1/6) if (x > -3) & (x < 3) else 0"),
    Row(
        "celu",
        "x if x > 0 else alpha*(exp(x/alpha) - 1)",
        "exp(x/alpha) if x <= 0 else 1",
    ),
)
