#!/usr/bin/env bash
# One gate of action.yml: turns its inputs, which come as GATE_… variables, into arguments, and ends as slogate does. Every
# other way out is exit 2, before anybody was asked.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=slogate.sh
source "${BASH_SOURCE[0]%/*}/slogate.sh"

[[ -n ${GATE_POLICY:-} ]] || fail "The input 'policy' is empty; it takes the path of a ReleasePolicy file."
make_folder

# NAME=VALUE in one argument, so that no value is taken for another option.
arguments=(check --adapter=github "--policy=$GATE_POLICY")

while IFS= read -r line; do
  # A block in YAML may bring blanks and empty lines along, a file from elsewhere CR.
  read -r file <<<"${line%$'\r'}"
  [[ -z $file ]] || arguments+=("--slos=$file")
done <<<"${GATE_SLOS:-}"

for name in service environment artifact version commit change ticket deadline ledger wait \
  override-reason override-ticket; do
  variable=${name//-/_}
  variable=GATE_${variable^^}
  [[ -z ${!variable:-} ]] || arguments+=("--$name=${!variable}")
done

case ${GATE_DRY_RUN:-} in
true) arguments+=(--dry-run) ;;
false | '') ;;
*) fail "The input 'dry-run' must be true or false." ;;
esac

[[ ${GATE_DECISION:-} != - ]] || fail "The input 'decision' must be a file; on the log the decision would be nobody's."
arguments+=("--json=${GATE_DECISION:-$folder/decision.json}")

get_slogate
exec "$slogate" "${arguments[@]}"
