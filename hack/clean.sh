#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Removes what the scripts made: the cluster and .build; with `all` also our images and the cache that all checkouts share.
#   hack/clean.sh [all]
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$hack/lib/world.sh"
source "$hack/cluster.sh"

remove_cluster() {
  if have kind && have docker && docker version >/dev/null 2>&1; then cluster_down; else outcome 'there is none'; fi
}

remove_images() {
  local stand_ins
  have docker && docker version >/dev/null 2>&1 || return 0
  mapfile -t stand_ins < <(docker images --filter label=assay.dev/built-by --format '{{.Repository}}:{{.Tag}}')
  for image in $(image_references) $(layer_references) "${stand_ins[@]}" "$offline_node_image"; do docker image rm --force "$image" || true; done
}

step 'Remove the cluster' remove_cluster
if [[ ${1:-} == all ]]; then
  step 'Remove our images' remove_images
  chmod -R u+w "$cache"
  rm -rf "$cache"
fi
rm -rf "$build"
