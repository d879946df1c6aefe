#!/usr/bin/env bash
# One gate of the command `check`: turns its parameters, which come as GATE_… variables, into arguments of slogate, and
# ends as slogate does. Every other way out is exit 2, before anybody was asked.
set -euo pipefail

fail() {
  printf 'slogate: %s\n' "$*" >&2
  exit 2
}

[[ -n ${GATE_POLICY:-} ]] || fail 'the parameter policy is empty; it takes the path of a ReleasePolicy file'
[[ -n ${GATE_RESULTS:-} ]] || fail 'the parameter results is empty; it takes a folder'

# NAME=VALUE in one argument, so that no value is taken for another option.
arguments=(check --adapter=circleci "--policy=$GATE_POLICY")

# A block in YAML may bring blanks and empty lines along, a file from elsewhere CR. No here-string: the orb's packer has
# to escape them.
while read -r file; do
  file=${file%$'\r'}
  [[ -z $file ]] || arguments+=("--slos=$file")
done < <(printf '%s\n' "${GATE_SLOS:-}")

is_name='^[A-Za-z_][A-Za-z0-9_]*$'
[[ ${GATE_ARTIFACT_VARIABLE:-} =~ $is_name ]] || fail 'the parameter artifact-variable must be the name of a variable'
[[ ${GATE_TOKEN_VARIABLE:-} =~ $is_name ]] || fail 'the parameter token must be the name of a variable, not a secret'
: "${GATE_ARTIFACT:=${!GATE_ARTIFACT_VARIABLE:-}}"
[[ $GATE_TOKEN_VARIABLE == PROMETHEUS_TOKEN ]] || export PROMETHEUS_TOKEN=${!GATE_TOKEN_VARIABLE:-}

for name in service environment artifact version commit change ticket deadline; do
  variable=GATE_${name^^}
  [[ -z ${!variable:-} ]] || arguments+=("--$name=${!variable}")
done

case ${GATE_DRY_RUN:-} in
1 | true) arguments+=(--dry-run) ;; # CircleCI writes a boolean as 1 or 0
0 | false) ;;
*) fail 'the parameter dry-run must be true or false' ;;
esac

# What an earlier gate left there must not be stored as what this one said.
results=$GATE_RESULTS
[[ $results == /* ]] || results=./$results
if ! mkdir -p "$results" || ! rm -f "$results"/{decision.json,junit.xml,summary.md}; then
  fail "the folder $GATE_RESULTS cannot be written"
fi
arguments+=("--json=$results/decision.json" --output "junit=$results/junit.xml"
  --output "markdown=$results/summary.md")

if [[ -n ${SLOGATE_URL:-}${SLOGATE_SHA256:-} ]]; then
  SLOGATE_FOLDER=$(mktemp -d) || fail 'no folder for temporary files; set TMPDIR'
  trap 'rm -rf "$SLOGATE_FOLDER"' EXIT
  export SLOGATE_FOLDER
  # The packer writes a here-string's < with a backslash, and only for what is run itself is CircleCI known to take it off.
  slogate=$(bash -c "${GATE_FETCH//'\<'/<}") || fail 'slogate could not be had; the lines above say why'
else
  # A file: what else has this name, such as a function of BASH_ENV, is not it.
  slogate=$(type -P slogate) ||
    fail 'slogate is not on PATH; use an image that has it, or the parameters slogate-url and slogate-sha256'
fi

"$slogate" "${arguments[@]}"
