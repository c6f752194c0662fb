# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Installs Debian packages where that is possible, and says what is wanted where it is not.

# install_packages PACKAGE…: those that are missing; one job at a time, since apt allows only one.
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  can_install_packages || fail "these packages are missing: ${missing[*]}" \
    'Install them with your package manager, or run this as root on Debian and they are installed for you.'
  (
    flock 8
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}"
  ) 8>"$cache/apt.lock"
}

missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s\n' "$package"
  done
}

# need COMMAND [PACKAGE]: the command is there, or the package that holds it gets installed.
need() { have "$1" || install_packages "${2:-$1}"; }
