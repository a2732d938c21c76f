"""How each operation differentiates: one row an operation, by family.

The contract, the same for every row:

- A row is `Row(name, forward, *partials)`: the aten name without overload and trailing `_`,
  what the operation computes, and for each operand in the order of the schema how its adjoint
  comes about. One text is both evaluated with torch and typeset for the reader.
- In scope: the tensor and scalar operands by position `x, y, z, w`; every argument by its own
  name (`dim`, `keepdim`, `alpha`; absent ones are None); the result `v` (`v`, `v1`, `v2` for
  several); the incoming adjoint `g` (`g`, `g1`, `g2` for several; zeros where nothing came in).
  In a list operand, `x` is the member concerned, `k` its number and `xs` the whole list.
- A partial without `g` is an elementwise local partial ∂v/∂x: the contribution is g·partial.
  A partial with `g` is the whole contribution, for where ∂v/∂x is no elementwise factor.
- `None` for a partial means: no gradient, by definition of the operation; a function that
  returns None says so for one call.
- The sweep sums over broadcast axes, casts to the operand's dtype and moves to its device,
  once and centrally; a row never does.
- `tangent` is the forward-mode formula in `dx, dy, dz, dw`, a fifth operand's by its name (`dhx_`);
  a function may return a tuple, one tangent a result. It may be left out where every partial is
  elementwise, and `LINEAR` says that the operation itself maps tangents, operand by operand.
- `A if c else B` is decided element by element.
- Complex operands, by torch's convention: a row that `conjugation.HOLOMORPHIC` names is written for
  real operands, and the sweep conjugates its partials; one in `conjugation.AS_WRITTEN` holds as it
  stands, `conj(x)` and `real(x)` being x where all is real. Any other leaves them to torch's node.

Rows that need more than a line call a named function of `rules/functions/`, by subject.
"""
