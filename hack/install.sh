#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the operator into the cluster, upgrades it, or takes it away.
#   hack/install.sh [uninstall]
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$hack/cluster.sh"
