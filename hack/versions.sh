# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Every version that hack/ pins, in one place. The Go modules of the offline build are pinned beside their go.sum in hack/offline.

node_version=24.21.0       # fetched only where no node is there to run npm with; the project's own comes with npm ci
npm_version=11.19.1         # what the stand-in of the node image carries
node_oldest=18.0.0         # what is enough to run npm ci

# name, the version to get, and the range [oldest, first too new) in which one found on PATH will do
kind_version=0.30.0        kind_oldest=0.30.0       kind_too_new=0.31.0
helm_version=4.3.1         helm_oldest=4.3.1        helm_too_new=5.0.0
kubectl_version=1.34.4     kubectl_oldest=1.33.0    kubectl_too_new=1.36.0

go_oldest=1.26.0           # what helm asks for
go_version=1.26.6          # fetched where no Go, or an older one, is there

# Kubernetes 1.35 refuses to start on cgroup v1, so 1.34 it is. kind knows the published node image of its own release, with its digest;
# this is the one that hack/offline builds where that cannot be pulled.
kubernetes_version=1.34.4
published_node_image=kindest/node:v1.34.0@sha256:7416a61b42b1662ca6ca89f02028ac133a309a2a30ba309614e8ec94d976dc5a
offline_node_image=kindest/node:v$kubernetes_version

# what kubeadm and kind of these versions expect to find in the node
etcd_tag=3.6.5-0
coredns_tag=v1.12.1
pause_tags=(3.10 3.10.1)
local_path_provisioner_tag=v20250214-acbabc1a
local_path_helper_tag=v20241212-8ac705d0

debian_suite=trixie

cluster_name=${ASSAY_CLUSTER_NAME:-assay}
install_namespace=assay-system
