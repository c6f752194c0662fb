#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes every requirements.lock again from its requirements.in, with hashes, for Linux on x86-64; needs uv on the PATH.
#   images/lock.sh [FOLDER…]          default: all of them
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export UV_CUSTOM_COMPILE_COMMAND='images/lock.sh'

shared=images/python-llm/requirements
torch=images/python-torch
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The large packages of the shared layer stay as they are there, or an image would carry them twice.
shared_versions() {
  local names
  names=$(sed -n 's/^\([a-z][a-z0-9-]*\).*/^\1==/p' "$shared.in" | paste -sd '|')
  sed -n 's/^\([a-z0-9._-]*==[^ ;\\]*\).*/\1/p' "$shared.lock" | grep -E "$names"
}

# lock FOLDER
lock() {
  local python=3.13 arguments=()
  shared_versions >"$scratch/shared"
  case $1 in
    images/python-llm) : >"$scratch/shared" ;;
    harnesses/inference-perf | harnesses/guidellm-0.5 | harnesses/optimum-benchmark)     # they pin these themselves
      sed -i -E '/^(transformers|tokenizers|huggingface-hub|datasets)==/d' "$scratch/shared" ;;
    harnesses/genai-bench) python=3.12 ;;                  # it asks for less than 3.13, and runs with it
    images/python-vllm) arguments=(--override images/python-vllm/overrides.txt) ;;
  esac
  echo "$1" >&2
  uv pip compile --quiet --generate-hashes --no-annotate --python-platform x86_64-manylinux_2_28 --python-version "$python" \
    --constraint "$scratch/shared" --constraint "$torch/requirements.in" --override "$torch/excluded.txt" "${arguments[@]}" \
    "$1/requirements.in" --output-file "$1/requirements.lock"
}

folders=("$@")
((${#folders[@]})) || mapfile -t folders < <(printf 'images/python-llm\n'; dirname images/*/requirements.in harnesses/*/requirements.in | grep -v python-llm)
for folder in "${folders[@]}"; do lock "$folder"; done
