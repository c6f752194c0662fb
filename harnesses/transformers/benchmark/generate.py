# SPDX-License-Identifier: Apache-2.0
"""One batch of prompts through a model: when each token came, and what was written. It aggregates nothing.

The time of a token is when generate() hands it to its streamer, with the tensor on the CPU: on a GPU the work behind it is done by then.
A batch begins before its prompts are tokenised, and a request of it ends with its own last token.
"""
import time
from dataclasses import dataclass
from typing import Any

from .batches import Batch
from .config import Generation


@dataclass(frozen=True)
class Answer:
    text: str
    input_tokens: int
    output_tokens: int
    finish: str          # stop: it ended by itself; length: it was as long as it may be


@dataclass(frozen=True)
class Generated:
    """Times in nanoseconds of the machine's monotonic clock."""
    started: int
    tokens: tuple[int, ...]
    answers: tuple[Answer, ...]


def generate_batch(model: Any, tokenizer: Any, batch: Batch, settings: Generation) -> Generated:
    import torch
    limits = [prompt.max_new_tokens or settings.max_new_tokens for prompt in batch.prompts]
    torch.manual_seed(settings.seed + batch.index)
    clock = _token_clock()
    if model.device.type == 'cuda':
        torch.cuda.synchronize(model.device)
    started = time.monotonic_ns()
    encoded = tokenizer([prompt.text for prompt in batch.prompts], return_tensors='pt', padding=True).to(model.device)
    width = encoded.input_ids.shape[1]
    _check_length(model, width, max(limits))
    with torch.inference_mode():
        output = model.generate(
            input_ids=encoded.input_ids, attention_mask=encoded.attention_mask, streamer=clock, generation_config=_generation_config(model, tokenizer, settings, max(limits)),
            stopping_criteria=_own_lengths(limits, width) if len(set(limits)) > 1 else None,
        )
    rows, inputs = output[:, width:].tolist(), encoded.attention_mask.sum(dim=1).tolist()
    ends = set() if settings.ignore_eos else _end_tokens(model, tokenizer)
    answers = tuple(_answer(tokenizer, row[:limit], count, ends) for row, limit, count in zip(rows, limits, inputs, strict=True))
    return Generated(started, tuple(clock.times), answers)


def _answer(tokenizer: Any, row: list[int], input_tokens: int, ends: set[int]) -> Answer:
    """An end-of-sequence token is one that was generated: it counts, as servers count it."""
    end = next((i for i, token in enumerate(row) if token in ends), None)
    own = row if end is None else row[:end + 1]
    return Answer(tokenizer.decode(own, skip_special_tokens=True), int(input_tokens), len(own), 'length' if end is None else 'stop')


def _token_clock() -> Any:
    from transformers.generation.streamers import BaseStreamer

    class TokenClock(BaseStreamer):
        """The first thing that it is handed is the prompt."""

        def __init__(self) -> None:
            self.times: list[int] = []
            self.prompt_seen = False

        def put(self, value: Any) -> None:
            if self.prompt_seen:
                self.times.append(time.monotonic_ns())
            self.prompt_seen = True

        def end(self) -> None:
            return

    return TokenClock()


def _own_lengths(limits: list[int], width: int) -> Any:
    """Each row ends at its own length; the batch goes on until the longest has."""
    import torch
    from transformers import StoppingCriteria, StoppingCriteriaList
    wanted = torch.tensor(limits)

    class OwnLengths(StoppingCriteria):
        def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
            return (input_ids.shape[1] - width >= wanted).to(input_ids.device)

    return StoppingCriteriaList([OwnLengths()])


def _generation_config(model: Any, tokenizer: Any, settings: Generation, longest: int) -> Any:
    """Only what we say: a model's own file may ask for sampling, penalties or another length."""
    from transformers import GenerationConfig
    sampling = {'temperature': settings.temperature, 'top_p': settings.top_p, 'top_k': settings.top_k} if settings.do_sample else {}
    ends = [] if settings.ignore_eos else sorted(_end_tokens(model, tokenizer))
    return GenerationConfig(
        max_new_tokens=longest, do_sample=settings.do_sample, repetition_penalty=settings.repetition_penalty, use_cache=True, num_beams=1,
        eos_token_id=ends or None, pad_token_id=tokenizer.pad_token_id if tokenizer.pad_token_id is not None else 0, **sampling,
    )


def _end_tokens(model: Any, tokenizer: Any) -> set[int]:
    found = getattr(model.generation_config, 'eos_token_id', None)
    found = tokenizer.eos_token_id if found is None else found
    return set() if found is None else set(found) if isinstance(found, list) else {found}


def _check_length(model: Any, width: int, longest: int) -> None:
    places = getattr(model.config, 'max_position_embeddings', None)
    if places is not None and width + longest > places:
        raise ValueError(f'the longest prompt of the batch has {width} tokens and its answer may have {longest}: together more than the {places} that the model can hold')
