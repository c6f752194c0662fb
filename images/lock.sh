#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes every requirements.lock again from its requirements.in, with hashes, for Linux on x86-64; needs uv on the PATH.
#   images/lock.sh [FOLDER…]          default: all of them
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export UV_CUSTOM_COMPILE_COMMAND='images/lock.sh'

common=(--quiet --generate-hashes --no-annotate --python-platform x86_64-manylinux_2_28)
shared=images/python-llm/requirements.lock
# a tool that pins one of these brings its own; the rest of the shared layer stays as it is
own_transformers='^(transformers|tokenizers|huggingface-hub|datasets)=='

# versions_of LOCK: name==version a line, without hashes
versions_of() { sed -n 's/^\([A-Za-z0-9._-]*==[^ ;\\]*\).*/\1/p' "$1"; }

# lock FOLDER PYTHON ARGUMENT…
lock() {
  local folder=$1 python=$2
  shift 2
  echo "$folder" >&2
  uv pip compile "${common[@]}" --python-version "$python" "$@" "$folder/requirements.in" --output-file "$folder/requirements.lock"
}

lock_folder() {
  local constraints python=3.13 arguments=()
  constraints=$(mktemp)
  case $1 in
    images/python-llm) lock "$1" 3.13; return ;;
    images/python-vllm) arguments=(--override images/python-torch/excluded.txt --override images/python-vllm/overrides.txt) ;;
    images/python-torch | harnesses/guidellm*) arguments=(--override images/python-torch/excluded.txt) ;;
    harnesses/genai-bench) python=3.12 ;;      # it asks for less than 3.13, and runs with it
  esac
  case $1 in
    images/llama-cpp) : ;;
    harnesses/inference-perf | harnesses/guidellm-0.5) versions_of "$shared" | grep -vE "$own_transformers" >"$constraints" ;;
    *) versions_of "$shared" >"$constraints" ;;
  esac
  grep -E "$(sed -n 's/^\([a-z][a-z-]*\).*/^\1==/p' images/python-llm/requirements.in | paste -sd '|')" "$constraints" >"$constraints.large" || true
  lock "$1" "$python" --constraint "$constraints.large" "${arguments[@]}"
  rm -f "$constraints" "$constraints.large"
}

folders=("$@")
((${#folders[@]})) || mapfile -t folders < <(printf 'images/python-llm\n'; dirname images/*/requirements.in harnesses/*/requirements.in | grep -v python-llm)
for folder in "${folders[@]}"; do lock_folder "$folder"; done
