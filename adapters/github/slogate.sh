# shellcheck shell=bash
# shellcheck disable=SC2034 # slogate is for who reads this
# What the scripts of the actions share; they read it with `source`.

# No text from outside is in what this prints: a runner obeys commands in the log.
fail() {
  printf '::error title=slogate::%s\n' "$1"
  exit 2
}

# Sets `folder` to a new one of this step.
make_folder() {
  [[ -n ${RUNNER_TEMP:-} ]] || fail 'RUNNER_TEMP is not set; this action runs on a runner of GitHub Actions.'
  folder=$(mktemp -d "$RUNNER_TEMP/slogate.XXXXXX") || fail 'RUNNER_TEMP cannot be written.'
}

# What fetch.sh says is shown so that the runner obeys none of it; slogate sees to that itself.
show() {
  local token
  [[ -s $1 ]] || return 0
  token=slogate-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$token"
  cat "$1"
  printf '\n::%s::\n' "$token"
}

# Sets `slogate` to the program: that of the archive, put into `folder` and on the PATH of later steps, or the one
# that is on PATH already.
get_slogate() {
  if [[ -z ${SLOGATE_URL:-}${SLOGATE_SHA256:-} ]]; then
    slogate=$(command -v slogate) ||
      fail "slogate is not on PATH; put it on the runner, or give the inputs 'slogate-url' and 'slogate-sha256'."
    return 0
  fi
  slogate=$(SLOGATE_FOLDER=$folder/bin "${BASH_SOURCE[0]%/*}/../fetch.sh" 2>"$folder/stderr") || {
    show "$folder/stderr"
    fail 'slogate could not be had; the lines above say why.'
  }
  [[ -z ${GITHUB_PATH:-} ]] || printf '%s\n' "$folder/bin" >>"$GITHUB_PATH" || fail 'GITHUB_PATH cannot be written.'
}
