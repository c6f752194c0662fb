# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Kubernetes itself, etcd, CoreDNS and the storage provisioner, from source. All are one Go module, so that what they share is compiled once.

kubernetes_binaries=$cache/kubernetes-v$kubernetes_version

build_kubernetes() {
  local minor flags package=k8s.io/component-base/version commands=()
  IFS=. read -r _ minor _ <<<"$kubernetes_version"
  flags="-X $package.gitVersion=v$kubernetes_version -X $package.gitMajor=1 -X $package.gitMinor=$minor"
  commands=(k8s.io/kubernetes/cmd/{kube-apiserver,kube-controller-manager,kube-scheduler,kube-proxy,kubelet,kubeadm,kubectl}
    go.etcd.io/etcd/server/v3 ./coredns ./pause)
  ensure_go
  go_build kubernetes "$kubernetes_binaries" "$flags" "${commands[@]}"
  # apart from the rest: it imports a package whose path differs from another's in case only, which one build may not
  go_build kubernetes "$kubernetes_binaries" '' github.com/rancher/local-path-provisioner
  mv "$kubernetes_binaries/server" "$kubernetes_binaries/etcd"
}
