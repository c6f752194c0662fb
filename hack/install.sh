#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the operator into the cluster or upgrades it, and waits until it is ready; or takes it away.
#   hack/install.sh up | down        VALUES=file adds Helm values, NAMESPACE=… is where benchmarks run (default)
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$hack/cluster.sh"

release=assay
tenant=${NAMESPACE:-default}

install_operator() {
  local arguments=(upgrade --install "$release" "$root/charts/assay" --namespace "$install_namespace" --create-namespace
    --values "$build/install-values.yaml" --take-ownership --force-conflicts --wait --timeout 5m)
  [[ -z ${VALUES:-} ]] || arguments+=(--values "$VALUES")
  ensure_tenant
  install_values >"$build/install-values.yaml"
  KUBECONFIG=$(kubeconfig_file) helm "${arguments[@]}" || { tell_why_not_ready; return 1; }
  outcome "namespace $install_namespace"
}

ensure_tenant() {
  local kube=(kubectl --kubeconfig "$(kubeconfig_file)")
  "${kube[@]}" get namespace "$tenant" >/dev/null 2>&1 || "${kube[@]}" create namespace "$tenant"
}

# Those that it has stay: a namespace that lost its runner could not take its stacks down any more.
all_tenants() {
  {
    echo "$tenant"
    kubectl --kubeconfig "$(kubeconfig_file)" get serviceaccounts --all-namespaces --field-selector metadata.name=assay-runner \
      --selector app.kubernetes.io/managed-by=Helm --output 'jsonpath={range .items[*]}{.metadata.namespace}{"\n"}{end}'
  } | sort -u | sed 's/.*/"&"/' | paste -sd ,
}

# Pods are replaced when the image is another one under the same tag, which only its ID tells.
install_values() {
  local id
  id=$(image_id "$(image_reference assay)") || id=unknown
  cat <<Y
image: { repository: "$registry/assay" }
tenants: [$(all_tenants)]
controller: { podAnnotations: { assay.dev/image-id: "$id" } }
results: { podAnnotations: { assay.dev/image-id: "$id" } }
Y
}

tell_why_not_ready() {
  local kube=(kubectl --kubeconfig "$(kubeconfig_file)" --namespace "$install_namespace")
  "${kube[@]}" get pods --output wide
  "${kube[@]}" get events --sort-by .lastTimestamp | tail -n 10
  "${kube[@]}" logs --selector app.kubernetes.io/name=assay --all-containers --prefix --tail 10
} 2>&1

uninstall_operator() {
  KUBECONFIG=$(kubeconfig_file) helm uninstall "$release" --namespace "$install_namespace" --ignore-not-found --wait --timeout 5m
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  case ${1:-} in
    up) step 'Operator installed and ready' install_operator ;;
    down) step 'Uninstall the operator' uninstall_operator ;;
    *) fail 'usage: hack/install.sh up | down' ;;
  esac
fi
