#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Stand up, measure, report, tear down. Flags only: `assay e2e` does it.
source "$(dirname "${BASH_SOURCE[0]}")/hack/wrappers/flags.sh"

usage() {
  cat <<'U'
Usage: ./e2e.sh [flags]
Stands a stack up, measures it, writes a report, tears it down and shows that nothing is left. Without flags: Llama-3.2-1B-Instruct with the
profile sanity_random on the best method that the cluster allows.

  -c, --scenario NAME|FILE     what is served: scenarios/*.yaml, one of the namespace, or a file
  -t, --methods LIST           standalone, simulator, or any Scenario; each in turn (default: the best that the cluster allows)
  -m, --models LIST            models as the hub names them; each in turn
  -w, --workload NAME|FILE     the load: workload-profiles/*.yaml, one of the namespace, or a file (default: sanity_random)
  -l, --harness NAME|FILE      the tool (default: native)
  -e, --experiments FILE       take the design (factors, levels, replicates) from this Experiment
  -o, --overrides PATH=VALUE,… values of the workload profile, such as load.constant.stages[main].rate=4
  -a, --affinity LABEL:VALUE   serve on nodes with this label
  -p, --namespace NAME         where everything runs (default: that of the context)
  -r, --release NAME           name of the Experiment (default: made of what is chosen)
      --wait SECONDS|DURATION  wait at most so long; 0 does not wait
      --debug                  keep the stack afterwards, and log more
  -n, --dry-run                print the plan and all manifests, and touch nothing
  -v, --verbose                log more
      --out FOLDER, --set PATH=VALUE, --library PATH, --context NAME, --kubeconfig FILE, --force: see assay e2e --help
  -h, --help

Exit codes: 0 ok, 2 wrong usage, 3 invalid, 4 failed, 5 gate failed, 6 insufficient data, 7 timeout, 8 no cluster, 130 interrupted.
U
}

parse_flags usage "$@"
[[ $debug == false ]] || pass+=(--keep)
[[ -z $release ]] || pass+=(--name "$release")
for_each e2e
