# SPDX-License-Identifier: Apache-2.0
"""A benchmark of causal language models that run in its own process, by Hugging Face's transformers."""

TOOL = 'assay-transformers'
VERSION = '0.1.0'
