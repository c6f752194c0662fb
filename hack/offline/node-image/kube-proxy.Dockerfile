# What kube-proxy calls; the command itself is added when it has been compiled.
FROM debian:trixie-slim
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends conntrack ipset iptables kmod nftables \
 && rm -rf /var/lib/apt/lists/*
