#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The cluster: a kind cluster of our own, or with CLUSTER=current whatever kubectl points at.
#   hack/cluster.sh up | down | load | kubeconfig
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$hack/lib/world.sh"
source "$hack/images.sh"

node=$cluster_name-control-plane
id_label=assay.dev/image-id

uses_current_cluster() { [[ ${CLUSTER:-kind} == current ]]; }

# The kubeconfig that our scripts use; a user's own cluster gets another file, so that tests never take it for theirs.
kubeconfig_file() { if uses_current_cluster; then echo "$build/kubeconfig.current"; else echo "$build/kubeconfig"; fi; }

write_kubeconfig() {
  local file
  file=$(kubeconfig_file)
  (umask 077 && print_kubeconfig >"$file.new") && mv "$file.new" "$file"
}

print_kubeconfig() {
  if uses_current_cluster; then kubectl config view --minify --flatten; else kind get kubeconfig --name "$cluster_name"; fi
}

current_context() { kubectl --kubeconfig "$(kubeconfig_file)" config current-context; }

cluster_up() {
  if uses_current_cluster; then
    write_kubeconfig
    api_answers || fail "the API server of the current context does not answer" 'kubectl get --raw /readyz says why.'
    outcome "$(current_context)"
  elif node_exists && revive_node; then outcome 'running already'
  else create_cluster; fi
}

node_exists() { docker container inspect "$node" >/dev/null 2>&1; }

# A node outlives its Docker engine and comes back with the next one, usually; one that does not, or is of another version, is replaced.
revive_node() {
  [[ $(docker container inspect --format '{{.Image}}' "$node") == "$(image_id "$(node_image)")" ]] || return
  docker start "$node" >/dev/null || return
  progress 'waiting for the API server'
  local end=$((SECONDS + 60))
  until write_kubeconfig && api_answers && node_is_ready; do
    ((SECONDS < end)) || return
    sleep 1
  done 2>/dev/null
}

api_answers() { kubectl --kubeconfig "$(kubeconfig_file)" get --raw /readyz --request-timeout 5s >/dev/null; }
node_is_ready() { kubectl --kubeconfig "$(kubeconfig_file)" wait node --all --for condition=Ready --timeout 5s >/dev/null; }

create_cluster() {
  cluster_down
  progress 'creating'
  kind create cluster --name "$cluster_name" --image "$(node_image)" --config "$hack/kind.yaml" --wait 180s
  write_kubeconfig
  outcome "Kubernetes $(kubectl --kubeconfig "$(kubeconfig_file)" get node "$node" --output 'jsonpath={.status.nodeInfo.kubeletVersion}')"
}

cluster_down() { kind delete cluster --name "$cluster_name"; rm -f "$build/kubeconfig"; }

# What a registry served, else what was built here.
node_image() { if has_image "$published_node_image"; then echo "$published_node_image"; else echo "$offline_node_image"; fi; }

# Loads the images that the nodes lack. A cluster that is not kind's pulls them from a registry, which is its own affair.
load_images() {
  local name missing=()
  if ! name=$(kind_name); then outcome 'not a kind cluster: it pulls them itself'; return; fi
  mapfile -t missing < <(images_to_load "$name")
  if ! ((${#missing[@]})); then outcome 'loaded already'; return; fi
  progress "${#missing[@]} images"
  import_images "$name" "${missing[@]}"
  note_loaded "$name" "${missing[@]}"
  outcome "${#missing[@]} images"
}

# import_images CLUSTER REFERENCE…: all in one stream, so that layers that they share are sent once, and straight into the node: kind load writes
# the stream to the disk first, which takes half as long again.
import_images() {
  local machine
  for machine in $(kind get nodes --name "$1"); do
    docker save "${@:2}" | docker exec --interactive "$machine" ctr --namespace k8s.io images import --snapshotter overlayfs - >/dev/null
  done
}

kind_name() {
  local context
  if ! uses_current_cluster; then echo "$cluster_name"; return; fi
  context=$(current_context)
  [[ $context == kind-* ]] && kind get clusters 2>/dev/null | grep -xF "${context#kind-}"
}

# Those that are built here and that a node lacks. containerd knows an image by its manifest, Docker by its configuration: so the node's own
# entry is labelled with Docker's ID.
images_to_load() {
  local machine reference
  for reference in $(image_references); do
    has_image "$reference" || continue
    for machine in $(kind get nodes --name "$1"); do
      is_loaded "$machine" "$reference" || { echo "$reference"; break; }
    done
  done
}

is_loaded() {
  local filter
  filter="name==$2,labels.\"$id_label\"==$(image_id "$2" | tr -d '\n')"
  [[ -n $(docker exec "$1" ctr --namespace k8s.io images ls --quiet "$filter") ]]
}

note_loaded() {
  local machine reference
  for machine in $(kind get nodes --name "$1"); do
    for reference in "${@:2}"; do
      docker exec "$machine" ctr --namespace k8s.io images label "$reference" "$id_label=$(image_id "$reference")" >/dev/null
    done
  done
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  case ${1:-} in
    up) step 'Cluster' cluster_up ;;
    down) step 'Remove the cluster' cluster_down ;;
    load) step 'Load the images' load_images ;;
    kubeconfig) kubeconfig_file ;;
    *) fail 'usage: hack/cluster.sh up | down | load | kubeconfig' ;;
  esac
fi
