#!/usr/bin/env bash
# The one step of the command `approver`: from the workflow's jobs to the one approval, to who gave it, to the login. An
# answer that is not just what it must be ends this with exit 2, and nobody has approved.
set -euo pipefail

fail() {
  printf 'slogate: %s\n' "$*" >&2
  exit 2
}

for tool in curl jq mktemp; do
  type -P "$tool" >/dev/null || fail "asking who approved needs the program $tool, which is not on PATH"
done
is_name='^[A-Za-z_][A-Za-z0-9_]*$'
[[ ${TOKEN_VARIABLE:-} =~ $is_name ]] || fail 'the parameter token must be the name of a variable, not a secret'
[[ ${APPROVER_VARIABLE:-} =~ $is_name ]] || fail 'the parameter variable must be the name of a variable'
[[ -n ${APPROVAL:-} ]] || fail 'the parameter approval is empty; it takes the name of an approval job'
[[ -n ${BASH_ENV:-} ]] || fail 'BASH_ENV is not set; this is for jobs of CircleCI'
is_id='^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
[[ ${CIRCLE_WORKFLOW_ID:-} =~ $is_id ]] || fail 'CIRCLE_WORKFLOW_ID is no id of a workflow'
token=${!TOKEN_VARIABLE:-}
[[ $token =~ ^[A-Za-z0-9_.-]+$ ]] || fail "the variable $TOKEN_VARIABLE holds no token of CircleCI's API"
case ${API:-} in
https://*) protocol='=https' ;;
http://127.0.0.1:*) protocol='=http' ;;
*) fail 'the parameter api takes an https URL' ;;
esac
[[ $API =~ ^https?://[A-Za-z0-9./:_-]+$ ]] || fail 'the parameter api holds characters that no such URL has'

work=$(mktemp -d) || fail 'no folder for temporary files; set TMPDIR'
trap 'rm -rf "$work"' EXIT

# ask PATH: sets `answer`. No redirect: the token would go along. The token goes by stdin: other users of the machine can
# read arguments.
ask() {
  local status
  status=$(printf 'header = "Circle-Token: %s"\n' "$token" |
    curl --disable --config - --silent --show-error --globoff --proto "$protocol" --max-redirs 0 --noproxy '*' \
      --connect-timeout 10 --max-time 30 --retry 2 --max-filesize 4000000 --header 'Accept: application/json' \
      --output "$work/answer" --write-out '%{http_code}' "$API/$1") || fail "CircleCI's API could not be asked for $1"
  [[ $status == 200 ]] || fail "CircleCI's API answered $status for $1, expected 200: may the token read this project?"
  # One value, and not several in a row of which the first would do.
  answer=$(jq --slurp --compact-output 'if length == 1 then .[0] else error("not one value") end' \
    "$work/answer" 2>/dev/null) || fail "CircleCI's API answered no JSON for $1"
}

approver=
# pick FILTER WRONG: sets `picked` to the one plain word that the filter makes of the answer.
pick() {
  picked=$(printf '%s' "$answer" | jq --raw-output --exit-status --arg name "$APPROVAL" --arg id "$approver" \
    "$1 | if type == \"string\" and (explode | all(. > 32 and . < 127)) then . else error(\"no word\") end" \
    2>/dev/null) || fail "$2"
}

ask "workflow/$CIRCLE_WORKFLOW_ID/job"
# shellcheck disable=SC2016 # $name and $id are jq's
pick 'if has("next_page_token") and .next_page_token != null then error("more") else . end
  | [.items[] | select(.name == $name)]
  | if length == 1 then .[0] else error("not one") end
  | if .type == "approval" and .status == "success" then .approved_by else error("not approved") end' \
  "the workflow has no single approval job $APPROVAL that somebody has approved, among at most one page of jobs"
approver=$picked
[[ $approver =~ $is_id ]] || fail "CircleCI does not say who approved $APPROVAL"

ask "user/$approver"
# shellcheck disable=SC2016
pick 'if .id == $id then .login else error("somebody else") end' "CircleCI does not know the user $approver"
# As GitHub, Bitbucket and GitLab allow; no character that a shell, a log or a ledger would take for anything else.
[[ $picked =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$ ]] || fail "the login of the user $approver is none"

printf 'export %s=%q\n' "$APPROVER_VARIABLE" "$picked" >>"$BASH_ENV" || fail 'BASH_ENV cannot be written'
printf '%s was approved by %s (%s)\n' "$APPROVAL" "$picked" "$approver"
