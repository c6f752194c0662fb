# SPDX-License-Identifier: Apache-2.0
"""How surprised a model is by a text that it did not write.

Perplexity = exp(Σ −ln p(token | all before it) ÷ tokens), over all texts together. Tokens are the model's own, so that perplexities of
models with different tokenizers cannot be compared; bits per byte, the same sum ÷ ln 2 ÷ bytes of the scored text in UTF-8, can.
"""
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .prompts import Prompt


@dataclass(frozen=True)
class Scored:
    """One text: the sum of −ln p over its scored tokens, how many those are, and their bytes."""
    nll: float
    tokens: int
    bytes: int


def ratio_with_error(pairs: Sequence[tuple[float, float]]) -> tuple[float, float | None]:
    """Σa ÷ Σb with its standard error, texts being the units that were drawn (linearised, as for any ratio of sums)."""
    total_a, total_b, n = sum(a for a, _ in pairs), sum(b for _, b in pairs), len(pairs)
    ratio = total_a / total_b
    if n < 2:
        return ratio, None
    spread = sum((a - ratio * b) ** 2 for a, b in pairs) * n / (n - 1)
    return ratio, math.sqrt(spread) / total_b


def summarize(texts: Sequence[Scored]) -> dict[str, Any] | None:
    usable = [text for text in texts if text.tokens > 0 and text.bytes > 0]
    if not usable:
        return None
    mean, error = ratio_with_error([(t.nll, t.tokens) for t in usable])
    bits, bits_error = ratio_with_error([(t.nll / math.log(2), t.bytes) for t in usable])
    perplexity = math.exp(mean)
    return {
        'perplexity': {'value': perplexity, 'n': len(usable), **({} if error is None else {'stderr': perplexity * error})},
        'bitsPerByte': {'value': bits, 'n': len(usable), **({} if bits_error is None else {'stderr': bits_error})},
        'tokens': sum(t.tokens for t in usable),
    }


def score_text(model: Any, tokenizer: Any, prompt: Prompt, longest: int | None) -> Scored:
    """The reference after the prompt where there is one, else the prompt itself, but for its first token, before which there is nothing."""
    import torch
    context = tokenizer(prompt.text).input_ids
    answer = [] if prompt.reference is None else tokenizer(prompt.reference, add_special_tokens=False).input_ids
    ids = (context + answer)[:longest]
    first = len(context) if prompt.reference is not None else 1
    if len(ids) <= max(first, 1):
        return Scored(0.0, 0, 0)
    with torch.inference_mode():
        logits = model(input_ids=torch.tensor([ids], device=model.device), use_cache=False).logits[0, first - 1:-1].float()
        targets = torch.tensor(ids[first:], device=logits.device)
        nll = torch.nn.functional.cross_entropy(logits, targets, reduction='sum').item()
    return Scored(nll, len(ids) - first, len(tokenizer.decode(ids[first:], skip_special_tokens=True).encode()))
