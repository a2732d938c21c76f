"""Run a checked program with torch, saying before each operation where it stands in the text."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from graphstep.errors import ExpressionError, GraphstepError
from graphstep.expression.given import check_values
from graphstep.expression.limits import MAX_TOTAL_ELEMENTS
from graphstep.expression.lines import Lines
from graphstep.expression.numbers import OPERATORS, calculated, check_exponent
from graphstep.expression.program import (
    Call,
    Collect,
    Constant,
    Index,
    Instruction,
    Literal,
    Load,
    Operate,
    Pick,
    Program,
    Property,
    Slice,
    Slot,
    Span,
)
from graphstep.expression.sizes import check_size, expected_elements, indexed
from graphstep.expression.tensors import Setting, has_tensors, shown
from graphstep.recording.place import Place

OnPlace = Callable[[Place | None], None]

BINARY: dict[str, Callable[[Any, Any], Any]] = {
    **OPERATORS,
    "**": operator.pow,
    "@": operator.matmul,
    "&": operator.and_,
    "|": operator.or_,
}
UNARY: dict[str, Callable[[Any], Any]] = {
    "-": operator.neg,
    "+": operator.pos,
    "~": operator.invert,
}
HOMES: dict[str, Any] = {
    "torch": torch,
    "functional": torch.nn.functional,
    "linalg": torch.linalg,
    "method": torch.Tensor,
}


def evaluate(
    program: Program, values: Mapping[str, torch.Tensor | float], on_place: OnPlace
) -> torch.Tensor:
    """Run a program; see `graphstep.expression.run`."""
    check_values(program, values)
    machine = Machine(program, values, on_place, Setting.of(values), Lines.of(program.text))
    try:
        for instruction in program.instructions:
            machine.results.append(machine.result(instruction))
        output = machine.tensor(machine.results[program.output.number])
    finally:
        on_place(None)
    if not isinstance(output, torch.Tensor):
        problem = "the output is several tensors: pick one with [0]"
        column = program.instructions[program.output.number].span[0]
        raise ExpressionError(problem, program.text, column)
    return output


@dataclass(slots=True)
class Machine:
    """Hold the results of the instructions run so far."""

    program: Program
    values: Mapping[str, torch.Tensor | float]
    on_place: OnPlace
    setting: Setting
    lines: Lines
    results: list[Any] = field(default_factory=list)
    elements: int = 0

    def result(self, instruction: Instruction) -> Any:
        """Run one instruction."""
        match instruction:
            case Constant():
                return instruction.value
            case Load():
                return self.values.get(instruction.name, instruction.default)
            case Collect():
                return [self.tensor(self.single(slot)) for slot in instruction.items]
            case Operate():
                return self.operate(instruction)
            case Call():
                return self.call(instruction)
            case Property():
                return self.property(instruction)
            case Pick():
                return self.pick(instruction)

    def tensor(self, value: Any) -> Any:
        """Return a number or list of numbers as a tensor."""
        return self.setting.tensor(value)

    def single(self, slot: Slot) -> Any:
        """Return a result. Raises where it is several tensors, as split gives."""
        value = self.results[slot.number]
        if has_tensors(value):
            problem = "these are several tensors: pick one with [0]"
            raise self.fault(problem, self.program.instructions[slot.number].span)
        return value

    def operand(self, slot: Slot) -> Any:
        """Return a result as an operator's operand: a tensor or a plain number."""
        value = self.single(slot)
        return self.tensor(value) if isinstance(value, tuple) else value

    def operate(self, one: Operate) -> Any:
        """Apply a Python operator, to plain numbers without torch."""
        operands = [self.operand(slot) for slot in one.operands]
        if one.symbol in "&|~":
            operands = [self.tensor(value) for value in operands]
        numbers = not any(isinstance(value, torch.Tensor | tuple) for value in operands)
        if numbers:
            try:
                left, right = operands if len(operands) == 2 else (None, operands[0])
                return calculated(one.symbol, left, right)
            except ValueError as error:
                raise self.fault(str(error), one.span) from None
        if len(operands) == 1:
            return self.applied(one.span, UNARY[one.symbol], operands, {}, "same")
        if one.symbol == "**":
            try:
                check_exponent(operands[1])
            except ValueError as error:
                raise self.fault(str(error), one.span) from None
        size = "matmul" if one.symbol == "@" else "broadcast"
        return self.applied(one.span, BINARY[one.symbol], operands, {}, size)

    def call(self, one: Call) -> Any:
        """Call a listed function or method."""
        arguments = [
            self.argument(value, one.entry.kind(position))
            for position, value in enumerate(one.arguments)
        ]
        keywords = {name: self.argument(value, "t") for name, value in one.keywords}
        if one.entry.size in ("created", "square", "range", "points"):
            keywords["device"] = self.setting.device
            if one.entry.size != "range" or any(isinstance(n, float) for n in arguments):
                keywords["dtype"] = self.setting.dtype
        function = getattr(HOMES[one.entry.home], one.entry.name)
        return self.applied(one.span, function, arguments, keywords, one.entry.size)

    def argument(self, value: Slot | Literal, kind: str) -> Any:
        """Return one argument as its letter in the signature asks."""
        if not isinstance(value, Slot):
            return value
        if kind == "l":
            several = self.results[value.number]
            return list(several) if has_tensors(several) else several
        found = self.single(value)
        return found if kind == "s" and not isinstance(found, tuple) else self.tensor(found)

    def property(self, one: Property) -> Any:
        """Read a listed attribute."""
        owner = self.tensor(self.results[one.operand.number])
        if one.name in ("T", "mT") and not isinstance(owner, torch.Tensor):
            raise self.fault(f"'.{one.name}' needs one tensor", one.span)
        parts = one.name in ("values", "indices")
        if parts and (isinstance(owner, torch.Tensor) or not hasattr(owner, one.name)):
            problem = f"'.{one.name}' needs a result of max, min, median, sort or topk"
            raise self.fault(problem, one.span)
        return self.applied(one.span, lambda value: getattr(value, one.name), [owner], {}, "same")

    def pick(self, one: Pick) -> Any:
        """Index a tensor, or one of several results."""
        owner = self.tensor(self.results[one.operand.number])
        indices = tuple(self.index(item) for item in one.indices)
        if not isinstance(owner, torch.Tensor):
            number = indices[0] if len(indices) == 1 else None
            if not isinstance(number, int) or not -len(owner) <= number < len(owner):
                raise self.fault(f"the index must be a number below {len(owner)}", one.span)
            return owner[number]
        self.check(one.span, indexed(owner.shape, indices))
        key = indices[0] if len(indices) == 1 else indices
        return self.applied(one.span, lambda value: value[key], [owner], {}, "same")

    def index(self, item: Index) -> Any:
        """Return one index as torch wants it."""
        if isinstance(item, Slot):
            return self.tensor(self.single(item))
        return slice(item.start, item.stop, item.step) if isinstance(item, Slice) else item

    def applied(
        self,
        span: Span,
        function: Callable[..., Any],
        arguments: list[Any],
        keywords: dict[str, Any],
        size: str,
    ) -> Any:
        """Run one torch operation at its place, its size checked before and after."""
        self.check(span, expected_elements(size, arguments, keywords))
        self.on_place(Place("<expression>", *self.lines.place(span)))
        try:
            result = function(*arguments, **keywords)
        except GraphstepError:
            raise
        except (RuntimeError, TypeError, ValueError, LookupError, ArithmeticError) as error:
            lines = str(error).strip().splitlines() or [type(error).__name__]
            first = re.sub(r", but expected one of:$", "", lines[0].strip())
            problem = f"{first} (operands: {shown(arguments)})"
            raise self.fault(problem, span) from error
        for one in result if isinstance(result, tuple | list) else (result,):
            if isinstance(one, torch.Tensor):
                self.check(span, one.numel())
                self.elements += one.numel()
        if self.elements > MAX_TOTAL_ELEMENTS:
            problem = f"all results together have more than {MAX_TOTAL_ELEMENTS} elements"
            raise self.fault(problem, span)
        return tuple(result) if isinstance(result, list) else result

    def check(self, span: Span, elements: float) -> None:
        """Raise where a result is, or would be, too large."""
        try:
            check_size(elements)
        except ValueError as error:
            raise self.fault(str(error), span) from None

    def fault(self, problem: str, span: Span) -> ExpressionError:
        """Return the error that points at a span."""
        return ExpressionError(problem, self.program.text, span[0])
