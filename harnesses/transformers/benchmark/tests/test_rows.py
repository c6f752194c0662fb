# SPDX-License-Identifier: Apache-2.0
"""Records → rows, CSV and table, by numbers that were worked out by hand."""
import csv
import tempfile
import unittest
from io import StringIO
from pathlib import Path

from ..config import Generation, ModelSetting, Setting, StageSetting
from ..model_file import finish, heard, new_state, read_records
from ..prompts import Prompt
from ..rows import COLUMNS, rows_of
from ..written import csv_text, table_text

PROMPTS = (Prompt('a', 'x'), Prompt('b', 'y'))
MODEL = ModelSetting('m', 'm', None, 'float32', 'none', 'cpu', 'auto', None)
SETTING = Setting((MODEL,), (StageSetting('batch-2', 2, PROMPTS), StageSetting('batch-1', 1, PROMPTS)), Generation(4, False, 1, 1, 0, 1, 0, True), 1, 1, 64, 0, Path('o'), 'd')


def record(prompt, batch, sent, first, end, tokens, **overlay):
    return {'stage': 'batch-2', 'phase': 'measure', 'batch': batch, 'prompt': prompt, 'sentMs': sent, 'firstTokenMs': first, 'endMs': end, 'batchEndMs': overlay.pop('last', end),
            'inputTokens': 5, 'outputTokens': tokens, 'distinct1': 1.0, 'distinct2': 0.5, 'repetition4': None, **overlay}


RECORDS = [
    record('a', 0, 0, 5, 5, 1, phase='warmup'), record('a', 0, 100, 110, 140, 4), record('b', 0, 100, 110, 130, 3, last=140),
    record('a', 1, 200, 220, 280, 4), record('b', 1, 200, 220, 280, 4),
]


def state_of():
    state = new_state(SETTING, MODEL)
    for event in (
        {'kind': 'began', 'clock': {'epochMs': 1, 'monotonicMs': 2}, 'threads': 2, 'baseRamBytes': 1048576},
        {'kind': 'loaded', 'startMs': 0, 'endMs': 1500, 'facts': {'parameters': 10, 'loadedDtype': 'float32'}, 'peakRamBytes': 2 * 1048576},
        {'kind': 'stage', 'stage': 'batch-2', 'startMs': 1, 'endMs': 2, 'peakRamBytes': 3 * 1048576},
        {'kind': 'failed', 'stage': 'batch-1', 'message': 'ValueError: too long', 'traceback': 'Traceback\n  line, "x"\nValueError: too long\n'},
        {'kind': 'perplexity', 'of': 'prompts', 'perplexity': {'value': 8.0, 'n': 2, 'stderr': 0.5}, 'bitsPerByte': {'value': 2.0, 'n': 2}, 'tokens': 9},
    ):
        heard(state, event)
    finish(state, RECORDS)
    return state


class Rows(unittest.TestCase):
    def test_rows(self) -> None:
        two, one = rows_of(state_of(), RECORDS)
        self.assertEqual((two['status'], two['batches'], two['requests'], two['load_s']), ('ok', 2, 4, 1.5))
        self.assertEqual((two['ttft_ms_mean'], two['latency_ms_mean'], two['latency_ms_min'], two['latency_ms_max']), (15, 60, 40, 80))
        self.assertAlmostEqual(two['latency_ms_stddev'], 28.284271247)
        self.assertAlmostEqual(two['tpot_ms_mean'], (10 + 10 + 20 + 20) / 4)
        self.assertAlmostEqual(two['output_tokens_per_s'], 15 / 0.12)
        self.assertAlmostEqual(two['requests_per_s'], 4 / 0.12)
        self.assertEqual((two['peak_ram_mib'], two['load_peak_ram_mib'], two['base_ram_mib'], two['peak_gpu_allocated_mib']), (3, 2, 1, None))
        self.assertEqual((two['perplexity'], two['perplexity_stderr'], two['distinct_2'], two['repetition_4']), (8, 0.5, 0.5, None))
        self.assertEqual((one['status'], one['requests'], one['latency_ms_mean']), ('failed', 0, None))
        self.assertEqual((one['error'], one['traceback']), ('ValueError: too long', 'Traceback\n  line, "x"\nValueError: too long'))

    def test_csv_can_be_read_back(self) -> None:
        text = csv_text(rows_of(state_of(), RECORDS))
        two, one = csv.DictReader(StringIO(text))
        self.assertEqual(list(two), list(COLUMNS))
        self.assertEqual((two['latency_ms_mean'], two['peak_gpu_allocated_mib'], two['error']), ('60', '', ''))
        self.assertEqual(one['traceback'], 'Traceback\n  line, "x"\nValueError: too long')

    def test_the_table_leaves_out_what_was_not_measured_and_names_failures(self) -> None:
        table = table_text(rows_of(state_of(), RECORDS))
        self.assertNotIn('GPU', table)
        self.assertRegex(table, r'm +none +2 +1.50 +15.0 +60.0 +28.3 +125.0')
        self.assertIn('m, batch 1: failed: ValueError: too long', table)

    def test_scores_are_by_prompt(self) -> None:
        self.assertEqual(state_of()['quality']['distinct2'], {'value': 0.5, 'n': 2, 'stderr': 0.0})

    def test_half_a_line_is_no_record(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / 'records.jsonl').write_text('{"id": "a"}\n{"id": "b')
            self.assertEqual(read_records(Path(folder)), [{'id': 'a'}])
