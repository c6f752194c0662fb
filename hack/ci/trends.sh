#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Adds a run to a history and draws the trends: SITE/index.html, SITE/trends.md, SITE/report.html; exit code 5 where something got worse.
#   hack/ci/trends.sh HISTORY RUN SITE [options of assay history append]
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

[[ $# -ge 3 ]] || fail 'usage: hack/ci/trends.sh HISTORY RUN SITE [options of assay history append]'
history=$1 run=$2 site=$3
shift 3
mkdir -p "$site"
"$root/bin/assay" history append "$history" "$run" "$@"
"$root/bin/assay" trends "$history" --output html >"$site/index.html"
[[ ! -e $run/report.html ]] || cp "$run/report.html" "$site/report.html"
"$root/bin/assay" trends "$history" --output markdown --fail-on worse >"$site/trends.md"
