#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Stand a stack up and leave it up. Flags only: `assay standup` does it.
source "$(dirname "${BASH_SOURCE[0]}")/hack/wrappers/flags.sh"

usage() {
  cat <<'U'
Usage: ./standup.sh [flags]
Stands a serving stack up and waits until it lists its model and answers a request. It stays until teardown.sh; run.sh measures it.

  -c, --scenario NAME|FILE     what is served: scenarios/*.yaml, one of the namespace, or a file
  -t, --methods LIST           standalone, simulator, or any Scenario; each in turn (default: the best that the cluster allows)
  -m, --models LIST            models as the hub names them; each in turn
  -a, --affinity LABEL:VALUE   serve on nodes with this label
  -p, --namespace NAME         where it runs (default: that of the context)
  -r, --release NAME           name of the Stack (default: that of the Scenario)
      --wait SECONDS|DURATION  wait at most so long; 0 does not wait
  -n, --dry-run                print the manifest and the rendered values, and touch nothing
  -v, --verbose, --debug       log more
      --out FOLDER, --set PATH=VALUE, --library PATH, --context NAME, --kubeconfig FILE: see assay standup --help
  -h, --help

Exit codes: 0 it serves, 2 wrong usage, 3 invalid, 4 failed, 7 timeout, 8 no cluster, 130 interrupted.
U
}

parse_flags usage "$@"
[[ -z $release ]] || pass+=(--name "$release")
for_each standup
