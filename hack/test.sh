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
  if wanted e2e; then "$hack/setup.sh" test
  elif wanted integration; then "$hack/setup.sh" cluster
  else "$hack/setup.sh" packages; fi
}

run_suite() {
  local file=$results/$1.jsonl
  heading "${1^}"
  case $1 in
    verify) "$hack/verify.sh" "$file" || true ;;
    e2e) { "$hack/install.sh" up && vitest_project e2e "$file"; } || true ;;
    integration) { refresh_operator && vitest_project integration "$file"; } || true ;;
    *) vitest_project "$1" "$file" || true ;;
  esac
  # a run that died says nothing about its tests: that is one failure
  [[ -s $file ]] || record_failure "$1" 'the whole run' 'it ended without a result'
}

# An operator of an earlier run sees the tests' objects, too: an older version would refuse what it does not know yet.
refresh_operator() {
  if ! wanted e2e || ! kubectl --kubeconfig "$(kubeconfig_file)" get deployment assay-controller --namespace "$install_namespace" >/dev/null 2>&1; then return 0; fi
  "$hack/install.sh" up
}

vitest_project() { node "$hack/testing/run-vitest.ts" "$1" "$2" </dev/null; }

# record_failure SUITE NAME NOTE
record_failure() { printf '{"suite":"%s","name":"%s","state":"failed","note":"%s"}\n' "$@" >"$results/$1.jsonl"; }

cd "$root"
rm -rf "$results"
mkdir -p "$results"
if ! set_up_for_tests; then
  record_failure setup 'setting up' 'see above'
  suites=()     # what could still run would only hide why the rest cannot
fi
KUBECONFIG=$(kubeconfig_file)
export KUBECONFIG
for suite in "${suites[@]}"; do run_suite "$suite"; done
heading "Result after $(duration "$SECONDS")"
if [[ ! -x $root/node_modules/.bin/node ]]; then echo '0 passed, 1 failed'; exit 1; fi     # not even that could be set up
exec node "$hack/testing/print-summary.ts" "$results"/*.jsonl
