# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Compares versions. Knows numbers and dots; a pre-release counts as older than its release.

# first_version TEXT: the first x.y.z (or x.y) in what a tool prints about itself, without a leading v or go.
first_version() {
  [[ $1 =~ ([0-9]+\.[0-9]+(\.[0-9]+)?(-[0-9A-Za-z.]+)?) ]] && printf '%s' "${BASH_REMATCH[1]}"
}

# version_at_least HAVE WANTED
version_at_least() {
  local -a have wanted
  local i
  IFS=. read -ra have <<<"${1%%-*}"
  IFS=. read -ra wanted <<<"${2%%-*}"
  for i in 0 1 2; do
    ((10#${have[i]:-0} == 10#${wanted[i]:-0})) || return $((10#${have[i]:-0} < 10#${wanted[i]:-0}))
  done
  [[ $1 != *-* || $2 == *-* ]]
}

# version_within HAVE OLDEST TOO_NEW
version_within() { version_at_least "$1" "$2" && ! version_at_least "$1" "$3"; }
