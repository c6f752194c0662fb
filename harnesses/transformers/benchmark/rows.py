# SPDX-License-Identifier: Apache-2.0
"""Records and facts of a model → one row for each of its batch sizes: the columns of results.csv. It writes nothing."""
from statistics import fmean, stdev
from typing import Any

MIB = 1024 * 1024

#: In the order of the file. A cell is empty where nothing was measured.
COLUMNS = (
    'model', 'quantization', 'dtype', 'device', 'threads', 'parameters', 'batch_size', 'status', 'batches', 'requests', 'load_s',
    'ttft_ms_mean', 'ttft_ms_stddev', 'latency_ms_mean', 'latency_ms_stddev', 'latency_ms_min', 'latency_ms_max', 'tpot_ms_mean',
    'output_tokens_per_s', 'requests_per_s', 'input_tokens_mean', 'output_tokens_mean',
    'peak_ram_mib', 'load_peak_ram_mib', 'base_ram_mib', 'peak_gpu_allocated_mib', 'peak_gpu_reserved_mib',
    'distinct_1', 'distinct_2', 'repetition_4', 'perplexity', 'perplexity_stderr', 'bits_per_byte', 'error', 'traceback',
)
Row = dict[str, Any]


def rows_of(state: dict[str, Any], records: list[dict[str, Any]]) -> list[Row]:
    return [_row(state, stage, [r for r in records if r['stage'] == stage['name'] and r['phase'] == 'measure']) for stage in state['stages']]


def _row(state: dict[str, Any], stage: dict[str, Any], records: list[dict[str, Any]]) -> Row:
    model, load = state['model'], state['load'] or {}
    failure = next((f for f in state['failures'] if f['stage'] in ('load_model', stage['name'])), None)
    said = failure or next((f for f in state['failures'] if f['stage'] == 'perplexity'), None)
    row = dict.fromkeys(COLUMNS) | {
        'model': model['name'], 'quantization': model['quantization'], 'dtype': model.get('loadedDtype', model['dtype']), 'device': model['device'],
        'threads': model.get('threads'), 'parameters': model.get('parameters'), 'batch_size': stage['batchSize'],
        'status': 'failed' if failure else 'ok' if records else 'not run', 'requests': len(records),
        'load_s': (load['endMs'] - load['startMs']) / 1000 if load else None, 'load_peak_ram_mib': _mib(load.get('peakRamBytes')), 'base_ram_mib': _mib(state.get('baseRamBytes')),
        'peak_ram_mib': _mib(stage.get('peakRamBytes')), 'peak_gpu_allocated_mib': _mib(stage.get('peakGpuAllocatedBytes')), 'peak_gpu_reserved_mib': _mib(stage.get('peakGpuReservedBytes')),
        'error': (said['message'].splitlines() or [''])[0] if said else None, 'traceback': (said.get('traceback') or '').strip() or None if said else None,
    }
    return row | _times(records) | _quality(state, records)


def _times(records: list[dict[str, Any]]) -> Row:
    if not records:
        return {}
    batches = {r['batch']: r for r in records}
    latencies = [r['batchEndMs'] - r['sentMs'] for r in batches.values()]
    first = [r['firstTokenMs'] - r['sentMs'] for r in batches.values()]
    gaps = [(r['endMs'] - r['firstTokenMs']) / (r['outputTokens'] - 1) for r in records if r['outputTokens'] > 1]
    seconds = sum(latencies) / 1000
    return {
        'batches': len(batches), 'ttft_ms_mean': fmean(first), 'ttft_ms_stddev': _stdev(first), 'latency_ms_mean': fmean(latencies), 'latency_ms_stddev': _stdev(latencies),
        'latency_ms_min': min(latencies), 'latency_ms_max': max(latencies), 'tpot_ms_mean': fmean(gaps) if gaps else None,
        'output_tokens_per_s': sum(r['outputTokens'] for r in records) / seconds if seconds > 0 else None, 'requests_per_s': len(records) / seconds if seconds > 0 else None,
        'input_tokens_mean': fmean(r['inputTokens'] for r in records), 'output_tokens_mean': fmean(r['outputTokens'] for r in records),
    }


def _quality(state: dict[str, Any], records: list[dict[str, Any]]) -> Row:
    def mean(name: str) -> float | None:
        values = [r[name] for r in records if r[name] is not None]
        return fmean(values) if values else None

    perplexity = (state['perplexity'] or {}).get('perplexity') or {}
    return {
        'distinct_1': mean('distinct1'), 'distinct_2': mean('distinct2'), 'repetition_4': mean('repetition4'), 'perplexity': perplexity.get('value'),
        'perplexity_stderr': perplexity.get('stderr'), 'bits_per_byte': ((state['perplexity'] or {}).get('bitsPerByte') or {}).get('value'),
    }


def _stdev(values: list[float]) -> float | None:
    return stdev(values) if len(values) > 1 else None


def _mib(count: int | None) -> float | None:
    return None if count is None else count / MIB
