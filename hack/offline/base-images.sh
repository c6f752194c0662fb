# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The stand-ins of published base images, under the published names so that Dockerfiles need not know: Debian by debootstrap, Node from
# npm, Python from Debian.

built_here=assay.dev/built-by=hack/offline      # tells a stand-in from what a registry serves

# Each takes the name to give the image.
build_debian_image() {
  local folder
  progress 'installing debootstrap'
  install_packages debootstrap ca-certificates
  folder=$(mktemp -d)
  progress 'debootstrap'
  # shellcheck disable=SC2046  # no mirror known means no argument
  debootstrap --variant=minbase --include=ca-certificates "$debian_suite" "$folder" $(debian_mirror)
  rm -rf "$folder"/var/cache/apt/archives/*.deb "$folder"/var/lib/apt/lists/*
  # like the published image, which keeps neither packages nor indexes of what is installed into it
  cat >"$folder/etc/apt/apt.conf.d/keep-nothing" <<'A'
Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };
A
  # behind a proxy that signs for others, an image has to trust whom its host trusts
  cp /etc/ssl/certs/ca-certificates.crt "$folder/etc/ssl/certs/ca-certificates.crt"
  tar -C "$folder" -c . | docker import --change 'CMD ["bash"]' --change "LABEL $built_here" - "$1"
  rm -rf "$folder"
}

# The mirror that this host's own packages come from; nothing where apt does not say, and then debootstrap's own.
debian_mirror() {
  apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 2>/dev/null | head -n 1
}

build_node_base_image() {
  local context
  context=$(mktemp -d)
  progress 'fetching from npm'
  npm install --silent --no-audit --no-fund --prefix "$context" "node@$node_version" "npm@$npm_version"
  cp -L "$context/node_modules/node/bin/node" "$context/node"
  mv "$context/node_modules/npm" "$context/npm"
  rm -rf "$context/node_modules"
  build_image "$1" "$hack/offline/base-images/node.Dockerfile" "$context"
  rm -rf "$context"
}

build_python_base_image() {
  build_image "$1" "$hack/offline/base-images/python.Dockerfile" "$hack/offline/base-images"
}

# build_image NAME DOCKERFILE CONTEXT
build_image() {
  progress 'building'
  docker build --quiet --label "$built_here" "${proxy_arguments[@]}" --tag "$1" --file "$2" "$3"
}
