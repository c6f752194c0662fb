# SPDX-License-Identifier: Apache-2.0
"""The command line: python -m benchmark --config configs/benchmark.yaml."""
import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from . import TOOL, VERSION
from .checking import WrongInput
from .config import Setting, read_config
from .figures import save_figures
from .progress import Progress
from .rows import Row, rows_of
from .run import Ended, ModelRun, run_models
from .written import append_to_log, save_csv, table_text

OK, SOME_FAILED, WRONG_INPUT, ENDED = 0, 1, 2, 143


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog='benchmark', description='Latency, memory and quality proxies of causal language models that run here, by transformers.', epilog='exit codes: 0 all models ran, 1 some failed, 2 wrong input, 143 ended by a signal')
    parser.add_argument('--config', type=Path, required=True, metavar='FILE', help='YAML or JSON: models, prompts, batch sizes, generation')
    parser.add_argument('--outputs', type=Path, metavar='FOLDER', help='where results go, instead of what the file says (outputs)')
    parser.add_argument('--check', action='store_true', help='read everything, say what would run, and stop')
    parser.add_argument('--version', action='version', version=f'{TOOL} {VERSION}')
    told = parser.parse_args(arguments)
    try:
        setting = read_config(told.config, told.outputs)
        if told.check:
            print(plan_of(setting))
            return OK
        _make_folder(setting.outputs)
    except WrongInput as wrong:
        print('\n'.join(wrong.problems), file=sys.stderr)
        return WRONG_INPUT
    return measure(setting)


def plan_of(setting: Setting) -> str:
    stages = ', '.join(f'{s.name}: {len(s.prompts)} prompts by {s.batch_size}' for s in setting.stages)
    return f'{len(setting.models)} models ({", ".join(m.name for m in setting.models)}); {stages}; {setting.repetitions} repetitions after {setting.warmup} warm-up batches; results in {setting.outputs}'


def measure(setting: Setting) -> int:
    began, rows, ended = datetime.now(UTC), [], False

    def done(run: ModelRun) -> None:
        rows.extend(rows_of(run.state, run.records))
        save_csv(rows, setting.outputs)

    try:
        run_models(setting, Progress(setting).hear, done)
    except Ended:
        ended = True
    code = ENDED if ended else SOME_FAILED if any(row['error'] for row in rows) else OK
    _show(setting, rows)
    append_to_log(setting, rows, code, began)
    return code


def _show(setting: Setting, rows: list[Row]) -> None:
    try:
        save_figures(rows, setting.outputs)
    except ImportError as error:
        print(f'no pictures: {error}', file=sys.stderr)
    print(table_text(rows))
    print(f'results: {setting.outputs}')


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / '.writable'
        probe.write_text('')
        probe.unlink()
    except OSError as error:
        raise WrongInput([f'outputs: cannot write to {folder}: {error}; expected a folder that this user may write (in a container: a mount, and --user)']) from error


if __name__ == '__main__':
    sys.exit(main())
