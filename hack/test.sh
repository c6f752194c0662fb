#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# All tests, from nothing: sets the cluster up, then checks and all vitest projects; the last line is the sum.
#   hack/test.sh [verify] [unit] [integration] [e2e]      default: all
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$hack/cluster.sh"

results=$build/test
suites=("$@")
((${#suites[@]})) || suites=(verify unit integration e2e)

wanted() { [[ " ${suites[*]} " == *" $1 "* ]]; }

set_up_for_tests() {
  heading 'Setting up'
  if wanted e2e; then "$hack/setup.sh" all
  elif wanted integration; then "$hack/setup.sh" cluster
  else "$hack/setup.sh" packages; fi
}

run_suite() {
  local file=$results/$1.jsonl
  heading "${1^}"
  if [[ $1 == verify ]]; then "$hack/verify.sh" "$file" || true
  else node "$hack/testing/run-vitest.ts" "$1" "$file" </dev/null || true; fi
  # a run that died says nothing about its tests: that is one failure
  [[ -s $file ]] || printf '{"suite":"%s","name":"the whole run","state":"failed","note":"it ended without a result"}\n' "$1" >"$file"
}

cd "$root"
rm -rf "$results"
mkdir -p "$results"
set_up_for_tests
KUBECONFIG=$(kubeconfig_file)
export KUBECONFIG
for suite in "${suites[@]}"; do run_suite "$suite"; done
heading "Result after $(duration "$SECONDS")"
exec node "$hack/testing/print-summary.ts" "$results"/*.jsonl
