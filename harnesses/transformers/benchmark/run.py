# SPDX-License-Identifier: Apache-2.0
"""All models one after another, each in a fresh process; a model that fails is a row, and the next one runs."""
import json
import os
import pickle
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .config import ModelSetting, Setting
from .model_file import RECORDS, finish, folder_names, heard, new_state, read_records, save


@dataclass(frozen=True)
class ModelRun:
    state: dict[str, Any]
    records: list[dict[str, Any]]


class Ended(Exception):
    """A signal asked for the end."""


def run_models(setting: Setting, say: Callable[[dict[str, Any]], None], done: Callable[[ModelRun], None]) -> None:
    """`say` hears every event, `done` every model's result, also that of one which was cut short."""
    folders = folder_names([m.name for m in setting.models])
    for model in setting.models:
        say({'kind': 'model', 'name': model.name})
        done_once = run_model(setting, model, setting.outputs / 'models' / folders[model.name], say)
        done(done_once)
        if any(f.get('signal') for f in done_once.state['failures']):
            raise Ended


def run_model(setting: Setting, model: ModelSetting, folder: Path, say: Callable[[dict[str, Any]], None]) -> ModelRun:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RECORDS).write_text('')
    state = new_state(setting, model)
    save(state, folder)
    child = subprocess.Popen([sys.executable, '-m', f'{__package__}.child'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding='utf-8', env=_environment())
    current = {'stage': 'load_model'}
    ended: list[int] = []
    with _forwarding(child, ended):
        child.stdin.write(b64encode(pickle.dumps((setting, model, str(folder / RECORDS)))).decode() + '\n')
        child.stdin.close()
        for line in child.stdout:
            event = json.loads(line)
            heard(state, event)
            current['stage'] = event.get('stage', current['stage'])
            if event['kind'] != 'batch':
                save(state, folder)
            say(event)
        code = child.wait()
    if ended or code != 0:
        failure = {'kind': 'failed', 'stage': current['stage'], **_cause(code, ended[0] if ended else None)}
        heard(state, failure)
        say(failure)
    records = read_records(folder)
    finish(state, records)
    if ended:
        state['complete'] = False
    save(state, folder)
    return ModelRun(state, records)


def _environment() -> dict[str, str]:
    here = str(Path(__file__).resolve().parent.parent)
    return {**os.environ, 'PYTHONPATH': os.pathsep.join(p for p in (here, os.environ.get('PYTHONPATH')) if p), 'TOKENIZERS_PARALLELISM': os.environ.get('TOKENIZERS_PARALLELISM', 'false')}


def _cause(code: int, ended: int | None) -> dict[str, Any]:
    if ended is not None:
        return {'message': f'ended by {signal.Signals(ended).name} before it was done', 'signal': ended}
    if code == -signal.SIGKILL:
        return {'message': 'the process was killed (SIGKILL): most likely the machine or the container has too little memory for this model'}
    what = signal.Signals(-code).name if code < 0 else f'exit code {code}'
    return {'message': f'the process ended with {what}; what it said stands above'}


class _forwarding:
    """TERM and INT reach the child; what was measured until then is kept."""

    def __init__(self, child: subprocess.Popen, ended: list[int]) -> None:
        self.child, self.ended, self.before = child, ended, {}

    def __enter__(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            self.before[number] = signal.signal(number, self._end)

    def __exit__(self, *_: object) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def _end(self, number: int, _: object) -> None:
        self.ended.append(number)
        self.child.terminate()
