#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A Docker engine: the one that runs, else one that is installed and started here.
#   hack/engine.sh up
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$hack/lib/packages.sh"

engine_log=/var/log/dockerd.log
shim=/usr/local/sbin/runc-with-available-caps

engine_up() {
  if engine_answers; then outcome 'running already'; return; fi
  refuse_without_permission
  is_root || fail 'no Docker engine answers' 'Start Docker (or set DOCKER_HOST), or run this as root on Debian and it is installed and started.'
  have dockerd || install_engine
  have docker || install_packages docker-cli     # Debian 13 and later package the client apart
  start_engine
  outcome 'started'
}

engine_answers() { have docker && docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

refuse_without_permission() {
  have docker || return 0
  local answer
  answer=$(docker version 2>&1 || true)
  [[ $answer != *'permission denied'* ]] || fail 'the Docker engine runs, but this user may not use it' \
    'Add yourself to the group docker (sudo usermod -aG docker "$USER"; then log in again).'
}

install_engine() {
  progress 'installing'
  install_packages docker.io containerd runc iptables jq ca-certificates
}

start_engine() {
  progress 'starting'
  if [[ -d /run/systemd/system ]]; then systemctl start docker; await_engine; return; fi
  await_end_of_former_engine
  can_be_privileged || use_shim
  # a session of its own, none of our files open: it outlives this script
  setsid nohup dockerd >>"$engine_log" 2>&1 </dev/null 9>&- &
  await_engine
}

await_engine() {
  local end=$((SECONDS + 60))
  until engine_answers; do
    if ((SECONDS >= end)); then
      tail -n 20 "$engine_log" 2>/dev/null || true
      fail 'dockerd did not start within a minute' "Its log is $engine_log."
    fi
    sleep 0.3
  done
}

# An engine that is being stopped holds its sockets and state for some seconds.
await_end_of_former_engine() {
  local pid_file=/var/run/docker.pid end=$((SECONDS + 30)) pid
  while pid=$(cat "$pid_file" 2>/dev/null) && [[ $(cat "/proc/$pid/comm" 2>/dev/null) == dockerd ]]; do
    if engine_answers || ((SECONDS >= end)); then return 0; fi
    sleep 0.5
  done
  rm -f "$pid_file"
}

# Without CAP_SYS_RESOURCE (bit 24) in our bounding set, runc cannot give it to a privileged container and refuses to start one.
can_be_privileged() {
  local bounding
  bounding=$(awk '/^CapBnd/ { print $2 }' /proc/self/status)
  ((0x$bounding & 1 << 24))
}

use_shim() {
  local settings=/etc/docker/daemon.json present='{}'
  need jq
  install -m 755 "$hack/offline/runc-with-available-caps" "$shim"
  mkdir -p /etc/docker
  [[ ! -s $settings ]] || present=$(cat "$settings")
  jq --arg shim "$shim" '.runtimes["available-caps"] = { path: $shim } | ."default-runtime" = "available-caps"' <<<"$present" >"$settings.new"
  mv "$settings.new" "$settings"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  [[ ${1:-} == up ]] || fail "usage: hack/engine.sh up"
  step 'Docker engine' engine_up
fi
