# SPDX-License-Identifier: Apache-2.0
"""One model, from loading to perplexity, in a process of its own: its peak of memory is no other model's. It tells its parent what happened."""
import json
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .batches import Batch, batches_of
from .config import ModelSetting, Setting, StageSetting
from .generate import generate_batch
from .load_model import load, prepare_torch
from .memory import forget_peaks, give_back, peak_ram, peaks
from .perplexity import score_text, summarize
from .prompts import Prompt
from .records import records_of

Tell = Callable[[dict[str, Any]], None]


def measure_model(setting: Setting, model: ModelSetting, file: Path, tell: Tell) -> None:
    """Records go to the file; failures are told, and what can still be measured is."""
    threads = _tried(tell, 'load_model', lambda: _prepared(model))
    if threads is None:
        return
    origin = time.monotonic_ns()
    tell({'kind': 'began', 'clock': {'epochMs': time.time_ns() / 1e6, 'monotonicMs': origin / 1e6}, 'threads': threads, 'baseRamBytes': peak_ram()})
    loaded = _tried(tell, 'load_model', lambda: _load(model, origin, tell))
    if loaded is None:
        return
    with file.open('a', encoding='utf-8') as out:
        for number, stage in enumerate(setting.stages):
            if number > 0 and setting.pause_seconds > 0:
                time.sleep(setting.pause_seconds)
            _tried(tell, stage.name, lambda stage=stage: _Stage(setting, model.device, stage, loaded, origin, tell).run(out))
    if setting.perplexity_texts > 0:
        _tried(tell, 'perplexity', lambda: _score(setting, loaded, tell))


def _prepared(model: ModelSetting) -> int:
    """Imports are no part of loading a model."""
    threads = prepare_torch(model)
    import transformers
    transformers.logging.set_verbosity_error()
    from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: F401
    return threads


def _load(model: ModelSetting, origin: int, tell: Tell) -> tuple[Any, Any]:
    per_stage = forget_peaks(model.device)
    start = time.monotonic_ns()
    found, tokenizer, facts = load(model)
    end = time.monotonic_ns()
    tell({'kind': 'loaded', 'startMs': (start - origin) / 1e6, 'endMs': (end - origin) / 1e6, 'facts': facts, 'peaksPerStage': per_stage, **peaks(model.device)})
    give_back()
    return found, tokenizer


class _Stage:
    """All batches of one size."""

    def __init__(self, setting: Setting, device: str, stage: StageSetting, loaded: tuple[Any, Any], origin: int, tell: Tell) -> None:
        self.setting, self.device, self.stage, self.origin, self.tell = setting, device, stage, origin, tell
        self.model, self.tokenizer = loaded

    def run(self, out: Any) -> None:
        forget_peaks(self.device)
        batches = batches_of(self.stage.prompts, self.stage.batch_size, self.setting.repetitions)
        warmups = [Batch(i, 0, batches[i % len(batches)].prompts) for i in range(self.setting.warmup)]
        start, latencies = None, []
        for phase, own in (('warmup', warmups), ('measure', batches)):
            if phase == 'measure':
                start = time.monotonic_ns()
            for batch in own:
                generated = generate_batch(self.model, self.tokenizer, batch, self.setting.generation)
                if phase == 'measure':
                    latencies.append((generated.tokens[-1] - generated.started) / 1e6)
                for record in records_of(self.stage.name, phase, batch, generated, self.origin):
                    wanted = record['wantedOutputTokens'] or self.setting.generation.max_new_tokens
                    out.write(json.dumps(record | {'wantedOutputTokens': wanted}, ensure_ascii=False) + '\n')
                out.flush()
                self.tell({'kind': 'batch', 'stage': self.stage.name, 'phase': phase})
        self.tell({'kind': 'stage', 'stage': self.stage.name, 'startMs': (start - self.origin) / 1e6, 'endMs': (time.monotonic_ns() - self.origin) / 1e6, 'batchLatenciesMs': latencies, **peaks(self.device)})


def _score(setting: Setting, loaded: tuple[Any, Any], tell: Tell) -> None:
    model, tokenizer = loaded
    texts: dict[tuple[str, str | None], Prompt] = {}
    for stage in setting.stages:
        for prompt in stage.prompts:
            texts.setdefault((prompt.text, prompt.reference), prompt)
    chosen = list(texts.values())[:setting.perplexity_texts]
    longest = getattr(model.config, 'max_position_embeddings', None)
    of = 'references' if all(p.reference is not None for p in chosen) else 'prompts' if all(p.reference is None for p in chosen) else 'references and prompts'
    tell({'kind': 'perplexity', 'of': of, **(summarize([score_text(model, tokenizer, p, longest) for p in chosen]) or {})})


def _tried(tell: Tell, stage: str, work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:  # whatever a model, its code or a device throws is a row of the results
        tell({'kind': 'failed', 'stage': stage, 'message': f'{type(error).__name__}: {error}', 'traceback': traceback.format_exc()})
        return None
