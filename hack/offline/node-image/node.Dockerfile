# A kind node: the packages, kind's own files, and Kubernetes. Its container images are imported afterwards.
FROM assay.dev/kind-node-packages
COPY files/usr/local/bin/ /usr/local/bin/
COPY files/kind/ /kind/
COPY files/etc/ /etc/
COPY runc-with-available-caps /usr/local/sbin/runc
COPY default-storage.yaml default-cni.yaml /kind/manifests/
COPY bridge.conflist /etc/cni/net.d/10-bridge.conflist
# oom scores: a host that lacks CAP_SYS_RESOURCE may not lower them
RUN chmod -R 755 /usr/local/bin /kind/bin \
 && for binary in containerd ctr containerd-shim-runc-v2; do ln -sf /usr/bin/$binary /usr/local/bin/$binary; done \
 && mkdir -p /opt/cni/bin /etc/kubernetes/manifests && cp -a /usr/lib/cni/* /opt/cni/bin/ \
 && ctr oci spec \
    | jq '.hooks.createContainer += [{ path: "/kind/bin/mount-product-files.sh" }] | del(.process.rlimits)' >/etc/containerd/cri-base.json \
 && sed -i 's/restrict_oom_score_adj = false/restrict_oom_score_adj = true/' /etc/containerd/config.toml \
 && systemctl enable kubelet.service containerd.service undo-mount-hacks.service && systemctl mask systemd-binfmt.service
COPY kubelet kubeadm kubectl /usr/bin/
ARG kubernetes_version
RUN echo "v$kubernetes_version" >/kind/version
ENV container=docker
STOPSIGNAL SIGRTMIN+3
ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]
