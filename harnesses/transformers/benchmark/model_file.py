# SPDX-License-Identifier: Apache-2.0
"""What is known of one model's run beside its records: `local-models.json`, whole at any moment. It measures nothing."""
import json
import os
from pathlib import Path
from typing import Any

from . import TOOL, VERSION
from .config import ModelSetting, Setting
from .text_quality import mean_and_error

NAME, RECORDS = 'local-models.json', 'records.jsonl'
QUALITIES = ('distinct1', 'distinct2', 'repetition4')


def new_state(setting: Setting, model: ModelSetting) -> dict[str, Any]:
    return {
        'tool': TOOL, 'version': VERSION, 'complete': False, 'clock': None, 'configDigest': setting.digest,
        'model': {key: value for key, value in model.__dict__.items() if value is not None},
        'generation': setting.generation.__dict__, 'load': None,
        'stages': [{'name': s.name, 'batchSize': s.batch_size, 'prompts': len(s.prompts)} for s in setting.stages],
        'failures': [], 'perplexity': None, 'quality': None,
    }


def heard(state: dict[str, Any], event: dict[str, Any]) -> None:
    """Takes one event of the model's process in."""
    told = {key: value for key, value in event.items() if key not in ('kind', 'stage')}
    match event['kind']:
        case 'began':
            state['clock'], state['baseRamBytes'] = told['clock'], told['baseRamBytes']
            state['model']['threads'] = told['threads']
        case 'loaded':
            state['model'] |= told.pop('facts')
            state['load'] = told
        case 'stage':
            next(s for s in state['stages'] if s['name'] == event['stage']).update(told)
        case 'perplexity':
            state['perplexity'] = told
        case 'failed':
            state['failures'].append({'stage': event['stage'], **told})


def finish(state: dict[str, Any], records: list[dict[str, Any]]) -> None:
    measured = [r for r in records if r['phase'] == 'measure']
    state['quality'] = {name: mean_and_error((r['prompt'], r[name]) for r in measured) for name in QUALITIES} if measured else None
    state['complete'] = True


def save(state: dict[str, Any], folder: Path) -> None:
    new = folder / f'.{NAME}.new'
    new.write_text(json.dumps(state, indent=1, ensure_ascii=False) + '\n', encoding='utf-8')
    os.replace(new, folder / NAME)


def read_records(folder: Path) -> list[dict[str, Any]]:
    """Half a line is what a killed process leaves behind."""
    found = []
    path = folder / RECORDS
    for line in path.read_text(encoding='utf-8').splitlines() if path.exists() else []:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def folder_names(names: list[str]) -> dict[str, str]:
    """`facebook/opt-1.3b` is no name of a folder; two models never share one."""
    found: dict[str, str] = {}
    for name in names:
        base = ''.join(c if c.isalnum() or c in '._-' else '-' for c in name).strip('.') or 'model'
        own, number = base, 2
        while own in found.values():
            own, number = f'{base}-{number}', number + 1
        found[name] = own
    return found
