# SPDX-License-Identifier: Apache-2.0
"""What was generated → one record a prompt. Times are milliseconds since the origin, the same for all records of a model."""
from typing import Any

from .batches import Batch
from .generate import Generated
from .text_quality import quality_of


def records_of(stage: str, phase: str, batch: Batch, generated: Generated, origin_ns: int) -> list[dict[str, Any]]:
    def at(ns: int) -> float:
        return round((ns - origin_ns) / 1e6, 6)

    found = []
    for row, (prompt, answer) in enumerate(zip(batch.prompts, generated.answers, strict=True)):
        tokens = generated.tokens[:answer.output_tokens]
        found.append({
            'id': f'{stage}/{"" if phase == "measure" else "w"}{batch.index}-{row}', 'stage': stage, 'phase': phase, 'batch': batch.index, 'batchSize': len(batch.prompts),
            'repetition': batch.repetition, 'prompt': prompt.id, 'sentMs': at(generated.started), 'firstTokenMs': at(tokens[0]), 'endMs': at(tokens[-1]),
            'batchEndMs': at(generated.tokens[-1]), 'eventsMs': [at(t) for t in tokens], 'inputTokens': answer.input_tokens, 'outputTokens': answer.output_tokens,
            'wantedOutputTokens': prompt.max_new_tokens, 'finish': answer.finish, 'text': answer.text, **quality_of(answer.text),
        })
    return found
