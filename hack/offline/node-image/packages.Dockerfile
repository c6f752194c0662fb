# The packages of a kind node, as kind's own base image has them, but containerd, runc and the CNI plugins are Debian's.
FROM debian:trixie-slim
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends \
      systemd systemd-sysv dbus conntrack iptables nftables iproute2 ethtool socat util-linux mount ebtables kmod procps libseccomp2 pigz \
      jq bash ca-certificates curl hostname containerd runc containernetworking-plugins \
 && rm -rf /var/lib/apt/lists/* \
 && rm -f /lib/systemd/system/sysinit.target.wants/systemd-tmpfiles-setup.service /lib/systemd/system/multi-user.target.wants/* \
      /etc/systemd/system/*.wants/* /lib/systemd/system/local-fs.target.wants/* /lib/systemd/system/sockets.target.wants/*udev* \
      /lib/systemd/system/sockets.target.wants/*initctl* /lib/systemd/system/basic.target.wants/* \
 && echo ReadKMsg=no >>/etc/systemd/journald.conf
