#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The tools, in .build/bin: what PATH has in a good version, else the official release, else built from source.
#   hack/tools.sh node-packages | kind | helm | kubectl
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$hack/lib/semver.sh"
source "$hack/lib/packages.sh"
source "$hack/lib/fetch.sh"
source "$hack/offline/go.sh"

# node_modules is in step when npm wrote its own copy of the lock file after the lock file changed.
node_packages() {
  local installed=$root/node_modules/.package-lock.json
  if [[ -e $installed && ! $root/package-lock.json -nt $installed ]]; then outcome 'installed already'; return; fi
  ensure_npm
  progress 'npm ci'
  (cd "$root" && npm ci --no-audit --no-fund --prefer-offline)
  touch "$installed"
}

# Any node will do to run npm; the project's own comes out of it.
ensure_npm() {
  local own=$cache/node-v$node_version
  if have npm && version_at_least "$(first_version "$(node --version 2>/dev/null || echo 0.0)")" "$node_oldest"; then return; fi
  [[ -x $own/bin/npm ]] || fetch_node "$own" || install_packages nodejs npm
  [[ ! -x $own/bin/npm ]] || export PATH="$own/bin:$PATH"
}

fetch_node() {
  local arch name releases=https://nodejs.org/dist/v$node_version
  arch=$(machine_architecture)
  name=node-v$node_version-linux-${arch/amd64/x64}
  progress "getting node $node_version"
  fetch_verified "$releases/$name.tar.gz" "$releases/SHASUMS256.txt" "$cache/$name.tar.gz" || return
  mkdir -p "$1"
  tar -xzf "$cache/$name.tar.gz" -C "$1" --strip-components 1
  rm "$cache/$name.tar.gz"
}

# obtain_tool NAME: puts it into .build/bin.
obtain_tool() {
  local name=$1 wanted found
  local -n version=${name}_version
  if in_range "$name" "$build/bin/$name"; then outcome "v$(version_of "$name" "$build/bin/$name")"; return; fi
  wanted=$cache/bin/$name-$version
  if found=$(on_path "$name") && in_range "$name" "$found"; then wanted=$found
  elif ! in_range "$name" "$wanted"; then "get_$name" "$wanted"; fi
  cp -fL "$wanted" "$build/bin/$name"
  outcome "v$(version_of "$name" "$build/bin/$name")"
}

# on_path NAME: where the user has it, our own folder apart.
on_path() { PATH=$users_path type -P "$1"; }

in_range() {
  local found
  local -n oldest=$1_oldest too_new=$1_too_new
  [[ -x $2 ]] && found=$(version_of "$1" "$2") && version_within "$found" "$oldest" "$too_new"
}

version_of() {
  case $1 in
    kind) first_version "$("$2" version 2>/dev/null)" ;;
    helm) first_version "$("$2" version --short 2>/dev/null)" ;;
    kubectl) first_version "$("$2" version --client 2>/dev/null)" ;;
  esac
}

get_kind() {
  local url
  url=https://github.com/kubernetes-sigs/kind/releases/download/v$kind_version/kind-linux-$(machine_architecture)
  release "$url" "$url.sha256sum" "$1" || build_tool "$1" '' sigs.k8s.io/kind
}

get_helm() {
  local name url
  name=helm-v$helm_version-linux-$(machine_architecture).tar.gz
  url=https://get.helm.sh/$name
  if release "$url" "$url.sha256sum" "$1.tar.gz"; then
    tar -xzf "$1.tar.gz" -C "$cache/bin" --strip-components 1 --transform "s,helm\$,${1##*/}," --wildcards '*/helm'
    rm "$1.tar.gz"
  else
    build_tool "$1" "-X helm.sh/helm/v4/internal/version.version=v$helm_version" helm.sh/helm/v4/cmd/helm
  fi
}

get_kubectl() {
  local url
  url=https://dl.k8s.io/release/v$kubectl_version/bin/linux/$(machine_architecture)/kubectl
  kubectl_of_node_image "$1" || release "$url" "$url.sha256" "$1" || build_kubectl "$1"
}

# A node image that is here holds the kubectl of its own version.
kubectl_of_node_image() {
  local container image
  for image in "$published_node_image" "$offline_node_image"; do
    docker image inspect "$image" >/dev/null 2>&1 || continue
    container=$(docker create "$image")
    docker cp "$container:/usr/bin/kubectl" "$1"
    docker rm "$container" >/dev/null
    return
  done
  return 1
}

release() {
  progress 'downloading'
  fetch_verified "$@" && chmod 755 "$3"
}

# build_tool FILE LINKER_FLAGS PACKAGE
build_tool() {
  ensure_go
  go_build tools "$cache/bin/build" "$2" "$3"
  mv "$cache/bin/build/${3##*/}" "$1"
}

build_kubectl() {
  ensure_go
  go_build kubernetes "$cache/bin/build" "-X k8s.io/component-base/version.gitVersion=v$kubectl_version" k8s.io/kubernetes/cmd/kubectl
  mv "$cache/bin/build/kubectl" "$1"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  case ${1:-} in
    node-packages) step 'Node packages' node_packages ;;
    kind | helm | kubectl) step "$1" obtain_tool "$1" ;;
    *) fail 'usage: hack/tools.sh node-packages | kind | helm | kubectl' ;;
  esac
fi
