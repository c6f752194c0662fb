# SPDX-License-Identifier: Apache-2.0
"""Every wrong input is told with what, where, expected and nearest; right ones are read as they are meant."""
import json
import tempfile
import unittest
from pathlib import Path

from ..checking import WrongInput
from ..config import read_config

RIGHT = {'models': [{'name': 'a/b'}], 'prompts': 'p.jsonl', 'batchSizes': [1, 2]}
LINES = '{"id": "one", "prompt": "Hello"}\n\n{"prompt": "There", "reference": " it is", "maxNewTokens": 3}\n'


class Config(unittest.TestCase):
    def setUp(self) -> None:
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.folder = Path(held.name)
        (self.folder / 'p.jsonl').write_text(LINES)

    def read(self, **overlay):
        value = {key: v for key, v in {**RIGHT, **overlay}.items() if v is not None}
        (self.folder / 'c.json').write_text(json.dumps(value))
        return read_config(self.folder / 'c.json')

    def problems(self, **overlay):
        with self.assertRaises(WrongInput) as caught:
            self.read(**overlay)
        return '\n'.join(caught.exception.problems).replace(str(self.folder), '.')

    def test_defaults(self) -> None:
        setting = self.read()
        self.assertEqual([(s.name, s.batch_size, len(s.prompts)) for s in setting.stages], [('batch-1', 1, 2), ('batch-2', 2, 2)])
        self.assertEqual((setting.models[0].source, setting.models[0].dtype, setting.models[0].device), ('a/b', 'auto', 'cpu'))
        self.assertEqual([(p.id, p.text, p.reference, p.max_new_tokens) for p in setting.stages[0].prompts], [('one', 'Hello', None, None), ('line-3', 'There', ' it is', 3)])
        self.assertEqual((setting.generation.do_sample, setting.warmup, setting.repetitions, str(setting.outputs)), (False, 1, 1, 'outputs'))

    def test_the_digest_is_of_what_is_measured(self) -> None:
        self.assertEqual(self.read(outputs='x').digest, self.read(outputs='y').digest)
        self.assertNotEqual(self.read().digest, self.read(repetitions=2).digest)

    def test_stages_have_prompts_of_their_own(self) -> None:
        stages = [{'name': 'few', 'batchSize': 2, 'prompts': 'p.jsonl', 'requests': 1}, {'name': 'more', 'batchSize': 1, 'prompts': 'p.jsonl', 'requests': 3}]
        setting = self.read(prompts=None, batchSizes=None, stages=stages)
        self.assertEqual([(s.name, s.batch_size, [p.id for p in s.prompts]) for s in setting.stages], [('few', 2, ['one']), ('more', 1, ['one', 'line-3', 'one'])])

    def test_names_found_in_the_folder_of_models_are_loaded_from_there(self) -> None:
        (self.folder / 'tiny').mkdir()
        (self.folder / 'tiny' / 'config.json').write_text('{}')
        setting = self.read(modelsFolder=str(self.folder), models=[{'name': 'tiny'}, {'name': 'gpt2'}])
        self.assertEqual([m.source for m in setting.models], [str(self.folder / 'tiny'), 'gpt2'])

    def test_wrong_inputs(self) -> None:
        (self.folder / 'tiny').mkdir()
        (self.folder / 'tiny' / 'config.json').write_text('{}')
        (self.folder / 'bad.jsonl').write_text('{"prompt": 1}\nno\n{"promt": "x"}\n{"id": "a", "prompt": "x"}\n{"id": "a", "prompt": "y"}\n')
        (self.folder / 'empty.jsonl').write_text('\n')
        cases = [
            ({'modells': []}, './c.json: modells: found a member modells, expected one of batchSizes,'), ({'modells': []}, 'did you mean models?'),
            ({'models': []}, './c.json: models: found [], expected a list of models, each with a name'), ({'models': ['gpt2']}, './c.json: models[0]: found gpt2, expected a map'),
            ({'models': [{'name': 'a', 'dtype': 'flot32'}]}, 'models[0].dtype: found flot32, expected one of auto, float32, bfloat16, float16; did you mean float32?'),
            ({'models': [{'name': 'a', 'device': 'gpu'}]}, 'models[0].device: found gpu, expected cpu, cuda or cuda:N'),
            ({'models': [{'name': 'a', 'quantization': 'int8'}]}, 'found int8, expected one of none, int8-dynamic; did you mean int8-dynamic?'),
            ({'models': [{'name': 'a', 'quantization': 'int8-dynamic', 'device': 'cuda'}]}, 'expected int8-dynamic with device cpu'),
            ({'models': [{'name': 'a', 'quantization': 'int8-dynamic', 'dtype': 'bfloat16'}]}, 'models[0].dtype: found bfloat16, expected float32 with'),
            ({'models': [{'name': 'a', 'path': str(self.folder / 'tinny')}]}, 'models[0].path: found ./tinny, expected a folder with a config.json; did you mean tiny?'),
            ({'models': [{'name': 'a'}, {'name': 'a'}]}, 'the name a is there twice'), ({'models': [{'path': 'x'}]}, 'models[0].name: found nothing'),
            ({'batchSizes': [1, 0]}, 'batchSizes[1]: found 0, expected a whole number from 1'), ({'batchSizes': [2, 2]}, 'the size 2 is there twice'), ({'batchSizes': None}, 'batchSizes: found nothing'),
            ({'prompts': 'gone.jsonl'}, 'cannot read ./gone.jsonl'), ({'prompts': None}, 'prompts: found nothing'), ({'prompts': 'empty.jsonl'}, 'found no prompt'),
            ({'prompts': 'bad.jsonl'}, './bad.jsonl:1: prompt: found 1, expected a text'), ({'prompts': 'bad.jsonl'}, './bad.jsonl:2: found no JSON'),
            ({'prompts': 'bad.jsonl'}, './bad.jsonl:3: promt: found a member promt, expected one of id, maxNewTokens, prompt, reference; did you mean prompt?'), ({'prompts': 'bad.jsonl'}, 'the id a is there twice'),
            ({'generation': {'maxNewTokens': 0}}, 'generation.maxNewTokens: found 0, expected a whole number from 1'), ({'generation': {'maxNewToken': 1}}, 'did you mean maxNewTokens?'),
            ({'generation': {'temperature': 0.5}}, 'generation.temperature: found 0.5 with doSample false'), ({'generation': {'doSample': True, 'temperature': 0}}, 'expected a temperature above 0'),
            ({'generation': {'doSample': 'yes'}}, 'generation.doSample: found yes, expected true or false'), ({'repetitions': True}, 'repetitions: found True'), ({'warmup': -1}, 'warmup: found -1'),
            ({'stages': [{'batchSize': 1, 'prompts': 'p.jsonl'}]}, 'batchSizes: found batchSizes beside stages'),
            ({'prompts': None, 'batchSizes': None, 'stages': [{'prompts': 'p.jsonl', 'requests': 0}]}, 'stages[0].batchSize: found nothing, expected a whole number from 1'),
            ({'prompts': None, 'batchSizes': None, 'stages': [{'batchSize': 1, 'prompts': 'p.jsonl', 'requests': 0}]}, 'stages[0].requests: found 0'),
        ]
        for overlay, expected in cases:
            with self.subTest(overlay):
                self.assertIn(expected, self.problems(**overlay))

    def test_a_file_that_is_no_map(self) -> None:
        for text, expected in (('[]', 'expected a map'), ('{', 'found no JSON')):
            (self.folder / 'c.json').write_text(text)
            with self.assertRaises(WrongInput) as caught:
                read_config(self.folder / 'c.json')
            self.assertIn(expected, str(caught.exception))
