# SPDX-License-Identifier: Apache-2.0
# The operator: controller, results server, and the helpers in the pods of trials, told apart by their first argument. Node runs the sources
# as they are. `make images` builds it; by hand, hack/tools.sh helm puts helm where this file takes it from.
FROM node:24-trixie-slim AS build
WORKDIR /assay
COPY package.json package-lock.json .npmrc ./
# type declarations and source maps are for editors: half of what npm installs
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && find node_modules \( -name '*.d.ts' -o -name '*.d.cts' -o -name '*.d.mts' -o -name '*.map' \) -delete
COPY bin bin
COPY charts charts
COPY crds crds
COPY harnesses harnesses
COPY operator operator

FROM node:24-trixie-slim
LABEL org.opencontainers.image.title="Assay" \
      org.opencontainers.image.description="A Kubernetes operator for benchmarking LLM serving" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0"
COPY .build/bin/helm /usr/local/bin/helm
RUN ["helm", "version", "--short"]
COPY --from=build /assay /assay
# the root file system may be read-only: what is written goes below HOME, where the chart mounts a volume
ENV NODE_ENV=production HOME=/tmp
WORKDIR /assay
# Compiled code is kept in the image for the two users that run it, so that a pod starts in a fraction of the time and never loads the
# compiler of types, which would stay in its memory; young objects get little room, for most of ours live for good. make bench measures both.
ENV NODE_COMPILE_CACHE=/assay/.cache NODE_OPTIONS=--max-semi-space-size=4
RUN ["install", "-d", "-m", "1777", "/assay/.cache"]
USER 1000:1000
RUN for role in prepare collector probe; do node --disable-warning=ExperimentalWarning operator/main.ts $role --help >/dev/null || exit 1; done
USER 65532:65532
RUN for role in controller results-server; do node --disable-warning=ExperimentalWarning operator/main.ts $role --help >/dev/null || exit 1; done
# by number, so that runAsNonRoot can be checked
USER 65532:65532
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "/assay/operator/main.ts"]
