"""TraceGraph: the numbered values of one run as a networkx graph, and questions to ask of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import torch

from graphstep.errors import InputError
from graphstep.graph.application import Application
from graphstep.graph.inner import InnerNode
from graphstep.graph.value import Value
from graphstep.recording.collection import collection_paused
from graphstep.recording.gradients import retaining
from graphstep.recording.internals import HookTable, hook_table

if TYPE_CHECKING:
    import networkx as nx
    from torch.autograd.graph import Node

    from graphstep.recording.operation import Operation


FEW_NAMES = 6
"""Of so many values an error names each."""


class TraceGraph:
    """Hold one recorded run: values v_i, the operations between them, inputs and outputs.

    `graph` is a networkx.MultiDiGraph whose node keys are the integers i and whose edge keys
    are argument positions. Inputs are v_{1-n} … v_0 in the order given, the values computed
    from them v_1 … v_l. `constants` names tensors without a gradient by id(tensor);
    `accumulators` holds torch's node that gathers an input's gradient, `left_hooks` the user's
    hooks on values that were overwritten since, `seen_leaves` every leaf that the run used.
    """

    def __init__(
        self,
        values: Mapping[int, Value],
        applications: tuple[Application, ...],
        outputs: tuple[int, ...],
        output_tensors: tuple[torch.Tensor, ...],
        leaves: Mapping[int, torch.Tensor],
        operations: tuple[Operation, ...],
        constants: Mapping[int, str],
        order: str,
        accumulators: Mapping[int, Node] | None = None,
        left_hooks: Mapping[int, HookTable] | None = None,
        seen_leaves: Sequence[torch.Tensor] = (),
    ) -> None:
        self.values = dict(sorted(values.items()))
        self.applications = applications
        self.outputs = outputs
        self.output_tensors = output_tensors
        self.leaves = dict(leaves)
        self.operations = operations
        self.constants = dict(constants)
        self.order = order
        self.accumulators = dict(accumulators or {})
        self.left_hooks = dict(left_hooks or {})
        self.seen_leaves = tuple(seen_leaves)
        self.made_by = {i: a for a in applications for i in a.results.values()}

    @cached_property
    def graph(self) -> nx.MultiDiGraph:
        """The values and their uses as a networkx graph, built when first asked for."""
        return _networkx(self)

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[int]:
        return iter(self.values)

    @property
    def inputs(self) -> tuple[int, ...]:
        """Return the numbers of the inputs, v_{1-n} first."""
        return tuple(i for i in self.values if i <= 0)

    def find(self, name: int | str) -> int:
        """Return the i of a value given as i, `v_3`, or its label.

        An input's name means the input, though the code may give it to later values too.
        Raises InputError where nothing or more than one value carries that name.
        """
        if isinstance(name, int):
            if name in self.values:
                return name
        else:
            for value in self.values.values():
                if value.name == name:
                    return value.i
            found = [v.i for v in self.values.values() if v.label == name]
            if len(found) == 1 or any(i <= 0 for i in found):
                return found[0]
            if found:
                numbers = ", ".join(self.values[i].name for i in found[:FEW_NAMES])
                numbers += ", …" if len(found) > FEW_NAMES else ""
                raise InputError(
                    f"{name!r} labels {len(found)} values: {numbers}; name one of them"
                )
        first, last = (self.values[i].name for i in (min(self.values), max(self.values)))
        raise InputError(f"no value {name!r} in this trace (it has {first} to {last})")

    def value(self, name: int | str) -> torch.Tensor:
        """Return the tensor of a value named as in `find`, detached.

        Raises InputError where the value was not recorded.
        """
        value = self.values[self.find(name)]
        if value.value is None:
            raise InputError(f"the value of {value.name} was not recorded")
        return value.value

    def torch_applications(self) -> Iterator[Application]:
        """Yield each operation whose node torch's engine knows."""
        return (a for a in self.applications if not isinstance(a.node, InnerNode))

    def hooks(self) -> dict[int, HookTable]:
        """Return the table of the user's hooks on the adjoint of each value that has any now."""
        found = dict(self.left_hooks)
        for i, value in self.values.items():
            table = None if value.ref is None else hook_table(value.ref.tensor)
            if table is not None:
                found[i] = table
        return found

    def gradient_holders(self) -> list[torch.Tensor]:
        """Return every tensor whose `.grad` a backward could touch."""
        refs = [value.ref for i, value in self.values.items() if i > 0]
        retained = [ref.tensor for ref in refs if ref is not None and ref.tensor.retains_grad]
        unseen = {a.node for a in self.torch_applications() if not self.is_seen(a)}
        if unseen:
            retained += retaining(unseen)
        found = (*self.leaves.values(), *self.seen_leaves, *retained)
        return list({id(tensor): tensor for tensor in found}.values())

    def is_seen(self, application: Application) -> bool:
        """Tell whether the tensor that holds an operation's first result was seen itself.

        A value read from what autograd had saved has a Ref without a key: another tensor held it.
        """
        ref = self.values[application.first].ref
        return ref is not None and ref.key is not None


@collection_paused()
def _networkx(trace: TraceGraph) -> nx.MultiDiGraph:
    import networkx as nx  # a fifth of a second that a check does not need

    graph: nx.MultiDiGraph = nx.MultiDiGraph(order=trace.order)
    graph.add_nodes_from(trace.values)
    # Put into the dicts that networkx made: its own ways in copy each once or twice more.
    for i, attributes in graph.nodes(data=True):
        value = trace.values[i]
        place = value.source
        attributes.update(
            {
                "name": value.name,
                "label": value.label,
                "op": value.op,
                "value": value.value,
                "shape": value.shape,
                "dtype": value.dtype,
                "device": value.device,
                "module": value.module,
                "source": None if place is None else str(place),
            }
        )
        if value.summary is not None:
            attributes["summary"] = value.summary
    for application in trace.applications:
        for child in application.results.values():
            for position, parent in enumerate(application.parents):
                if parent is not None:
                    graph.add_edge(parent, child, position)
    return graph
