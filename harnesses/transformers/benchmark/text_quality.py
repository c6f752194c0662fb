# SPDX-License-Identifier: Apache-2.0
"""How varied and how repetitive a text is, by counting its words. Proxies: neither knows whether what is said is right.

distinct-n = different n-grams ÷ all n-grams of an answer (after Li et al., 2016, "A Diversity-Promoting Objective Function for Neural
Conversation Models"; they divide by words, which for n = 1, the type/token ratio, is the same). repetition-n = 1 − distinct-n, the share of
n-grams that were there before (seq-rep-n of Welleck et al., 2020, "Neural Text Generation with Unlikelihood Training").
Both fall and rise with length: compare answers that are about equally long.
"""
import math
import re
from collections.abc import Iterable, Sequence
from statistics import fmean, stdev

#: A word is a run of letters and digits, or one character of a script that writes without spaces.
_SCRIPTS = '\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff'
_WORD = re.compile(f'[{_SCRIPTS}]|[^\\W{_SCRIPTS}]+')


def words_of(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def distinct(words: Sequence[str], n: int) -> float | None:
    """None where the text is shorter than one n-gram."""
    grams = [tuple(words[i:i + n]) for i in range(len(words) - n + 1)]
    return len(set(grams)) / len(grams) if grams else None


def repetition(words: Sequence[str], n: int) -> float | None:
    share = distinct(words, n)
    return None if share is None else 1 - share


def quality_of(text: str) -> dict[str, float | None]:
    words = words_of(text)
    return {'distinct1': distinct(words, 1), 'distinct2': distinct(words, 2), 'repetition4': repetition(words, 4)}


def mean_and_error(values: Iterable[tuple[str, float | None]]) -> dict[str, float | int] | None:
    """Values by prompt → their mean with its standard error. Answers to one prompt are one value: they are not independent."""
    by_prompt: dict[str, list[float]] = {}
    for prompt, value in values:
        if value is not None:
            by_prompt.setdefault(prompt, []).append(value)
    means = [fmean(own) for own in by_prompt.values()]
    if not means:
        return None
    error = {} if len(means) < 2 else {'stderr': stdev(means) / math.sqrt(len(means))}
    return {'value': fmean(means), 'n': len(means), **error}
