"""Measure what a trace adds to the peak memory of a forward and a backward.

Each way runs in a process of its own, on a model of the size of GPT-2 small (124 million
parameters); the peak is that of the process, less what it held once the model was built.

    python benchmarks/memory.py [--length N] [--batch N]
"""

from __future__ import annotations

import argparse
import platform
import resource
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from workloads.models import Attention

import graphstep as gs

WAYS = ("plain", "summary", "all", "all and torch's adjoints")


class Gpt2Small(nn.Module):
    """Twelve blocks of width 768 over a vocabulary of 50,257, the head tied to the embedding."""

    def __init__(self) -> None:
        super().__init__()
        self.token, self.place = nn.Embedding(50257, 768), nn.Embedding(1024, 768)
        self.blocks = nn.Sequential(*(Attention(768, 12) for _ in range(12)))
        self.norm = nn.LayerNorm(768)

    def forward(self, tokens: Tensor) -> Tensor:
        places = torch.arange(tokens.shape[1])
        seen = self.norm(self.blocks(self.token(tokens) + self.place(places)))
        scores = seen @ self.token.weight.T
        return F.cross_entropy(scores[:, :-1].flatten(0, 1), tokens[:, 1:].flatten())


def peak() -> float:
    """Return the highest memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def once(way: str, batch: int, length: int) -> float:
    """Run one way, and return the MiB that it added to the model's own."""
    torch.manual_seed(0)
    model, tokens = Gpt2Small(), torch.randint(50257, (batch, length))
    before = peak()
    if way == "plain":
        model(tokens).backward()
    elif way == "summary":
        trace = gs.trace(model, tokens, keep="summary")
        assert isinstance(trace, gs.SummaryTrace)
        assert len(trace.adjoint_summaries) == len(trace.values)
    else:
        trace = gs.trace(model, tokens)
        assert way == "all" or trace.engine
        if way == "all":
            trace.recorded.output_tensors[-1].backward()
    return peak() - before


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--batch", type=int, default=2, help="sequences (default: 2)")
    parser.add_argument("--length", type=int, default=128, help="tokens of each (default: 128)")
    parser.add_argument("--way", choices=WAYS, help="run one way here, and print its MiB")
    args = parser.parse_args(words)
    if args.way:
        print(once(args.way, args.batch, args.length))
        return 0
    print(
        f"python {platform.python_version()}, torch {version('torch')}, "
        f"graphstep {version('graphstep')}; {args.batch} × {args.length} tokens"
    )
    print(f"{'forward + backward':28} {'peak MiB':>10} {'÷ plain':>9}")
    shape = ["--batch", str(args.batch), "--length", str(args.length)]
    plain = 0.0
    for way in WAYS:
        command = [sys.executable, __file__, "--way", way, *shape]
        found = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        plain = plain or found
        print(f"{way:28} {found:10.0f} {found / plain:9.2f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
