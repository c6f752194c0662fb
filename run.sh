#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measure what is up. Flags only: `assay trial` does it.
source "$(dirname "${BASH_SOURCE[0]}")/hack/wrappers/flags.sh"

usage() {
  cat <<'U'
Usage: ./run.sh [flags]
Measures a stack that standup.sh stood up, or any inference server that is there already, and leaves it as it is.

  -r, --release NAME           the Stack (default: the only one of the namespace)
  -t, --methods LIST           parts of names of Stacks, or of running inference Services or pods; each in turn
  -U, --url URL                address of a server that the cluster reaches, without /v1
  -m, --models LIST            which model, where the server lists several; each in turn
  -w, --workload NAME|FILE     the load: workload-profiles/*.yaml, one of the namespace, or a file (default: sanity_random)
  -l, --harness NAME|FILE      the tool (default: native)
  -e, --experiments FILE       run the whole design of this Experiment; its factors may not change the stack
  -o, --overrides PATH=VALUE,… values of the workload profile, such as load.constant.stages[main].rate=4
  -p, --namespace NAME         where the stack runs (default: that of the context)
  -s, --wait SECONDS|DURATION  wait at most so long; 0 does not wait
  -n, --dry-run                print the manifest, and touch nothing
  -v, --verbose, -d, --debug   log more
      --out FOLDER, --seed N, --set PATH=VALUE, --library PATH, --context NAME, --kubeconfig FILE, --force: see assay trial --help
  -h, --help

Exit codes: 0 ok, 2 wrong usage, 3 invalid, 4 failed, 5 gate failed, 6 insufficient data, 7 timeout, 8 no cluster, 130 interrupted.
U
}

parse_flags usage "$@"
[[ -z $release ]] || pass+=(--stack "$release")
for_each trial
