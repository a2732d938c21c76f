"""The keys of the step screen, in the order in which the key bar and the help list them."""

from __future__ import annotations

from textual.binding import Binding

_STEP = Binding.Group("step")

KEYS = (
    Binding("left,h,p,up,k", "back", "back", key_display="←", id="step.back", group=_STEP,
            tooltip="Go back one step"),
    Binding("right,l,n,down,j", "next", "next", key_display="→", id="step.next", group=_STEP,
            tooltip="Take the next step"),
    Binding("space", "play", "play", key_display="space", id="step.play",
            tooltip="Play the steps; again to pause"),
    Binding("f", "half('forward')", "forward", id="step.forward",
            tooltip="Jump to the start of the forward half: the values"),
    Binding("r", "half('reverse')", "reverse", id="step.reverse",
            tooltip="Jump to the start of the reverse half: the adjoints"),
    Binding("enter", "inspect", "inspect", key_display="⏎", id="value.inspect",
            tooltip="Inspect the current value: tensors, terms, check"),
    Binding("c", "grain", "grain", id="step.grain",
            tooltip="Change the grain: whole adjoints or single terms"),
    Binding("b", "backward", "backward", id="backward.run",
            tooltip="Run another backward: .grad accumulates, or torch refuses"),
    Binding("R", "retain", "retain_graph", id="backward.retain",
            tooltip="Let the backwards of b keep the graph (retain_graph), or not"),
    Binding("g", "goto", "go to", id="value.goto",
            tooltip="Go to a value by its number, name or label"),
    Binding("v", "view", "view", id="view.next",
            tooltip="Show graph and table, or one of them"),
    Binding("question_mark", "help", "help", key_display="?", id="app.help",
            tooltip="List the keys and the signs"),
    Binding("q", "leave", "quit", id="app.quit", tooltip="Leave graphstep"),
    Binding("ctrl+c", "leave", "quit", show=False, id="app.interrupt", tooltip="Leave graphstep"),
    Binding("home", "first", "first", show=False, id="step.first", tooltip="Go to the first step"),
    Binding("end", "last", "last", show=False, id="step.last", tooltip="Go to the last step"),
    Binding("pagedown", "jump(10)", "10 on", show=False, id="step.on", tooltip="Take ten steps"),
    Binding("pageup", "jump(-10)", "10 back", show=False, id="step.off",
            tooltip="Go back ten steps"),
    Binding("less_than_sign", "speed(-1)", "slower", show=False, key_display="<",
            id="play.slower", tooltip="Play more slowly"),
    Binding("greater_than_sign", "speed(1)", "faster", show=False, key_display=">",
            id="play.faster", tooltip="Play faster"),
    Binding("shift+left", "pan(-8, 0)", "pan", show=False, id="graph.left",
            tooltip="Move the graph's window to the left"),
    Binding("shift+right", "pan(8, 0)", "pan", show=False, id="graph.right",
            tooltip="Move the graph's window to the right"),
    Binding("shift+up", "pan(0, -3)", "pan", show=False, id="graph.up",
            tooltip="Move the graph's window up"),
    Binding("shift+down", "pan(0, 3)", "pan", show=False, id="graph.down",
            tooltip="Move the graph's window down"),
)  # fmt: skip
