# SPDX-License-Identifier: Apache-2.0
"""The configuration: which models, which batches, how text is generated. It is read and checked whole, before any model is loaded."""
import hashlib
import json
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from .checking import Section, WrongInput, did_you_mean
from .prompts import Prompt, read_prompts

DTYPES = ('auto', 'float32', 'bfloat16', 'float16')
QUANTIZATIONS = ('none', 'int8-dynamic')
ATTENTIONS = ('auto', 'eager', 'sdpa', 'flash_attention_2')
DEVICES = 'cpu, cuda or cuda:N'


@dataclass(frozen=True)
class ModelSetting:
    name: str
    #: A folder, or what the hub calls it.
    source: str
    revision: str | None
    dtype: str
    quantization: str
    device: str
    attention: str
    #: Threads of the CPU; None: as many as this process may use.
    threads: int | None


@dataclass(frozen=True)
class Generation:
    max_new_tokens: int
    do_sample: bool
    temperature: float
    top_p: float
    top_k: int
    repetition_penalty: float
    seed: int
    #: Goes on after an end-of-sequence token, so that every answer has the wanted length.
    ignore_eos: bool


@dataclass(frozen=True)
class StageSetting:
    """One batch size, which is one operating point."""
    name: str
    batch_size: int
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True)
class Setting:
    models: tuple[ModelSetting, ...]
    stages: tuple[StageSetting, ...]
    generation: Generation
    warmup: int
    repetitions: int
    #: Texts of which perplexity is computed; 0: none.
    perplexity_texts: int
    pause_seconds: float
    outputs: Path
    digest: str = field(default='')


def read_config(path: Path, outputs: Path | None = None) -> Setting:
    """`outputs` stands for what the file says."""
    problems: list[str] = []
    try:
        value = parse(path.read_text(encoding='utf-8'), path.suffix)
    except (OSError, UnicodeDecodeError) as error:
        raise WrongInput([f'--config: cannot read {path}: {error}']) from error
    except ValueError as error:
        raise WrongInput([f'{path}: found no {"JSON" if path.suffix == ".json" else "YAML"} ({" ".join(str(error).split())}), expected a map']) from error
    root = Section(value, str(path), problems)
    folder = root.text('modelsFolder')
    models = tuple(m for i, item in enumerate(root.items('models', 'a list of models, each with a name')) if (m := _model(item, i, root, folder)))
    setting = Setting(
        models=models, stages=_stages(root, path.parent), generation=_generation(root.section('generation')),
        warmup=root.whole('warmup', 1, 0), repetitions=root.whole('repetitions', 1, 1), perplexity_texts=root.whole('perplexityTexts', 64, 0),
        pause_seconds=root.number('pauseSeconds', 0, 0, 3600), outputs=outputs or Path(root.text('outputs', 'outputs')),
    )
    root.text('outputs')
    root.finish()
    _each_once([m.name for m in models], f'{path}: models', 'name', problems)
    if problems:
        raise WrongInput(problems)
    return Setting(**{**setting.__dict__, 'digest': digest_of(setting)})


def parse(text: str, suffix: str) -> Any:
    """JSON needs nothing but Python itself."""
    if suffix == '.json':
        return json.loads(text)
    import yaml
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def digest_of(setting: Setting) -> str:
    """The same for the same measurement, wherever its results go."""
    told = {key: value for key, value in asdict(setting).items() if key not in ('outputs', 'digest')}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _model(item: object, index: int, root: Section, folder: str | None) -> ModelSetting | None:
    section = Section(item, root.file, root.problems, f'models[{index}]')
    name = section.text('name')
    if name is None and 'name' not in section.value:
        section.problem('name', None, 'what the hub calls it, or any name beside a path')
    path, device = section.text('path'), section.text('device', 'cpu')
    model = ModelSetting(
        name=name or '', source=_source(section, name or '', path, folder), revision=section.text('revision'), dtype=section.one_of('dtype', DTYPES, 'auto'),
        quantization=section.one_of('quantization', QUANTIZATIONS, 'none'), device=device or 'cpu', attention=section.one_of('attention', ATTENTIONS, 'auto'),
        threads=section.whole('threads', None, 1),
    )
    section.finish()
    kind, _, number = model.device.partition(':')
    if kind not in ('cpu', 'cuda') or (number and not number.isdigit()) or (kind == 'cpu' and ':' in model.device):
        section.problem('device', device, DEVICES, did_you_mean(kind, ('cpu', 'cuda')))
    if model.quantization == 'int8-dynamic' and kind == 'cuda':
        section.problem('quantization', 'int8-dynamic on cuda', 'int8-dynamic with device cpu: torch has no such kernels for GPUs')
    if model.quantization == 'int8-dynamic' and model.dtype not in ('auto', 'float32'):
        section.problem('dtype', model.dtype, 'float32 with quantization int8-dynamic, which quantises from it')
    return model if name else None


def _source(section: Section, name: str, path: str | None, folder: str | None) -> str:
    """A path must be a model; a name is one of the folder with models, or the hub's."""
    if path is None:
        local = Path(folder or '', name)
        return str(local) if folder and name and (local / 'config.json').is_file() else name
    if not (Path(path) / 'config.json').is_file():
        parent = Path(path).parent
        near = [p.name for p in parent.iterdir() if (p / 'config.json').is_file()] if parent.is_dir() else []
        section.problem('path', path, 'a folder with a config.json', did_you_mean(Path(path).name, near))
    return path


def _generation(section: Section) -> Generation:
    generation = Generation(
        max_new_tokens=section.whole('maxNewTokens', 64, 1), do_sample=section.flag('doSample', False), temperature=section.number('temperature', 1, 0, 100),
        top_p=section.number('topP', 1, 0, 1), top_k=section.whole('topK', 0, 0), repetition_penalty=section.number('repetitionPenalty', 1, 0.01, 10),
        seed=section.whole('seed', 0, 0), ignore_eos=section.flag('ignoreEos', False),
    )
    if generation.do_sample and generation.temperature == 0:
        section.problem('temperature', '0 with doSample true', 'a temperature above 0, or doSample false')
    if generation.top_p == 0:
        section.problem('topP', '0', 'a number above 0, up to 1')
    if not generation.do_sample:
        for key, neutral in (('temperature', (0, 1)), ('topP', (1,)), ('topK', (0,))):
            if section.has(key) and section.value[key] not in neutral:
                section.problem(key, f'{section.value[key]} with doSample false', 'doSample true, without which it does nothing')
    section.finish()
    return generation


def _stages(root: Section, folder: Path) -> tuple[StageSetting, ...]:
    """`batchSizes` over one file of prompts, or `stages`, each with its own."""
    if root.has('stages'):
        for key in ('batchSizes', 'prompts'):
            if root.has(key):
                root.problem(key, f'{key} beside stages', 'one of them')
        return tuple(s for i, item in enumerate(root.items('stages', 'a list')) if (s := _stage(item, i, root, folder)))
    file, sizes = root.text('prompts'), root.items('batchSizes', 'a list of batch sizes, such as [1, 4]')
    for i, size in enumerate(sizes):
        if not isinstance(size, int) or isinstance(size, bool) or size < 1:
            root.problem(f'batchSizes[{i}]', size, 'a whole number from 1')
    _each_once([str(size) for size in sizes], f'{root.file}: batchSizes', 'size', root.problems)
    prompts = _prompts(root, 'prompts', file, folder)
    return tuple(StageSetting(f'batch-{size}', size, prompts) for size in sizes if isinstance(size, int))


def _stage(item: object, index: int, root: Section, folder: Path) -> StageSetting | None:
    section = Section(item, root.file, root.problems, f'stages[{index}]')
    size, name, file, requests = section.whole('batchSize', None, 1), section.text('name'), section.text('prompts'), section.whole('requests', None, 1)
    section.finish()
    if size is None and 'batchSize' not in section.value:
        section.problem('batchSize', None, 'a whole number from 1')
    prompts = _prompts(section, 'prompts', file, folder)
    # a file of fewer is begun again, as every tool does that Assay gives prompts to
    return StageSetting(name or f'batch-{size}', size, tuple(islice(cycle(prompts), requests or len(prompts)))) if size is not None else None


def _prompts(section: Section, key: str, file: str | None, folder: Path) -> tuple[Prompt, ...]:
    if file is None:
        section.problem(key, None, 'a file of JSON lines, each {"id", "prompt"}')
        return ()
    try:
        return tuple(read_prompts(folder / file))
    except WrongInput as wrong:
        section.problems.extend(wrong.problems)
        return ()


def _each_once(names: list[str], place: str, what: str, problems: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    problems.extend(f'{place}: the {what} {name} is there twice, expected each once' for name in twice)
