"""The score of a run of predictions: what was right at the first try, and every miss by kind."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace

from graphstep.steps.predict import Judgement, Question


@dataclass(frozen=True, slots=True)
class Try:
    """Hold one answer as typed, and the kind of its miss; empty where it was right."""

    text: str
    miss: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold one question with every try at it; `shown` says that the answer was given away."""

    index: int
    name: str
    half: str
    tries: tuple[Try, ...] = ()
    shown: bool = False

    @property
    def right(self) -> bool:
        """Whether the first try was right: what was tried before it counts, not what came after."""
        return bool(self.tries) and not self.tries[0].miss

    @property
    def done(self) -> bool:
        return self.shown or (bool(self.tries) and not self.tries[-1].miss)


@dataclass(frozen=True, slots=True)
class Score:
    """Hold every question that was answered or given up, in the order of their asking."""

    source: str
    asked: tuple[Asked, ...] = ()

    def answered(self, question: Question, text: str, judged: Judgement) -> Score:
        """Return the score with one more try."""
        here = self._at(question)
        return self._with(replace(here, tries=(*here.tries, Try(text, judged.kind))))

    def given_up(self, question: Question) -> Score:
        """Return the score with a question whose answer was shown."""
        return self._with(replace(self._at(question), shown=True))

    @property
    def right(self) -> int:
        """How many were right at the first try."""
        return sum(one.right for one in self.asked)

    @property
    def total(self) -> int:
        """How many were answered, rightly in the end or not."""
        return sum(one.done for one in self.asked)

    @property
    def misses(self) -> dict[str, int]:
        """How often each miss was made, the most frequent first."""
        found = Counter(t.miss for one in self.asked for t in one.tries if t.miss)
        return dict(found.most_common())

    def text(self) -> str:
        """Return the score in a line."""
        if not self.total:
            return "nothing predicted yet"
        said = f"{self.right} of {self.total} right at the first try"
        named = ", ".join(f"{kind} {count}×" for kind, count in self.misses.items())
        return f"{said}; {named}" if named else said

    def json(self) -> str:
        """Return the score for a class: every question with its tries, and the sums."""
        return json.dumps(
            {
                "source": self.source,
                "asked": self.total,
                "right_at_first_try": self.right,
                "misses": self.misses,
                "questions": [
                    {
                        "step": one.index,
                        "name": one.name,
                        "half": one.half,
                        "right_at_first_try": one.right,
                        "shown": one.shown,
                        "tries": [{"text": t.text, "miss": t.miss or None} for t in one.tries],
                    }
                    for one in self.asked
                ],
            },
            ensure_ascii=False,
            indent=2,
        )

    def _at(self, question: Question) -> Asked:
        found = next((one for one in self.asked if one.index == question.index), None)
        return found or Asked(question.index, question.name, question.half)

    def _with(self, changed: Asked) -> Score:
        others = tuple(one for one in self.asked if one.index != changed.index)
        return replace(self, asked=(*others, changed))
