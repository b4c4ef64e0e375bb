"""A search in the Help Center, among few articles and many: CPU time of this process, without AWS."""

import random
import re
import time
from collections.abc import Callable
from functools import partial
from statistics import median, quantiles
from typing import NamedTuple

import msgspec

from chalicelib.help.search import Index, search
from deploy.help_articles import SECTIONS, Source, made, rendered, sources
from tests.help.questions import LATER, QUESTIONS

_ROUNDS = 5
_SYLLABLES = re.findall("..", "bacedifoguhakelimonuparesitovuwayezilone")


class Cost(NamedTuple):
    """Of one index: its file, reading it, and searches. Times in milliseconds of CPU."""

    kilobytes: float
    forms: int
    load: float
    median: float
    ninetieth: float


def articles(number: int) -> list[Source]:
    """So many articles: real ones, then others of their sentences with strange words among them, so that the words to
    choose from grow with the articles."""
    real, chance = sources(), random.Random(26)  # noqa: S311 (the same each time, no secret)
    sentences = [sentence for source in real for sentence in re.split(r"(?<=[.:])\s+", source.markdown)]

    def strange(count: int) -> str:
        return " ".join("".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(count))

    others = [
        Source(
            f"article-{each}",
            strange(4),
            SECTIONS[0],
            strange(6),
            " ".join([*chance.choices(sentences, k=8), strange(40)]),
        )
        for each in range(number - len(real))
    ]
    return [*real, *others][:number]


def cost(number: int) -> Cost:
    """What it costs to search among so many articles."""
    text = rendered(made(articles(number))).encode()
    index = msgspec.json.decode(text, type=Index)
    load = median(_milliseconds(lambda: msgspec.json.decode(text, type=Index)) for _ in range(_ROUNDS))
    questions = [question for question, _ in (*QUESTIONS, *LATER)]
    for question in questions:
        search(index, question, 10)
    times = [_milliseconds(partial(search, index, question, 10)) for _ in range(_ROUNDS) for question in questions]
    return Cost(len(text) / 1000, len(index.forms), load, median(times), quantiles(times, n=10)[-1])


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000
