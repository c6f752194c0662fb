#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Remove what standup.sh stood up. Flags only: `assay teardown` does it.
source "$(dirname "${BASH_SOURCE[0]}")/hack/wrappers/flags.sh"

usage() {
  cat <<'U'
Usage: ./teardown.sh [flags]
Removes stacks and waits until everything that they made is gone; results stay.

  -r, --release NAME           the Stack (default: the only one of the namespace)
  -t, --methods LIST           parts of names of Stacks
  -p, --namespace NAME         where they run (default: that of the context)
      --all                    all Stacks of the namespace that no Experiment owns
  -d, --deep                   also all Experiments and Trials of the namespace, with their findings
      --force                  also a Stack on which a trial runs
      --wait SECONDS|DURATION  wait at most so long
  -n, --dry-run                say what would be removed, and touch nothing
      --context NAME, --kubeconfig FILE
  -h, --help

Exit codes: 0 all is gone, 1 something is left, 2 wrong usage, 7 timeout, 8 no cluster, 130 interrupted.
U
}

parse_flags usage "$@"
names=()
[[ -z $methods ]] || IFS=, read -r -a names <<<"$methods"
[[ -z $release ]] || names+=("$release")
[[ -z $models ]] || refuse '--models: a stack is removed by its name' './teardown.sh --release NAME'
[[ $deep == false ]] || pass+=(--deep)
[[ $dry_run == false ]] || pass+=(--dry-run)
exec "$assay" teardown ${names[@]+"${names[@]}"} ${pass[@]+"${pass[@]}"}
