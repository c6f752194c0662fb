# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Flags as users of llm-d-benchmark know them, translated into those of `assay`. Sourced by e2e.sh, standup.sh, run.sh and teardown.sh; it
# decides nothing about benchmarks.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
me=$(basename "$0")
# Another command line than the one beside this file, for tests.
assay=${ASSAY:-$root/bin/assay}

# What the flags said; lists are separated by commas.
methods='' models='' release='' wait_for='' dry_run=false debug=false deep=false
# Arguments for assay, already translated.
pass=()

note() { printf '%s: %s\n' "$me" "$*" >&2; }
refuse() {
  note "$1"
  [[ -z ${2:-} ]] || printf '  %s\n' "$2" >&2
  exit 2
}

# parse_flags USAGE ARGUMENT…: both `--flag value` and `--flag=value`; what comes after -- goes to assay as it is.
parse_flags() {
  local usage=$1 flag value
  shift
  while (($# > 0)); do
    flag=$1 value=''
    shift
    case $flag in
      --) pass+=("$@"); return ;;
      -h | --help) "$usage"; exit 0 ;;
      -n | --dry-run) dry_run=true; continue ;;
      -d | --debug) [[ $me == teardown.sh && $flag == -d ]] && deep=true || debug=true; continue ;;
      --deep) deep=true; continue ;;
      -v | --verbose) export LOG_LEVEL=debug; continue ;;
      --force | --keep | --all) pass+=("$flag"); continue ;;
      -i | --non-admin) note "$flag is not needed: the operator has the rights, and stacks are made in your namespace only"; continue ;;
      -z | --skip) refuse "$flag: to fetch what was measured, no run is needed" 'assay results NAME --raw' ;;
      -u | --wva) refuse "$flag: autoscaling is a matter of the Scenario: give one whose releases bring the autoscaler" 'scenarios/, --scenario FILE' ;;
      *=*) value=${flag#*=} flag=${flag%%=*} ;;
      -*) if (($# > 0)); then value=$1; shift; fi ;;
      *) refuse "unexpected argument \"$flag\"" "$me --help tells all flags" ;;
    esac
    take_flag "$flag" "$value"
  done
}

take_flag() {
  local flag=$1 value=$2
  case $flag in
    -c | --scenario | --spec) pass+=(--scenario "$value") ;;
    -l | --harness) pass+=(--harness "$value") ;;
    -w | --workload) pass+=(--workload "$value") ;;
    -t | --methods | --method | --type) methods=$value ;;
    -m | --models | --model) models=$value ;;
    -r | --release | --name) release=$value ;;
    -p | --namespace) take_namespace "$value" ;;
    -e | --experiments | --experiment) pass+=(--experiments "$value") ;;
    -o | --overrides) take_overrides "$value" ;;
    -s | --wait | --timeout) take_wait "$flag" "$value" ;;
    -a | --affinity) pass+=(--set "scenario.nodeSelector[\"${value%%:*}\"]=${value#*:}") ;;
    -U | --url | --endpoint-url) pass+=(--url "$value") ;;
    --set | --library | --context | --kubeconfig | --out | --seed | --stack) pass+=("$flag" "$value") ;;
    --step) refuse "$flag: there are no numbered steps" 'standup.sh, run.sh and teardown.sh do one thing each' ;;
    -k | --pvc) note "$flag is not needed: results go to the results server and to ConfigMaps" ;;
    -b | --annotations) refuse "$flag: annotations of pods are a matter of the Scenario's chart" '--set "scenario.deploy.releases[NAME].values.podAnnotations={…}", or --scenario FILE' ;;
    -x | --dataset) refuse "$flag: data belong to the WorkloadProfile (data.prompts, data.sharegpt, data.trace)" '--workload FILE' ;;
    *) refuse "unknown flag $flag" "$me --help tells all flags" ;;
  esac
  [[ -n $value ]] || refuse "$flag needs a value" "$me --help tells all flags"
}

# Serving and load share a namespace, which is the boundary of trust.
take_namespace() {
  pass+=(--namespace "${1%%,*}")
  [[ $1 != *,* || ${1#*,} == "${1%%,*}" ]] || note "load runs in namespace ${1%%,*} too: a second namespace is not used"
}

# 0: do not wait; a bare number is seconds.
take_wait() {
  [[ $1 != -s || $me == run.sh ]] || refuse '-s: there are no numbered steps' 'standup.sh, run.sh and teardown.sh do one thing each'
  case $2 in
    0) pass+=(--no-wait) ;;
    *[!0-9]*) pass+=(--timeout "$2") ;;
    *) pass+=(--timeout "${2}s") ;;
  esac
}

# path=value,path=value of the workload profile.
take_overrides() {
  local override overrides
  IFS=, read -r -a overrides <<<"$1"
  for override in "${overrides[@]}"; do
    case $override in
      scenario.* | workload.* | harness.*) pass+=(--set "$override") ;;
      *) pass+=(--set "workload.$override") ;;
    esac
  done
}

# for_each COMMAND: once for every method and model; the first failure is the exit code, and the others are tried all the same.
for_each() {
  local command=$1 method model status=0 code arguments all_methods all_models
  IFS=, read -r -a all_methods <<<"${methods:-auto}"
  IFS=, read -r -a all_models <<<"${models:-default}"
  [[ $dry_run == false ]] || pass+=(--dry-run)
  [[ $debug == false ]] || export LOG_LEVEL=debug
  for method in "${all_methods[@]}"; do
    for model in "${all_models[@]}"; do
      arguments=()
      [[ $method == auto ]] || arguments+=(--method "$method")
      [[ $model == default ]] || arguments+=(--model "$model")
      code=0
      "$assay" "$command" ${arguments[@]+"${arguments[@]}"} ${pass[@]+"${pass[@]}"} || code=$?
      ((status != 0)) || status=$code
    done
  done
  return "$status"
}
