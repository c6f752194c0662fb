# SPDX-License-Identifier: Apache-2.0
"""Tests of what needs nothing but Python; those that need torch run where it is, as when the image is built."""
