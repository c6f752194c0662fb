# SPDX-License-Identifier: Apache-2.0
"""Which prompts go into which batch. Every batch is full, or its time would be that of another size."""
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from .prompts import Prompt


@dataclass(frozen=True)
class Batch:
    index: int
    repetition: int
    prompts: tuple[Prompt, ...]


def batches_of(prompts: Sequence[Prompt], size: int, repetitions: int) -> list[Batch]:
    """Each repetition goes through all prompts; its last batch is filled up with the first of them."""
    per_repetition = -(-len(prompts) // size)
    found: list[Batch] = []
    for repetition in range(repetitions):
        source = cycle(prompts)
        for _ in range(per_repetition):
            found.append(Batch(len(found), repetition, tuple(islice(source, size))))
    return found
