#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Assay's container images: what they are called, and building those whose inputs have changed.
#   hack/images.sh build [NAME] | list | push        REGISTRY=… names another registry, IMAGES=core|all which of them (all)
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$hack/lib/inputs.sh"

registry=${REGISTRY:-ghcr.io/assay-dev}
assay_version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$root/package.json")
inputs_label=assay.dev/inputs

# One line an image: its name, its Dockerfile, and the set that it belongs to; the context is the whole repository. `core` is what Assay
# itself and make demo need; `tools` are servers and harnesses of others. `layers` are what tools share: built before them, never published.
images=(
  'assay                       Dockerfile                             core'
  'simulator                   simulator/Dockerfile                   core'
  'harness-native              harnesses/native/Dockerfile            core'
  'assay.dev/python-llm        images/python-llm/Dockerfile           layers'
  'assay.dev/python-torch      images/python-torch/Dockerfile         layers'
  'assay.dev/python-vllm       images/python-vllm/Dockerfile          layers'
  'tiny-model                  images/tiny-model/Dockerfile           tools'
  'vllm-cpu                    images/vllm-cpu/Dockerfile             tools'
  'llama-cpp                   images/llama-cpp/Dockerfile            tools'
  'harness-vllm-bench          harnesses/vllm-bench/Dockerfile        tools'
  'harness-guidellm            harnesses/guidellm/Dockerfile          tools'
  'harness-guidellm-0.5        harnesses/guidellm-0.5/Dockerfile      tools'
  'harness-inference-perf      harnesses/inference-perf/Dockerfile    tools'
  'harness-aiperf              harnesses/aiperf/Dockerfile            tools'
  'harness-genai-bench         harnesses/genai-bench/Dockerfile       tools'
  'harness-lm-eval             harnesses/lm-eval/Dockerfile           tools'
  'harness-optimum-benchmark   harnesses/optimum-benchmark/Dockerfile tools'
  'harness-fmperf              harnesses/fmperf/Dockerfile            tools'
  'harness-transformers        harnesses/transformers/Dockerfile      tools'
)
image_set=${IMAGES:-all}
[[ $image_set == core || $image_set == all ]] || fail "IMAGES is core or all, not $image_set"
unavailable=$build/unavailable      # one file an image that could not be had, which says why; tests skip what needs it with that reason

table_rows() { printf '%s\n' "${images[@]}" | awk -v only="$image_set" 'only == "all" || $3 == only'; }
image_names() { table_rows | awk '$3 != "layers" { print $1 }'; }
built_names() { table_rows | awk '{ print $1 }'; }
is_layers() { [[ $1 == */* ]]; }
image_reference() { if is_layers "$1"; then printf '%s' "$1"; else printf '%s/%s:%s' "$registry" "$1" "$assay_version"; fi; }
image_references() { local name; for name in $(image_names); do [[ -e $unavailable/$name ]] || { image_reference "$name"; echo; }; done; }
layer_references() { table_rows | awk '$3 == "layers" { print $1 }'; }
dockerfile_of() { printf '%s\n' "${images[@]}" | awk -v name="$1" '$1 == name { print $2 }'; }
image_id() { docker image inspect --format '{{.Id}}' "$1" 2>/dev/null; }

# What has to be pulled or stood in for: all that is built upon, our own layers apart.
all_base_images() {
  local name
  for name in $(built_names); do base_images "$root/$(dockerfile_of "$name")"; done | grep -v '^assay\.dev/' | sort -u
}

own_layers_of() { base_images "$root/$(dockerfile_of "$1")" | grep '^assay\.dev/' || true; }

# build_own_image NAME: only when something that goes into it is not what it was. vLLM, which is tried while it is built, wants shared memory.
build_own_image() {
  local reference dockerfile inputs former
  reference=$(image_reference "$1") dockerfile=$(dockerfile_of "$1")
  inputs=$(inputs_of "$dockerfile")
  if [[ $(label_of "$reference" "$inputs_label") == "$inputs" ]]; then outcome 'unchanged'; return; fi
  former=$(image_id "$reference") || former=''
  docker_build --label "$inputs_label=$inputs" --shm-size 512m "${proxy_arguments[@]}" --tag "$reference" --file "$root/$dockerfile" "$root" || { note_unavailable "$1"; return; }
  rm -f "$unavailable/$1"
  # what nothing uses any more: a day of rebuilding would fill the disk
  [[ -z $former || $former == "$(image_id "$reference")" ]] || docker image rm "$former" || true
  outcome "$reference"
}

# docker build, whose output is kept to be looked through.
docker_build() {
  build_log=$(mktemp)
  docker build "$@" 2>&1 | tee "$build_log"
}

# A Dockerfile that needs what no package registry has says UNREACHABLE where it cannot have it: no failure of ours, and the image is done without.
note_unavailable() {
  local reason
  reason=$(sed -n 's/^\(\x1b\[[0-9;]*m\)*UNREACHABLE: //p' "$build_log" | tail -n 1)
  [[ -n $reason ]] || return 1
  mkdir -p "$unavailable"
  echo "$reason" >"$unavailable/$1"
  outcome "skipped: $reason"
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

image_job() { echo "image-${1//\//-}"; }
image_job_names() { local name; for name in $(built_names); do image_job "$name"; done | paste -sd ,; }

# declare_image_jobs AFTER: one job an image, after the layers that it stands on. As many at once as there are cores: they unpack and compile.
declare_image_jobs() {
  local name layers after
  job_limit[images]=$(nproc 2>/dev/null || echo 2)
  for name in $(built_names); do
    after=$1
    for layers in $(own_layers_of "$name"); do after+=${after:+,}$(image_job "$layers"); done
    job "$(image_job "$name")" "Image $name" --after "$after" --among images build_own_image "$name"
  done
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
