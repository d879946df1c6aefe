#!/usr/bin/env bash
# The one step of setup's action.yml. Exit 2 where slogate cannot be had.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../slogate.sh
source "${BASH_SOURCE[0]%/*}/../slogate.sh"

make_folder
get_slogate
"$slogate" version || fail 'slogate does not run here; it is made for Linux.'
