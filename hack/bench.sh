#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures Assay itself; the figures go to standard output and .build/bench/bench.json.
#   hack/bench.sh [plan] [status] [memory] [native] [simulator] [trials]      default: all; only trials needs the cluster
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$hack/cluster.sh"

parts=("$@")
cd "$root"
if ((${#parts[@]} == 0)) || [[ " ${parts[*]} " == *" trials "* ]]; then
  heading 'Setting up'
  "$hack/setup.sh" all
  "$hack/install.sh" up
  KUBECONFIG=$(kubeconfig_file)
  export KUBECONFIG
else
  "$hack/setup.sh" packages
fi

heading 'Measuring'
exec node bench/run.ts "${parts[@]}"
