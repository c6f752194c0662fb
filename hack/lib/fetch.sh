# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Downloads a release and verifies it against the checksum that its publisher puts beside it.

# Seconds in which a server has to answer: without a network this must not hold anybody up.
connect_seconds=${CONNECT_SECONDS:-5}

machine_architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64 | arm64) echo arm64 ;;
    *) fail "no release is published for $(uname -m)" ;;
  esac
}

has_curl() { have curl || { can_install_packages && install_packages curl ca-certificates; }; }

get() { curl -fsSL --connect-timeout "$connect_seconds" --retry 2 --retry-connrefused "$@"; }

# fetch_verified URL CHECKSUMS_URL FILE: fails without leaving a file when it cannot be had or is not what was published.
fetch_verified() {
  local url=$1 name=${1##*/} file=$3 sums wanted found
  has_curl && sums=$(get "$2") || return
  wanted=$(checksum_of "$name" "$sums")
  get -o "$file.part" "$url" || return
  found=$(sha256sum "$file.part" | cut -d ' ' -f 1)
  if [[ -z $wanted || $found != "$wanted" ]]; then
    rm -f "$file.part"
    fail "$url has the SHA-256 $found, its publisher says '$wanted'"
  fi
  mv "$file.part" "$file"
}

# checksum_of NAME SUMS: from a list of `sum  name` lines, or a bare sum.
checksum_of() {
  awk -v name="$1" 'NF == 1 && NR == 1 { print $1; exit } { sub(/^\*/, "", $2) } $2 == name { print $1; exit }' <<<"$2"
}
