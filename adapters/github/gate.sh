#!/usr/bin/env bash
# One gate of action.yml: turns its inputs, which come as GATE_… variables, into arguments, and ends as slogate does. Every
# other way out is exit 2, before anybody was asked.
set -euo pipefail

# No text from outside is in what this prints: a runner obeys commands in the log.
fail() {
  printf '::error title=slogate::%s\n' "$1"
  exit 2
}

[[ -n ${GATE_POLICY:-} ]] || fail "The input 'policy' is empty; it takes the path of a ReleasePolicy file."
[[ -n ${RUNNER_TEMP:-} ]] || fail 'RUNNER_TEMP is not set; this action runs on a runner of GitHub Actions.'

# NAME=VALUE in one argument, so that no value is taken for another option.
arguments=(check --adapter=github "--policy=$GATE_POLICY")

while IFS= read -r line; do
  # A block in YAML may bring blanks and empty lines along, a file from elsewhere CR.
  read -r file <<<"${line%$'\r'}"
  [[ -z $file ]] || arguments+=("--slos=$file")
done <<<"${GATE_SLOS:-}"

for name in service environment artifact version commit change ticket deadline; do
  variable=GATE_${name^^}
  [[ -z ${!variable:-} ]] || arguments+=("--$name=${!variable}")
done

case ${GATE_DRY_RUN:-} in
true) arguments+=(--dry-run) ;;
false | '') ;;
*) fail "The input 'dry-run' must be true or false." ;;
esac

folder=$(mktemp -d "$RUNNER_TEMP/slogate.XXXXXX") || fail 'RUNNER_TEMP cannot be written.'
[[ ${GATE_DECISION:-} != - ]] || fail "The input 'decision' must be a file; on the log the decision would be nobody's."
arguments+=("--json=${GATE_DECISION:-$folder/decision.json}")

# What fetch.sh says is shown so that the runner obeys none of it; slogate sees to that itself.
show() {
  local token
  [[ -s $folder/stderr ]] || return 0
  token=slogate-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$token"
  cat "$folder/stderr"
  printf '\n::%s::\n' "$token"
}

if [[ -n ${SLOGATE_URL:-}${SLOGATE_SHA256:-} ]]; then
  slogate=$(SLOGATE_FOLDER=$folder/bin "${BASH_SOURCE[0]%/*}/../fetch.sh" 2>"$folder/stderr") || {
    show
    fail 'slogate could not be had; the lines above say why.'
  }
else
  slogate=$(command -v slogate) ||
    fail "slogate is not on PATH; put it on the runner, or give the inputs 'slogate-url' and 'slogate-sha256'."
fi

exec "$slogate" "${arguments[@]}"
