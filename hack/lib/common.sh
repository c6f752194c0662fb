# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What every script starts from: strict mode, where things lie, and the printing functions.
[[ -z ${common_is_sourced:-} ]] || return 0
common_is_sourced=yes
set -euo pipefail
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then
  echo "bash 4.4 or newer is needed; this is $BASH_VERSION" >&2
  exit 1
fi

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
hack=$root/hack
build=$root/.build                                        # what belongs to this checkout
cache=${XDG_CACHE_HOME:-$HOME/.cache}/assay               # what any checkout of this user can reuse
mkdir -p "$build/bin" "$cache/bin"
users_path=$PATH
export PATH="$build/bin:$root/node_modules/.bin:$PATH"

source "$hack/versions.sh"
source "$hack/lib/log.sh"
source "$hack/lib/jobs.sh"

have() { command -v "$1" >/dev/null 2>&1; }
is_root() { ((EUID == 0)); }
is_debian() { have apt-get && grep -qx 'ID=debian' /etc/os-release; }
can_install_packages() { is_root && is_debian; }
