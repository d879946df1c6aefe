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
[[ ${GATE_APPROVER_VARIABLE:-} =~ $is_name ]] || fail 'the parameter approver-variable must be the name of a variable'
[[ ${GATE_ARTIFACT_VARIABLE:-} =~ $is_name ]] || fail 'the parameter artifact-variable must be the name of a variable'
[[ ${GATE_TOKEN_VARIABLE:-} =~ $is_name ]] || fail 'the parameter token must be the name of a variable, not a secret'
: "${GATE_ARTIFACT:=${!GATE_ARTIFACT_VARIABLE:-}}"
[[ $GATE_TOKEN_VARIABLE == PROMETHEUS_TOKEN ]] || export PROMETHEUS_TOKEN=${!GATE_TOKEN_VARIABLE:-}

for name in service environment artifact version commit change ticket deadline ledger wait \
  override-reason override-ticket; do
  variable=${name//-/_}
  variable=GATE_${variable^^}
  [[ -z ${!variable:-} ]] || arguments+=("--$name=${!variable}")
done

# Without a reason nobody was asked for anything, whoever clicked on what.
if [[ -n ${GATE_OVERRIDE_REASON:-} && -n ${!GATE_APPROVER_VARIABLE:-} ]]; then
  arguments+=("--approved-by=${!GATE_APPROVER_VARIABLE}")
fi

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

# What an earlier gate of the job has let go is not what this one lets go.
[[ -z ${BASH_ENV:-} ]] || echo 'unset SLOGATE_GATE_DECISION' >>"$BASH_ENV" || fail 'BASH_ENV cannot be written'
"$slogate" "${arguments[@]}"

# The command `record` needs the decision's id, and slogate. The document is one line of JSON; what others have written
# stands in its texts, where a quote has a backslash.
if [[ -n ${BASH_ENV:-} && $GATE_DRY_RUN != 1 && $GATE_DRY_RUN != true ]]; then
  decision=$(sed -n 's/.*[{,]"id":"\(sha256:[0-9a-f]*\)".*/\1/p' "$results/decision.json")
  printf 'export SLOGATE_GATE_DECISION=%q SLOGATE_GATE_PROGRAM=%q SLOGATE_GATE_LEDGER=%q\n' \
    "$decision" "$slogate" "${GATE_LEDGER:-}" >>"$BASH_ENV"
  trap - EXIT
fi
