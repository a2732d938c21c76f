"""Arrows between ranks of boxes as horizontal and vertical runs that do not cover each other.

Everything here is in two axes, so that one routine serves both directions: `along` grows
from rank to rank (rows top-down, columns left-to-right), `across` runs within a rank.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Block:
    """Place a box across its rank: it covers `low` … `low + size - 1`."""

    id: str
    rank: int
    low: int
    size: int
    depth: int

    @property
    def inner(self) -> tuple[int, int]:
        """Return the first and last place where an arrow may end, corners left out."""
        return self.low + 1, self.low + self.size - 2


@dataclass(frozen=True, slots=True)
class Chain:
    """Lead one arrow from box `tail` to box `head`, past `between`, one place a rank crossed."""

    id: str
    tail: str
    head: str
    between: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Cross the gap after one rank: from place `start` to place `stop`, turning on `track`."""

    gap: int
    start: int
    stop: int
    track: int = 0


@dataclass(frozen=True, slots=True)
class Routes:
    """Hold each chain's steps by its id, and how many tracks each gap needs."""

    steps: Mapping[str, tuple[Step, ...]]
    tracks: tuple[int, ...]


def routed(blocks: Sequence[Block], chains: Sequence[Chain]) -> Routes:
    """Choose the place where each chain leaves, crosses and enters, and its track in each gap."""
    by_id = {block.id: block for block in blocks}
    ranks = 1 + max((block.rank for block in blocks), default=0)
    at = _exits(by_id, chains)
    steps: dict[str, list[Step]] = defaultdict(list)
    tracks = []
    for gap in range(ranks - 1):
        crossing = [c for c in chains if by_id[c.tail].rank <= gap < by_id[c.head].rank]
        stops = _stops(gap, crossing, by_id, at)
        chosen = _tracks({c.id: (at[c.id], stops[c.id]) for c in crossing})
        for chain in crossing:
            step = Step(gap, at[chain.id], stops[chain.id], chosen.get(chain.id, 0))
            steps[chain.id].append(step)
        at |= stops
        tracks.append(1 + max(chosen.values(), default=-1))
    return Routes({name: tuple(taken) for name, taken in steps.items()}, tuple(tracks))


def _exits(by_id: Mapping[str, Block], chains: Iterable[Chain]) -> dict[str, int]:
    leaving = defaultdict(list)
    for order, chain in enumerate(chains):
        head = by_id[chain.head]
        target = chain.between[0] if chain.between else head.low + head.size // 2
        leaving[chain.tail].append((target, order, chain.id))
    places = {}
    for tail, targets in leaving.items():
        spread = _spread(*by_id[tail].inner, len(targets))
        for place, (_, _, name) in zip(spread, sorted(targets), strict=True):
            places[name] = place
    return places


def _stops(
    gap: int, crossing: Sequence[Chain], by_id: Mapping[str, Block], at: Mapping[str, int]
) -> dict[str, int]:
    entering: dict[str, list[Chain]] = defaultdict(list)
    passing = []
    for chain in crossing:
        if by_id[chain.head].rank == gap + 1:
            entering[chain.head].append(chain)
        else:
            passing.append(chain)
    stops: dict[str, int] = {}
    for head, arriving in entering.items():
        arriving.sort(key=lambda chain: at[chain.id])
        foreign = {at[chain.id] for chain in crossing if chain.head != head}
        stops |= _entries(by_id[head], arriving, at, foreign)
    taken = {
        place
        for block in by_id.values()
        if block.rank == gap + 1
        for place in range(block.low - 1, block.low + block.size + 1)
    }
    for chain in sorted(passing, key=lambda chain: _wish(chain, gap, by_id)):
        wish = _wish(chain, gap, by_id)
        # Nor may a passing arrow come down where another one starts.
        others = {at[other.id] for other in crossing if other is not chain}
        near = at[chain.id] if abs(at[chain.id] - wish) <= 2 else wish
        place = next(p for p in _outwards(near) if p not in taken and p not in others)
        taken |= {place - 1, place, place + 1}
        stops[chain.id] = place
    return stops


def _entries(
    block: Block, arriving: Sequence[Chain], at: Mapping[str, int], foreign: set[int]
) -> dict[str, int]:
    low, high = block.inner
    spread = _spread(low, high, len(arriving))
    places: dict[str, int] = {}
    for number, chain in enumerate(arriving):
        last = max(low, high - (len(arriving) - 1 - number))
        first = min(low, last)
        straight = at[chain.id]
        wish = straight if first <= straight <= last else spread[number]
        # An arrow must not come up to where another one comes down.
        free = [p for p in range(first, last + 1) if p == straight or p not in foreign]
        place = min(free or [wish], key=lambda p: (abs(p - wish), p))
        places[chain.id] = place
        low = place + 2 if place + 2 <= high - (len(arriving) - 2 - number) else place + 1
    return places


def _wish(chain: Chain, gap: int, by_id: Mapping[str, Block]) -> int:
    return chain.between[gap - by_id[chain.tail].rank]


def _spread(low: int, high: int, count: int) -> list[int]:
    span = max(1, high - low + 1)
    return [low + (2 * number + 1) * span // (2 * count) for number in range(count)]


def _outwards(place: int) -> Iterable[int]:
    yield place
    distance = 1
    while True:
        yield place + distance
        yield place - distance
        distance += 1


def _tracks(runs: Mapping[str, Point]) -> dict[str, int]:
    """Give each run that turns a track, so that no two share a place and few cross."""
    bent = {name: run for name, run in runs.items() if run[0] != run[1]}
    starting = {run[0]: name for name, run in bent.items()}
    chosen: dict[str, int] = {}
    waiting: set[str] = set()

    def lay(name: str) -> None:
        if name in chosen or name in waiting:
            return
        waiting.add(name)
        # What starts where this one stops must have turned away before.
        before = starting.get(bent[name][1])
        if before is not None:
            lay(before)
        first, last = sorted(bent[name])
        above = [
            track
            for other, track in chosen.items()
            if min(bent[other]) <= last and first <= max(bent[other])
        ]
        chosen[name] = 1 + max(above, default=-1)

    # Runs to the right are laid from the right, runs to the left from the left.
    for name in sorted(bent, key=lambda name: _laying(bent[name])):
        lay(name)
    return chosen


def _laying(run: Point) -> tuple[int, int]:
    start, stop = run
    return (0, -start) if stop > start else (1, start)
