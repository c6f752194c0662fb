# SPDX-License-Identifier: Apache-2.0
"""Formulas against answers that were counted by hand."""
import math
import unittest

from ..batches import batches_of
from ..model_file import folder_names
from ..perplexity import Scored, ratio_with_error, summarize
from ..prompts import Prompt
from ..text_quality import distinct, mean_and_error, quality_of, repetition, words_of


class Words(unittest.TestCase):
    def test_words(self) -> None:
        self.assertEqual(words_of('The cat, the CAT!'), ['the', 'cat', 'the', 'cat'])
        self.assertEqual(words_of('我们测试 GPU2'), ['我', '们', '测', '试', 'gpu2'])

    def test_distinct_and_repetition(self) -> None:
        words = words_of('a b a b a b')
        self.assertEqual([distinct(words, 1), distinct(words, 2)], [2 / 6, 2 / 5])
        self.assertAlmostEqual(repetition(words, 4), 1 - 2 / 3)
        self.assertEqual(repetition(words_of('a b c d e'), 4), 0)
        self.assertIsNone(distinct(['a'], 2))
        self.assertEqual(quality_of(''), {'distinct1': None, 'distinct2': None, 'repetition4': None})

    def test_answers_to_one_prompt_are_one_value(self) -> None:
        self.assertEqual(mean_and_error([('a', 1.0), ('a', 1.0), ('b', 0.0), ('c', None)]), {'value': 0.5, 'n': 2, 'stderr': 0.5})
        self.assertEqual(mean_and_error([('a', 1.0)]), {'value': 1.0, 'n': 1})
        self.assertIsNone(mean_and_error([]))


class Perplexity(unittest.TestCase):
    def test_a_uniform_guess_among_eight_is_as_surprised_as_eight(self) -> None:
        found = summarize([Scored(4 * math.log(8), 4, 6), Scored(2 * math.log(8), 2, 3), Scored(0, 0, 0)])
        self.assertAlmostEqual(found['perplexity']['value'], 8)
        self.assertAlmostEqual(found['perplexity']['stderr'], 0)
        self.assertAlmostEqual(found['bitsPerByte']['value'], 2)      # 3 bits a token, 1.5 bytes a token
        self.assertEqual((found['perplexity']['n'], found['tokens']), (2, 6))
        self.assertIsNone(summarize([Scored(0, 0, 0)]))

    def test_pooled_over_tokens_not_over_texts(self) -> None:
        ratio, error = ratio_with_error([(10, 10), (1, 1), (8, 2)])
        self.assertAlmostEqual(ratio, 19 / 13)
        residuals = [10 - 190 / 13, 1 - 19 / 13, 8 - 38 / 13]
        self.assertAlmostEqual(error, math.sqrt(sum(r * r for r in residuals) * 3 / 2) / 13)


class Batches(unittest.TestCase):
    def test_every_batch_is_full(self) -> None:
        prompts = [Prompt(str(i), 'x') for i in range(5)]
        for size in range(1, 8):
            with self.subTest(size):
                batches = batches_of(prompts, size, 2)
                self.assertEqual({len(b.prompts) for b in batches}, {size})
                self.assertEqual(len(batches), 2 * math.ceil(5 / size))
                for repetition_ in (0, 1):
                    self.assertEqual({p.id for b in batches if b.repetition == repetition_ for p in b.prompts}, set('01234'))


class Folders(unittest.TestCase):
    def test_no_two_models_share_one(self) -> None:
        self.assertEqual(folder_names(['a/b', 'a-b', '../x', '..']), {'a/b': 'a-b', 'a-b': 'a-b-2', '../x': '-x', '..': 'model'})
