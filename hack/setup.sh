#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes ready what a goal needs, from nothing, and side by side where nothing stands in the way. What is there already is left alone.
#   hack/setup.sh packages | tools | images | cluster | all | test        `all` has Assay's own images, `test` and `images` those of other tools too
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$hack/tools.sh"
source "$hack/engine.sh"
source "$hack/cluster.sh"
source "$hack/offline/base-images.sh"
source "$hack/offline/kubernetes.sh"
source "$hack/offline/node-image.sh"

debian_image=debian:$debian_suite-slim

set_up() {
  local goal=$1
  [[ $goal != all ]] || image_set=${IMAGES:-core}
  one_at_a_time
  job node-packages 'Node packages' node_packages
  if [[ $goal == packages ]]; then run_jobs; return; fi
  if needs_engine; then job engine 'Docker engine' engine_up; fi
  run_jobs

  job kubectl kubectl --after node-image obtain_tool kubectl
  if needs_engine; then job kind kind obtain_tool kind; fi
  job helm helm --after kubernetes obtain_tool helm       # beside the node image, which waits for disks rather than processors
  if needs_engine && [[ $goal != tools ]]; then
    [[ $goal == cluster ]] || declare_base_image_jobs
    if [[ $goal != images ]] && ! uses_current_cluster; then declare_node_image_jobs; fi
    [[ $goal == cluster ]] || declare_image_jobs base-images,helm
  fi
  if [[ $goal == cluster || $goal == all || $goal == test ]]; then job cluster "$(cluster_title)" --after node-image,kind,kubectl cluster_up; fi
  if [[ $goal == all || $goal == test ]]; then job load 'Images in the cluster' --after "cluster,$(image_job_names)" load_images; fi
  run_jobs
}

# Two of these in one checkout would build everything twice.
one_at_a_time() {
  exec 9>"$build/setup.lock"
  flock --nonblock 9 || { say 'another setup is running in this checkout; waiting for it'; flock 9; }
}

# A cluster that is not kind's pulls its images; there is nothing to build for it here.
needs_engine() { ! uses_current_cluster || [[ $(kubectl config current-context 2>/dev/null) == kind-* ]]; }
cluster_title() { if uses_current_cluster; then echo 'Current cluster'; else echo "kind cluster $cluster_name"; fi; }
base_job() { echo "base-${1//\//-}"; }

# The base images that our Dockerfiles name: pulled, or built where the first that is missing cannot be pulled.
declare_base_image_jobs() {
  local image jobs=''
  for image in $(all_base_images); do
    has_image "$image" && continue
    jobs+=${jobs:+,}$(base_job "$image")
    if is_connected "$image"; then job "$(base_job "$image")" "Pull $image" docker pull "$image"
    else declare_stand_in "$image"; fi
  done
  [[ -z $jobs ]] || job base-images 'Base images' --after "$jobs" true
}

declare_stand_in() {
  refuse_unless_buildable "$1"
  declare_debian_image
  case $1 in
    "$debian_image") ;;
    node:24-*) job "$(base_job "$1")" "Build $1 from npm" --after "$(base_job "$debian_image")" build_node_base_image "$1" ;;
    python:3.13-*) job "$(base_job "$1")" "Build $1 from Debian" --after "$(base_job "$debian_image")" build_python_base_image "$1" ;;
    *) fail "$1 can neither be pulled nor built" 'declare_stand_in in hack/setup.sh knows the images that can be built.' ;;
  esac
}

declare_debian_image() {
  has_image "$debian_image" || is_declared "$(base_job "$debian_image")" ||
    job "$(base_job "$debian_image")" "Build $debian_image with debootstrap" build_debian_image "$debian_image"
}

declare_node_image_jobs() {
  if has_image "$published_node_image" || has_image "$offline_node_image"; then return; fi
  if is_connected "$published_node_image"; then
    job node-image "Pull ${published_node_image%@*}" docker pull "$published_node_image"
    return
  fi
  refuse_unless_buildable "$published_node_image"
  declare_debian_image
  job kubernetes "Build Kubernetes v$kubernetes_version, etcd and CoreDNS from source" build_kubernetes
  job node-base 'Node image: packages' --after "$(base_job "$debian_image")" build_node_packages_image
  job proxy-base 'kube-proxy: packages' --after "$(base_job "$debian_image")" build_kube_proxy_base_image
  job node-image "Node image $offline_node_image" --after kubernetes,node-base,proxy-base build_node_image
}

# is_connected IMAGE: whether published images can be pulled; found out once, with an image that is wanted anyway.
is_connected() {
  if [[ -z ${connected:-} ]]; then
    connected=no
    if registry_serves "$1"; then connected=yes; else say 'no registry serves images here: they are built from Debian, npm and Go packages'; fi
  fi
  [[ $connected == yes ]]
}

refuse_unless_buildable() {
  can_install_packages || fail "$1 cannot be pulled" \
    "The engine says: $(tail -n 1 "$build/log/registry.log"). As root on Debian it would be built from packages instead."
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  case ${1:-all} in
    packages | tools | images | cluster | all | test) set_up "${1:-all}" ;;
    *) fail 'usage: hack/setup.sh packages | tools | images | cluster | all | test' ;;
  esac
fi
