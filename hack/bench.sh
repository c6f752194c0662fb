#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures Assay itself; the parts that need a cluster find one with the operator in it.
#   hack/bench.sh [PART…]        default: all parts of bench/run.ts
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$hack/cluster.sh"

"$hack/setup.sh" all
"$hack/install.sh" up
KUBECONFIG=$(kubeconfig_file)
export KUBECONFIG
cd "$root"
exec node bench/run.ts "$@"
