#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The checks that are not tests: generated files, lint, types, dead code, the scripts themselves. All are run, whatever fails.
#   hack/verify.sh [OUTCOMES_FILE]
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

outcomes=${1:-/dev/null}
failures=0

# check NAME WHAT_TO_DO COMMAND…
check() {
  local name=$1 remedy=$2 began=$SECONDS log=$job_folder/verify-$1.log state=passed
  shift 2
  if "$@" >"$log" 2>&1; then passed "$name ($(duration $((SECONDS - began))))"
  else
    state=failed failures=$((failures + 1))
    failed "$name: $remedy"
    tail -n 40 "$log" | sed 's/^/  │ /' >&2
  fi
  printf '{"suite":"verify","name":"%s","state":"%s"}\n' "$name" "$state" >>"$outcomes"
}

all_scripts() { find "$hack" "$root/.ci" -name '*.sh' -o -path '*/.ci/run' -o -name runc-with-available-caps; }

scripts_parse() {
  local script status=0
  while IFS= read -r script; do bash -n "$script" || status=1; done < <(all_scripts)
  return "$status"
}

cd "$root"
[[ $outcomes == /dev/null ]] || : >"$outcomes"
check generated 'run `make generate` and commit what changes' node operator/generate.ts --check
check lint 'see the rules in .oxlintrc.json' oxlint --type-aware --deny-warnings
check types 'see tsconfig.json' tsc --noEmit
if [[ -e knip.json ]]; then check dead-code 'remove it, or say in knip.json why it stays' knip --no-progress; fi
check scripts 'bash cannot read a script' scripts_parse
exit $((failures > 0))
