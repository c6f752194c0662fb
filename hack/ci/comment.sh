#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes a Markdown file as a comment of a pull request or a merge request; the comment that it wrote before is replaced.
#   hack/ci/comment.sh github FILE NUMBER       with gh, GH_TOKEN and GITHUB_REPOSITORY
#   hack/ci/comment.sh gitlab FILE NUMBER       with curl, ASSAY_API_TOKEN (scope api), CI_API_V4_URL and CI_PROJECT_ID
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

# What tells our comment from those of others; a reader does not see it.
mark='<!-- assay -->'
most_bytes=60000                                           # either platform takes about 65,000 characters

body_of() {
  printf '%s\n' "$mark"
  head -c "$most_bytes" "$1"
  (($(wc -c <"$1") <= most_bytes)) || printf '\n\nCut off here; the report has all of it.\n'
}

on_github() {
  local file=$1 number=$2 id
  local comments=repos/$GITHUB_REPOSITORY/issues
  id=$(gh api --paginate "$comments/$number/comments" --jq ".[] | select(.body | startswith(\"$mark\")) | .id" | head -n 1)
  if [[ -n $id ]]; then gh api --silent --method PATCH "$comments/comments/$id" --field body=@"$file"
  else gh api --silent --method POST "$comments/$number/comments" --field body=@"$file"; fi
}

on_gitlab() {
  local file=$1 number=$2 id
  local notes=$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$number/notes
  id=$(gitlab "$notes?per_page=100" | node -e '
    const notes = JSON.parse(require("fs").readFileSync(0, "utf8"))
    console.log(notes.find((n) => n.body.startsWith(process.argv[1]))?.id ?? "")' "$mark")
  if [[ -n $id ]]; then gitlab --request PUT --data-urlencode "body@$file" "$notes/$id" >/dev/null
  else gitlab --request POST --data-urlencode "body@$file" "$notes" >/dev/null; fi
}

# The token comes by standard input, so that no list of processes shows it.
gitlab() { curl --fail --silent --show-error --config <(printf 'header = "PRIVATE-TOKEN: %s"\n' "$ASSAY_API_TOKEN") "$@"; }

[[ $# -eq 3 && $1 =~ ^(github|gitlab)$ && -r $2 && $3 =~ ^[0-9]+$ ]] || fail 'usage: hack/ci/comment.sh github|gitlab FILE NUMBER'
body=$(mktemp)
trap 'rm -f "$body"' EXIT
body_of "$2" >"$body"
"on_$1" "$body" "$3"
