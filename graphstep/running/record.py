"""Run a callable once under the recorder and number what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from graphstep.graph.build import build
from graphstep.graph.numbering import Order
from graphstep.graph.refused import refuse_sharded
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.collection import collection_paused
from graphstep.recording.modules import ModulePaths
from graphstep.recording.recorder import Recorder
from graphstep.recording.summarising import SummaryRecorder
from graphstep.running.failures import failure_note
from graphstep.running.outputs import cut_off, outputs_of
from graphstep.running.run import Call, Origin, Run, Seeds


def recorder_for(call: Call, paths: ModulePaths) -> Recorder:
    """Return the recorder that keeps what the call asks for, with its tensors watched."""
    kind = SummaryRecorder if call.keep == "summary" else Recorder
    recorder = kind(call.locate, paths)
    for tensor in (*call.inputs.values(), *call.constants.values()):
        recorder.watch(tensor)
    return recorder


def record_run(call: Call, origin: Origin, order: Order = "evaluation", seeds: Seeds = None) -> Run:
    """Run the call once, forward only, and return its numbered graph.

    What the user's code raises passes through with a note that names the failing operation,
    and with the run so far as its attribute `graphstep_run`.
    Raises InputError for a result that is no tensor, or that no gradient leads back from.
    """
    paths = ModulePaths(call.around)
    recorder = recorder_for(call, paths)
    try:
        with paths, recorder:
            result = call.function()
    except (Exception, SystemExit) as error:
        error.add_note(failure_note(recorder, error))
        last = recorder.last_value()
        if last is not None:
            partial = build_run(call, recorder, paths, [last], order)
            error.__dict__["graphstep_run"] = Run(partial, origin)
        raise
    outputs = outputs_of(result, cut_off(call, recorder))
    return Run(build_run(call, recorder, paths, outputs, order), origin, seeds)


def build_run(
    call: Call, recorder: Recorder, paths: ModulePaths, outputs: Sequence[Tensor], order: Order
) -> TraceGraph:
    """Return the numbered graph behind `outputs` of what a recorder saw."""
    refuse_sharded(paths.roots)
    constants = {id(t): name for name, t in call.constants.items()}
    with collection_paused():
        return build(
            outputs,
            recorder,
            call.inputs,
            parameters=paths.parameters(),
            around=paths.around,
            constants={**call.around, **paths.buffer_names(), **constants},
            labels=call.labels,
            order=order,
        )
