#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Assay's container images: what they are called, and building those whose inputs have changed.
#   hack/images.sh build [NAME] | list | push        REGISTRY=… names another registry
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$hack/lib/inputs.sh"

registry=${REGISTRY:-ghcr.io/assay-dev}
assay_version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$root/package.json")
inputs_label=assay.dev/inputs

# One line an image: its name, and its Dockerfile; the context is the whole repository.
images=(
  'assay           Dockerfile'
  'simulator       simulator/Dockerfile'
  'harness-native  harnesses/native/Dockerfile'
)

image_names() { printf '%s\n' "${images[@]}" | awk '{ print $1 }'; }
image_reference() { printf '%s/%s:%s' "$registry" "$1" "$assay_version"; }
image_references() { local name; for name in $(image_names); do image_reference "$name"; echo; done; }
dockerfile_of() { printf '%s\n' "${images[@]}" | awk -v name="$1" '$1 == name { print $2 }'; }
image_id() { docker image inspect --format '{{.Id}}' "$1" 2>/dev/null; }

all_base_images() {
  local name
  for name in $(image_names); do base_images "$root/$(dockerfile_of "$name")"; done | sort -u
}

# build_own_image NAME: only when something that goes into it is not what it was.
build_own_image() {
  local reference dockerfile inputs former
  reference=$(image_reference "$1") dockerfile=$(dockerfile_of "$1")
  inputs=$(inputs_of "$dockerfile")
  if [[ $(label_of "$reference" "$inputs_label") == "$inputs" ]]; then outcome 'unchanged'; return; fi
  former=$(image_id "$reference") || former=''
  docker build --label "$inputs_label=$inputs" "${proxy_arguments[@]}" --tag "$reference" --file "$root/$dockerfile" "$root"
  # what nothing uses any more: a day of rebuilding would fill the disk
  [[ -z $former || $former == "$(image_id "$reference")" ]] || docker image rm "$former" || true
  outcome "$reference"
}

inputs_of() {
  local base paths
  mapfile -t paths < <(copied_paths "$root/$1")
  {
    fingerprint "$root" "$1" .dockerignore "${paths[@]}"
    for base in $(base_images "$root/$1"); do image_id "$base"; done
  } | sha256sum | cut -c 1-32
}

label_of() { docker image inspect --format "{{index .Config.Labels \"$2\"}}" "$1" 2>/dev/null || true; }

# Builds see the proxies that the user's shell sees; Docker knows these arguments without being told.
proxy_arguments=()
for variable in http_proxy https_proxy no_proxy; do
  [[ -z ${!variable:-} ]] || proxy_arguments+=(--build-arg "$variable")
done

declare_image_jobs() { # AFTER: one job an image
  local name
  for name in $(image_names); do job "image-$name" "Image $name" --after "$1" build_own_image "$name"; done
}

push_images() {
  local reference
  for reference in $(image_references); do progress "$reference"; docker push "$reference"; done
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  case ${1:-} in
    build)
      if [[ -n ${2:-} ]]; then step "Image $2" build_own_image "$2"; else declare_image_jobs ''; run_jobs; fi ;;
    list) image_references ;;
    push) step "Push to $registry" push_images ;;
    *) fail 'usage: hack/images.sh build [NAME] | list | push' ;;
  esac
fi
