# SPDX-License-Identifier: Apache-2.0
"""What torch computes, on models that are made here; left out, and said so, where torch is not installed."""
import importlib.util
import math
import unittest

from ..batches import Batch
from ..config import Generation
from ..prompts import Prompt

HAS_TORCH = importlib.util.find_spec('torch') is not None and importlib.util.find_spec('transformers') is not None
GREEDY = Generation(6, False, 1, 1, 0, 1, 3, True)


class Letters:
    """A tokenizer of single letters, padded on the left."""
    pad_token_id, eos_token_id = 0, 1

    def __call__(self, text, add_special_tokens=True, return_tensors=None, padding=False):
        import torch
        from transformers import BatchEncoding
        if isinstance(text, str):
            return BatchEncoding({'input_ids': [ord(c) % 30 + 2 for c in text]})
        rows = [self(t).input_ids for t in text]
        width = max(map(len, rows))
        ids = torch.tensor([[0] * (width - len(r)) + r for r in rows])
        return BatchEncoding({'input_ids': ids, 'attention_mask': torch.tensor([[0] * (width - len(r)) + [1] * len(r) for r in rows])})

    def decode(self, ids, skip_special_tokens=True):
        return ' '.join(f'w{i}' for i in ids)


def gpt2():
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel
    torch.manual_seed(0)
    return GPT2LMHeadModel(GPT2Config(vocab_size=32, n_positions=64, n_embd=32, n_layer=2, n_head=2, bos_token_id=1, eos_token_id=1, initializer_range=0.5)).eval()


@unittest.skipUnless(HAS_TORCH, 'torch is not installed')
class Torch(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        import torch
        if not torch.cuda.is_available():
            torch.cuda.is_current_stream_capturing = lambda: False

    def generated(self, prompts, settings=GREEDY, index=0):
        from ..generate import generate_batch
        return generate_batch(self.model, Letters(), Batch(index, 0, tuple(prompts)), settings)

    def setUp(self) -> None:
        self.model = gpt2()

    def test_every_token_has_its_time_and_padding_changes_no_answer(self) -> None:
        prompts = [Prompt('a', 'hello'), Prompt('b', 'hi')]
        both = self.generated(prompts)
        self.assertEqual(len(both.tokens), 6)
        self.assertEqual(sorted(both.tokens), list(both.tokens))
        self.assertLess(both.started, both.tokens[0])
        self.assertEqual([(a.input_tokens, a.output_tokens, a.finish) for a in both.answers], [(5, 6, 'length'), (2, 6, 'length')])
        self.assertEqual([a.text for a in both.answers], [self.generated([p]).answers[0].text for p in prompts])

    def test_rows_end_at_their_own_lengths(self) -> None:
        found = self.generated([Prompt('a', 'hello', None, 2), Prompt('b', 'hi', None, 5)])
        self.assertEqual(([a.output_tokens for a in found.answers], len(found.tokens)), ([2, 5], 5))

    def test_samples_are_the_same_for_the_same_seed_and_batch(self) -> None:
        settings = Generation(6, True, 1, 1, 0, 1, 3, True)
        text = lambda index: self.generated([Prompt('a', 'hello')], settings, index).answers[0].text
        self.assertEqual(text(0), text(0))
        self.assertGreater(len({text(i) for i in range(8)}), 1)

    def test_an_answer_may_end_by_itself(self) -> None:
        from dataclasses import replace
        text = self.generated([Prompt('a', 'hello')]).answers[0].text.split()
        self.model.generation_config.eos_token_id = int(text[2][1:])
        first = text.index(text[2]) + 1
        answer = self.generated([Prompt('a', 'hello')], replace(GREEDY, ignore_eos=False)).answers[0]
        self.assertEqual((answer.output_tokens, answer.finish), (first, 'stop'))

    def test_what_the_model_cannot_hold_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, 'the longest prompt of the batch has 60 tokens and its answer may have 6: together more than the 64'):
            self.generated([Prompt('a', 'x' * 60)])

    def test_perplexity_is_that_of_its_definition(self) -> None:
        import torch
        from ..perplexity import score_text
        scored = score_text(self.model, Letters(), Prompt('a', 'hello', 'you'), 64)
        ids = Letters()('helloyou').input_ids
        with torch.no_grad():
            shares = self.model(torch.tensor([ids])).logits[0].double().softmax(-1)
        self.assertEqual(scored.tokens, 3)
        self.assertAlmostEqual(scored.nll, -sum(math.log(shares[i - 1, ids[i]]) for i in range(5, 8)), places=3)
        self.assertEqual(score_text(self.model, Letters(), Prompt('a', 'hello'), 64).tokens, 4)

    def test_quantisation_reaches_the_layers_of_gpt2_and_keeps_the_answer_near(self) -> None:
        import torch
        from ..load_model import quantize_dynamically
        ids = torch.tensor([[3, 4, 5, 6]])
        with torch.no_grad():
            before = self.model(ids).logits
            count = quantize_dynamically(self.model)
            after = self.model(ids).logits
        self.assertEqual(count, 2 * (32 * 96 + 32 * 32 + 2 * 32 * 128))
        error = ((after - before).norm() / before.norm()).item()
        self.assertGreater(error, 0)
        self.assertLess(error, 0.1)
