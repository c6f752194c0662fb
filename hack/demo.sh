#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The whole way once: a cluster, the operator, an experiment, its report.
#   hack/demo.sh [EXPERIMENT]        default: experiments/quickstart.yaml
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$hack/cluster.sh"

experiment=${1:-$root/experiments/quickstart.yaml}

heading 'Setting up'
"$hack/setup.sh" all
"$hack/install.sh" up

heading "Running ${experiment#"$root/"}"
KUBECONFIG=$(kubeconfig_file)
export KUBECONFIG
status=0
"$root/bin/assay" run "$experiment" --namespace "${NAMESPACE:-default}" || status=$?
say "make demo took $(duration "$SECONDS")"
exit "$status"
