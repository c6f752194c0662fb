# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Finds out which world this is: one where the Docker engine can pull published images, or one where images are built from packages.

# Seconds in which a registry has to name the image; the layers may take as long as they like.
registry_seconds=${REGISTRY_SECONDS:-20}

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

# registry_serves IMAGE: asks the engine itself, which knows its mirrors and proxies; the layers are left for later.
registry_serves() {
  local log=$build/log/registry.log pid end=$((SECONDS + registry_seconds))
  docker pull "$1" >"$log" 2>&1 </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null && ((SECONDS < end)); do
    if is_answered "$log"; then break; fi
    sleep 0.1
  done
  kill "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  is_answered "$log"
}

# The engine says this once it has the image's manifest.
is_answered() { grep -qE 'Pulling from|Digest: sha256:' "$1"; }
