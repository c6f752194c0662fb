# SPDX-License-Identifier: Apache-2.0
# The front door: each target is one script of hack/. `make demo CLUSTER=current` uses the cluster that kubectl points at.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help demo test setup verify generate lint unit integration e2e bench images push cluster install uninstall clean clean-all
export CLUSTER REGISTRY NAMESPACE VALUES

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## From nothing to a report: cluster, operator, experiments/quickstart.yaml (EXPERIMENT=… for another)
	@hack/demo.sh $(EXPERIMENT)
test: ## From nothing: verify, unit, integration and e2e; the last line is the sum
	@hack/test.sh

setup: ## Tools, images and cluster, without installing anything into it
	@hack/setup.sh all
cluster: ## The local cluster, and .build/kubeconfig
	@hack/setup.sh cluster
images: ## Build the container images whose inputs changed
	@hack/setup.sh images
push: images ## Push them to REGISTRY=…
	@hack/images.sh push
install: setup ## Install or upgrade the operator in the cluster
	@hack/install.sh up
uninstall: ## Take the operator out of the cluster
	@hack/install.sh down

verify: ## Generated files, lint, types, dead code
	@hack/setup.sh packages && hack/verify.sh
generate: ## Write what is generated from the model: CRDs, schemas, reference
	@hack/setup.sh packages && node_modules/.bin/node operator/generate.ts
lint: ## Lint alone
	@hack/setup.sh packages && PATH="$$PWD/node_modules/.bin:$$PATH" oxlint --type-aware --deny-warnings
unit: ## Unit tests
	@hack/test.sh unit
integration: ## Tests against the cluster's API server
	@hack/test.sh integration
e2e: ## Tests of whole experiments
	@hack/test.sh e2e
bench: ## Measure Assay itself (PARTS="plan trials" for some of it)
	@hack/bench.sh $(PARTS)

clean: ## Remove the cluster and .build
	@hack/clean.sh
clean-all: ## Also our images and caches
	@hack/clean.sh all
