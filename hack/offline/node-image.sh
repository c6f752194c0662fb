# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Puts a kindest/node image together: Debian packages, kind's own files from its module, and the Kubernetes that was built from source,
# whose control plane lies in the node's containerd as images.

build_node_packages_image() { build_image assay.dev/kind-node-packages "$hack/offline/node-image/packages.Dockerfile" "$hack/offline/node-image"; }
build_kube_proxy_base_image() { build_image assay.dev/kube-proxy-base "$hack/offline/node-image/kube-proxy.Dockerfile" "$hack/offline/node-image"; }

build_node_image() {
  local images=()
  progress "control plane's images"
  mapfile -t images < <(build_control_plane_images)
  progress "kind's files"
  build_bare_node_image
  progress 'importing the images'
  preload_images "${images[@]}"
  docker image rm --force assay.dev/kind-node-bare "${images[@]}" >/dev/null     # published names, but for the node only
  outcome "$offline_node_image"
}

# Prints the names of the images that it built: those that kubeadm and kind look for.
build_control_plane_images() {
  local component tag
  for component in kube-apiserver kube-controller-manager kube-scheduler; do
    binary_image "registry.k8s.io/$component:v$kubernetes_version" $component
  done
  proxy_image "registry.k8s.io/kube-proxy:v$kubernetes_version"
  binary_image "registry.k8s.io/etcd:$etcd_tag" etcd
  binary_image "registry.k8s.io/coredns/coredns:$coredns_tag" coredns
  for tag in "${pause_tags[@]}"; do binary_image "registry.k8s.io/pause:$tag" pause; done
  binary_image "kindest/local-path-provisioner:$local_path_provisioner_tag" local-path-provisioner
  docker tag "debian:$debian_suite-slim" "kindest/local-path-helper:$local_path_helper_tag"
  echo "kindest/local-path-helper:$local_path_helper_tag"
}

# binary_image IMAGE COMMAND: nothing in it but the command and whom to trust.
binary_image() {
  local folder
  folder=$(mktemp -d)
  mkdir -p "$folder/usr/local/bin" "$folder/etc/ssl/certs"
  cp "$kubernetes_binaries/$2" "$folder/usr/local/bin/"
  cp /etc/ssl/certs/ca-certificates.crt "$folder/etc/ssl/certs/"
  tar -C "$folder" -c . | docker import --change 'ENV PATH=/usr/local/bin' --change "ENTRYPOINT [\"/usr/local/bin/$2\"]" - "$1" >&2
  rm -rf "$folder"
  echo "$1"
}

proxy_image() {
  local context
  context=$(mktemp -d)
  cp "$kubernetes_binaries/kube-proxy" "$context/"
  printf 'FROM assay.dev/kube-proxy-base\nCOPY kube-proxy /usr/local/bin/\n' >"$context/Dockerfile"
  docker build --quiet --tag "$1" "$context" >&2
  rm -rf "$context"
  echo "$1"
}

build_bare_node_image() {
  local context source
  context=$(mktemp -d)
  source=$(kind_sources)
  cp -r "$source/images/base/files" "$context/files"
  chmod -R u+w "$context"
  storage_manifest "$source/pkg/build/nodeimage/const_storage.go" >"$context/default-storage.yaml"
  cp "$kubernetes_binaries"/{kubelet,kubeadm,kubectl} "$hack/offline/runc-with-available-caps" "$hack/offline/node-image"/* "$context/"
  docker build --quiet --label "$built_here" --build-arg "kubernetes_version=$kubernetes_version" \
    --tag assay.dev/kind-node-bare --file "$hack/offline/node-image/node.Dockerfile" "$context"
  rm -rf "$context"
}

kind_sources() {
  ensure_go
  (cd "$hack/offline/tools" && go mod download -json sigs.k8s.io/kind | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
}

# kind keeps this manifest as a Go string; the images in it are constants of the same file.
storage_manifest() {
  sed -n '/^const defaultStorageManifest = `/,/^`/p' "$1" | sed -e 1d -e '/^`/d' \
    -e "s#\` + storageProvisionerImage + \`#docker.io/kindest/local-path-provisioner:$local_path_provisioner_tag#" \
    -e "s#\` + storageHelperImage + \`#docker.io/kindest/local-path-helper:$local_path_helper_tag#"
}

# The images go into the content store of the node's containerd; they are unpacked when a cluster starts.
preload_images() {
  local node=assay-node-image-$$
  docker run --detach --privileged --name "$node" --entrypoint sleep assay.dev/kind-node-bare infinity >/dev/null
  # shellcheck disable=SC2064  # the name of now
  trap "docker rm --force $node >/dev/null 2>&1" EXIT
  docker save "$@" | docker exec --interactive "$node" bash -euo pipefail -c '
    containerd >/tmp/containerd.log 2>&1 & pid=$!
    for _ in {1..100}; do ! ctr version >/dev/null 2>&1 || break; sleep 0.2; done
    ctr --namespace k8s.io images import --no-unpack --digests - >/dev/null
    kill $pid; wait $pid; rm -f /tmp/containerd.log'
  docker commit --change 'ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]' "$node" "$offline_node_image"
  docker rm --force "$node" >/dev/null
  trap - EXIT
}
