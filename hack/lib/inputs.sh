# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What an image is made of: reads the Dockerfile, so that what is copied and what is fingerprinted cannot drift apart.

# copied_paths DOCKERFILE: the sources of COPY and ADD that come from the build context.
copied_paths() {
  awk '
    /\\$/ { sub(/\\$/, ""); held = held $0; next }
    { line = held $0; held = ""; count = split(line, word, /[ \t]+/); first = 2
      if (toupper(word[1]) !~ /^(COPY|ADD)$/) next
      while (word[first] ~ /^--/) { if (word[first] ~ /^--from=/) next; first++ }
      for (i = first; i < count; i++) print word[i] }' "$1" | sort -u
}

# base_images DOCKERFILE: what it is FROM, its own stages and the empty image apart.
base_images() {
  awk '
    toupper($1) == "FROM" { image = ($2 ~ /^--/) ? $3 : $2; if (image != "scratch" && !(image in stage)) print image; if (toupper($(NF - 1)) == "AS") stage[$NF] }
  ' "$1" | sort -u
}

# fingerprint FOLDER PATH…: one hash over names, modes and contents. What git ignores counts when it is named itself; tests never count.
fingerprint() (
  cd "$1" || exit
  shift
  files=$(files_below "$@" | grep -vE '(\.test\.ts|(^|/)testdata/.*)$' | LC_ALL=C sort -u)
  { xargs -d '\n' stat --format '%a %n' && xargs -d '\n' sha256sum <<<"$files"; } <<<"$files" | sha256sum | cut -d ' ' -f 1
)

files_below() {
  local path
  { git ls-files --cached --others --exclude-standard -- "$@" 2>/dev/null || find "$@" -type f; printf '%s\n' "$@"; } |
    while IFS= read -r path; do [[ ! -f $path ]] || printf '%s\n' "$path"; done
}
