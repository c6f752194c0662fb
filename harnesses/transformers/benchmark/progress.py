# SPDX-License-Identifier: Apache-2.0
"""What a person who waits is told: where it is, and about how long it will take still."""
import sys
import time
from typing import Any, TextIO

from .batches import batches_of
from .config import Setting

EVERY_SECONDS = 5.0


class Progress:
    def __init__(self, setting: Setting, out: TextIO = sys.stderr) -> None:
        self.out = out
        self.models, self.model, self.began = len(setting.models), 0, time.monotonic()
        self.batches = {s.name: len(batches_of(s.prompts, s.batch_size, setting.repetitions)) + setting.warmup for s in setting.stages}
        self.per_model = sum(self.batches.values())
        self.done_before, self.done_here, self.in_stage, self.said = 0, 0, 0, 0.0
        self.name = ''

    def hear(self, event: dict[str, Any]) -> None:
        match event['kind']:
            case 'model':
                self.done_before, self.done_here, self.in_stage = self.per_model * self.model, 0, 0
                self.model, self.name = self.model + 1, event['name']
                self._say('loading')
            case 'loaded':
                self._say(f'loaded in {(event["endMs"] - event["startMs"]) / 1000:.1f} s, {event["facts"]["parameters"]:,} parameters')
            case 'batch':
                self._batch(event)
            case 'stage':
                self.in_stage = 0
            case 'failed':
                self.in_stage = 0
                self._say(f'{event["stage"]} failed: {event["message"].splitlines()[0] if event["message"] else ""}')

    def _batch(self, event: dict[str, Any]) -> None:
        self.done_here += 1
        self.in_stage += 1
        total = self.batches[event['stage']]
        now = time.monotonic()
        if self.in_stage < total and now - self.said < EVERY_SECONDS:
            return
        self._say(f'{event["stage"]}: {self.in_stage} of {total} batches, about {self._left(now)} left')

    def _left(self, now: float) -> str:
        """Batches of models that are still to come are taken to last as long as those so far."""
        done, total = self.done_before + self.done_here, self.per_model * self.models
        seconds = round((now - self.began) / done * (total - done))
        return f'{seconds // 60} min {seconds % 60:02d} s' if seconds >= 60 else f'{seconds} s'

    def _say(self, what: str) -> None:
        self.said = time.monotonic()
        print(f'[{self.model}/{self.models}] {self.name}: {what}', file=self.out, flush=True)
