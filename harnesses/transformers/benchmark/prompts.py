# SPDX-License-Identifier: Apache-2.0
"""The file of prompts: one JSON object a line. It knows no model."""
import json
from dataclasses import dataclass
from pathlib import Path

from .checking import Section, WrongInput


@dataclass(frozen=True)
class Prompt:
    id: str
    text: str
    #: What a good answer would be; perplexity is that of the reference, where there is one.
    reference: str | None = None
    #: Instead of generation.maxNewTokens.
    max_new_tokens: int | None = None


def read_prompts(path: Path) -> list[Prompt]:
    try:
        lines = path.read_text(encoding='utf-8').splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongInput([f'prompts: cannot read {path}: {error}; expected a file of JSON lines, each {{"id", "prompt"}}']) from error
    problems: list[str] = []
    prompts = [prompt for number, line in enumerate(lines, 1) if line.strip() and (prompt := _prompt_of(line, f'{path}:{number}', problems))]
    seen: set[str] = set()
    for prompt in prompts:
        if prompt.id in seen:
            problems.append(f'{path}: the id {prompt.id} is there twice, expected each once')
        seen.add(prompt.id)
    if not prompts and not problems:
        problems.append(f'{path}: found no prompt, expected at least one line {{"id": "…", "prompt": "…"}}')
    if problems:
        raise WrongInput(problems)
    return prompts


def _prompt_of(line: str, place: str, problems: list[str]) -> Prompt | None:
    try:
        value = json.loads(line)
    except ValueError as error:
        problems.append(f'{place}: found no JSON ({error}), expected one object a line')
        return None
    before = len(problems)
    section = Section(value, place, problems)
    text, name = section.text('prompt'), section.text('id', f'line-{place.rsplit(":", 1)[1]}')
    reference, limit = section.text('reference'), section.whole('maxNewTokens', None, 1)
    section.finish()
    if text is None and len(problems) == before:
        section.problem('prompt', None, 'a text')
    return Prompt(str(name), text, reference, limit) if text is not None else None
