# SPDX-License-Identifier: Apache-2.0
"""Two pictures of the rows: how long a batch took, and how much memory it took. It computes nothing."""
from pathlib import Path
from typing import Any

from .rows import Row

#: Of Okabe and Ito: told apart also by people who see few colours.
COLOURS = ('#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#F0E442', '#000000')


def save_figures(rows: list[Row], folder: Path) -> None:
    import matplotlib
    matplotlib.use('Agg')
    measured = [row for row in rows if row['latency_ms_mean'] is not None]
    if not measured:
        return
    _save(measured, folder / 'latency_comparison.png', _draw_latency)
    _save(measured, folder / 'memory_usage.png', _draw_memory)


def _save(rows: list[Row], path: Path, draw: Any) -> None:
    from matplotlib import pyplot
    models = list(dict.fromkeys(row['model'] for row in rows))
    figure, axes = pyplot.subplots(figsize=(max(6.4, 1.1 * len(models) * max(2, len({r['batch_size'] for r in rows})) * 0.6), 4.8), layout='constrained')
    draw(axes, rows, models)
    axes.set_xticks(range(len(models)), models, rotation=20 if len(models) > 4 else 0, ha='right' if len(models) > 4 else 'center')
    axes.set_ylim(bottom=0)
    axes.grid(axis='y', linewidth=0.5, alpha=0.4)
    axes.set_axisbelow(True)
    for side in ('top', 'right'):
        axes.spines[side].set_visible(False)
    figure.savefig(path, dpi=144)
    pyplot.close(figure)


def _bars(axes: Any, rows: list[Row], models: list[str], series: list[tuple[str, Any, Any, Any]]) -> None:
    """Series: label, which rows, height, error. Bars of one model stand side by side, without places for what is not there."""
    for index, (label, of, height, error) in enumerate(series):
        own = [row for row in rows if of(row) and height(row) is not None]
        width = 0.8 / len(series)
        places = [models.index(row['model']) - 0.4 + (index + 0.5) * width for row in own]
        heights, errors = [height(row) for row in own], [error(row) or 0 for row in own]
        axes.bar(places, heights, width * 0.94, label=label, color=COLOURS[index % len(COLOURS)])
        if any(errors):
            axes.errorbar(places, heights, yerr=errors, fmt='none', ecolor='#333333', elinewidth=1, capsize=3)
        for place, value, error_ in zip(places, heights, errors, strict=True):
            axes.annotate(f'{value:,.0f}' if value >= 100 else f'{value:.3g}', (place, value + error_), (0, 4), textcoords='offset points', ha='center', fontsize=7)
    axes.margins(y=0.08)
    axes.figure.legend(frameon=False, fontsize=8, loc='outside lower center', ncols=2)


def _draw_latency(axes: Any, rows: list[Row], models: list[str]) -> None:
    sizes = sorted({row['batch_size'] for row in rows})
    batches = sorted({row['batches'] for row in rows})
    count = f'{batches[0]}' if len(batches) == 1 else f'{batches[0]} to {batches[-1]}'
    _bars(axes, rows, models, [(f'batch of {size}', lambda r, s=size: r['batch_size'] == s, lambda r: r['latency_ms_mean'], lambda r: r['latency_ms_stddev']) for size in sizes])
    axes.set_ylabel('latency of a whole batch (ms)')
    tokens = {round(row['output_tokens_mean'], 1) for row in rows}
    length = f'{tokens.pop():g}' if len(tokens) == 1 else f'{min(tokens):g} to {max(tokens):g}'
    axes.set_title(f'Mean latency of a batch, {length} tokens out on average\nbars: mean of {count} batches; whiskers: ± one standard deviation between them', fontsize=9)


def _draw_memory(axes: Any, rows: list[Row], models: list[str]) -> None:
    first = {row['model']: row for row in reversed(rows)}
    sizes = sorted({row['batch_size'] for row in rows})
    base = ('RAM, Python and torch without a model', lambda r: first[r['model']] is r, lambda r: r['base_ram_mib'], lambda _: 0)
    series = [base, ('RAM, loading the model', lambda r: first[r['model']] is r, lambda r: r['load_peak_ram_mib'], lambda _: 0)]
    series += [(f'RAM, batch of {size}', lambda r, s=size: r['batch_size'] == s, lambda r: r['peak_ram_mib'], lambda _: 0) for size in sizes]
    if any(row['peak_gpu_allocated_mib'] is not None for row in rows):
        series += [(f'GPU (tensors), batch of {size}', lambda r, s=size: r['batch_size'] == s, lambda r: r['peak_gpu_allocated_mib'], lambda _: 0) for size in sizes]
    _bars(axes, rows, models, series)
    axes.set_ylabel('peak memory (MiB)')
    axes.set_title('Peak memory of the process of each model\none process a model, so there is one value and no spread', fontsize=9)
