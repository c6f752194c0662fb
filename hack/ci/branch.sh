#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A history on a branch of its own, beside the checkout: fetched before a run is added to it, pushed after.
#   hack/ci/branch.sh fetch BRANCH FOLDER       FOLDER becomes a work tree of the branch, which is made where it is not there
#   hack/ci/branch.sh push BRANCH FOLDER        commits what is new and pushes it; who was faster is merged, since every run has a file of its own
# It works in the repository of the current directory, with the remote REMOTE (default: origin).
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

remote=${REMOTE:-origin}
tries=5

fetch_branch() {
  local branch=$1 folder=$2
  git worktree prune
  if git fetch --quiet "$remote" "+refs/heads/$branch:refs/remotes/$remote/$branch" 2>/dev/null; then
    git worktree add --quiet -B "$branch" "$folder" "$remote/$branch"
  else
    # Git before 2.42 makes no work tree of a branch that is not there yet.
    git worktree add --quiet --detach --no-checkout "$folder"
    git -C "$folder" checkout --quiet --orphan "$branch"
    git -C "$folder" read-tree --empty
  fi
}

push_branch() {
  local branch=$1 folder=$2 try
  git -C "$folder" add --all
  if git -C "$folder" diff --cached --quiet; then say 'nothing new in the history'; return; fi
  git -C "$folder" -c user.name=assay -c user.email=assay@localhost commit --quiet --message 'Add a run to the history'
  for ((try = 1; try <= tries; try++)); do
    if git -C "$folder" push --quiet "$remote" "HEAD:refs/heads/$branch"; then return; fi
    git -C "$folder" fetch --quiet "$remote" "$branch"
    git -C "$folder" -c user.name=assay -c user.email=assay@localhost rebase --quiet FETCH_HEAD
  done
  fail "the branch $branch could not be pushed" 'May this job write to the repository?'
}

[[ $# -eq 3 && $1 =~ ^(fetch|push)$ ]] || fail 'usage: hack/ci/branch.sh fetch|push BRANCH FOLDER'
"${1}_branch" "$2" "$3"
