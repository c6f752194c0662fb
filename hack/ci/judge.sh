#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The verdict on a run, for a pipeline: RUN/summary.md, RUN/gate.xml, and the exit code of `assay check`.
#   hack/ci/judge.sh RUN [BASELINE]
# RUN is a work folder. Its own gate is held first; with BASELINE, the work folder of another run, the rules of ASSAY_REGRESSIONS too, one a line,
# which call it baseline=main, and the comparison of the two goes into the summary.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

default_regressions='regression(p50(ttft), baseline=main) <= 10%
regression(p50(tpot), baseline=main) <= 5%
regression(output_throughput, baseline=main) <= 5%'

judge() {
  local run=$1 baseline=${2:-} status=0
  local summary=$run/summary.md
  mkdir -p "$run"
  : >"$summary"
  if [[ ! -e $run/experiment.json ]]; then
    printf '## ❌ Nothing was measured\n\nThe log of the job says why.\n' >"$summary"
    say "$run holds no results"
    return 4
  fi
  hold_own_gate "$run" "$summary" || status=$?
  if [[ -n $baseline && -e $baseline/experiment.json ]]; then
    hold_regressions "$run" "$baseline" "$summary" || status=$((status == 0 ? $? : status))
  else
    printf '\nNo run to compare with.\n' >>"$summary"
  fi
  return "$status"
}

# An Experiment without a gate has nothing to hold: its summary is its report.
hold_own_gate() {
  local run=$1 summary=$2 status=0
  GITHUB_STEP_SUMMARY=$summary "$root/bin/assay" check "$run" --github --junit "$run/gate.xml" || status=$?
  if ((status == 2)); then cat "$run/report.md" >>"$summary"; return 0; fi
  return "$status"
}

hold_regressions() {
  local run=$1 baseline=$2 summary=$3 status=0 rule
  local rules=()
  while IFS= read -r rule; do [[ -z $rule ]] || rules+=(--rule "$rule"); done <<<"${ASSAY_REGRESSIONS:-$default_regressions}"
  "$root/bin/assay" check "$run" --baseline "main=$baseline" "${rules[@]}" --on-insufficient Pass --junit "$run/regressions.xml" >"$run/regressions.txt" || status=$?
  { printf '\n### Against the last run on main\n\n```\n'; cat "$run/regressions.txt"; printf '```\n\n'; } >>"$summary"
  # Its exit code says what the rules have said already.
  "$root/bin/assay" compare "$baseline" "$run" -o markdown >"$run/comparison.md" || true
  { printf '<details><summary>Comparison</summary>\n\n'; cat "$run/comparison.md"; printf '\n</details>\n'; } >>"$summary"
  return "$status"
}

[[ $# -ge 1 && $# -le 2 ]] || fail 'usage: hack/ci/judge.sh RUN [BASELINE]'
judge "$@"
