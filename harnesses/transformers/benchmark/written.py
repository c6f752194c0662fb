# SPDX-License-Identifier: Apache-2.0
"""Rows as results.csv, as the table of the console, and as one line of the log of experiments."""
import csv
import json
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from io import StringIO
from pathlib import Path
from platform import python_version
from typing import Any

from . import TOOL, VERSION
from .config import Setting
from .memory import host
from .rows import COLUMNS, Row

PACKAGES = ('torch', 'transformers', 'tokenizers', 'numpy')
#: Heading, column, decimals.
TABLE = (
    ('model', 'model', None), ('quant.', 'quantization', None), ('batch', 'batch_size', 0), ('load s', 'load_s', 2), ('TTFT ms', 'ttft_ms_mean', 1),
    ('latency ms', 'latency_ms_mean', 1), ('± stddev', 'latency_ms_stddev', 1), ('tokens/s', 'output_tokens_per_s', 1), ('out', 'output_tokens_mean', 1),
    ('RAM MiB', 'peak_ram_mib', 0), ('GPU MiB', 'peak_gpu_allocated_mib', 0), ('distinct-1', 'distinct_1', 3), ('repetition-4', 'repetition_4', 3), ('perplexity', 'perplexity', 2),
)


def csv_text(rows: list[Row]) -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator='\n')
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(_cell(row[column]) for column in COLUMNS)
    return out.getvalue()


def _cell(value: Any) -> Any:
    return '' if value is None else f'{value:.6g}' if isinstance(value, float) else value


def table_text(rows: list[Row]) -> str:
    """Averages, for the eye; columns that nothing was measured for are left out."""
    columns = [c for c in TABLE if any(row[c[1]] is not None for row in rows)]
    cells = [[heading for heading, _, _ in columns], *([_shown(row[key], decimals) for _, key, decimals in columns] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
    lines = ['  '.join(cell.ljust(w) if c[2] is None else cell.rjust(w) for cell, w, c in zip(line, widths, columns, strict=True)).rstrip() for line in cells]
    failed = [f'{row["model"]}, batch {row["batch_size"]}: {"failed" if row["status"] == "failed" else "no perplexity"}: {row["error"]}' for row in rows if row['error']]
    return '\n'.join([*lines, *failed])


def _shown(value: Any, decimals: int | None) -> str:
    return '–' if value is None else str(value) if decimals is None else f'{value:.{decimals}f}'


def versions() -> dict[str, str]:
    found = {'python': python_version(), TOOL: VERSION}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def append_to_log(setting: Setting, rows: list[Row], exit_code: int, began: datetime) -> None:
    line = {
        'time': began.isoformat(timespec='seconds'), 'seconds': round((datetime.now(UTC) - began).total_seconds(), 1), 'exitCode': exit_code, 'configDigest': setting.digest,
        'versions': versions(), 'host': host(), 'generation': setting.generation.__dict__, 'warmup': setting.warmup, 'repetitions': setting.repetitions,
        'summary': [{key: value for key, value in row.items() if value is not None} for row in rows],
    }
    with (setting.outputs / 'experiments.jsonl').open('a', encoding='utf-8') as log:
        log.write(json.dumps(line, ensure_ascii=False) + '\n')


def save_csv(rows: list[Row], folder: Path) -> None:
    (folder / 'results.csv').write_text(csv_text(rows), encoding='utf-8')
