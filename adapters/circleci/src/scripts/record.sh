#!/usr/bin/env bash
# One of the two steps of the command `record`. What it needs, the command `check` has left in BASH_ENV.
set -euo pipefail

if [[ -z ${SLOGATE_GATE_DECISION:-} ]]; then
  printf 'slogate: no gate let a release go in this job, so there is nothing to record\n'
  exit 0
fi
# Should this fail, the release is out all the same: it must not be told as a failed one.
[[ $RESULT != deployed ]] || echo 'unset SLOGATE_GATE_DECISION' >>"$BASH_ENV"
arguments=(record "--decision=$SLOGATE_GATE_DECISION" "--result=$RESULT")
[[ -z ${SLOGATE_GATE_LEDGER:-} ]] || arguments+=("--ledger=$SLOGATE_GATE_LEDGER")
exec "$SLOGATE_GATE_PROGRAM" "${arguments[@]}"
