#!/usr/bin/env bash
# Gets slogate from a release archive and prints the path of the program. Nothing of the archive is unpacked or run
# before its SHA-256 is the expected one. Everything comes by the environment:
#
#   SLOGATE_URL      a tar.gz that holds `slogate`, and beside it LICENSE and NOTICE at most
#   SLOGATE_SHA256   the archive's SHA-256, 64 hex digits
#   SLOGATE_FOLDER   where the program goes; made if it is not there
#
# Exit 2 and a text on stderr for whatever goes wrong; then a program that was in SLOGATE_FOLDER is as it was.
set -euo pipefail

fail() {
  printf 'slogate: %s\n' "$*" >&2
  exit 2
}

for name in SLOGATE_URL SLOGATE_SHA256 SLOGATE_FOLDER; do
  [[ -n ${!name:-} ]] || fail "$name is not set; it takes a URL, a SHA-256 and a folder to get slogate"
done
for tool in curl sha256sum tar gzip mktemp; do
  command -v "$tool" >/dev/null || fail "getting slogate needs the program $tool, which is not on PATH"
done

digest=${SLOGATE_SHA256,,}
[[ $digest =~ ^[0-9a-f]{64}$ ]] || fail 'SLOGATE_SHA256 must be the 64 hex digits of a SHA-256'

url_characters="^[][A-Za-z0-9._~:/?#@!\$&'()*+,;=%-]+\$"
[[ $SLOGATE_URL =~ $url_characters ]] || fail 'SLOGATE_URL holds characters that no URL has'
# What is shown of it leaves out the parts that may be secret.
shown=${SLOGATE_URL%%[?#]*}
[[ ! $shown =~ ^(https?://)[^/]*@(.*)$ ]] || shown=${BASH_REMATCH[1]}${BASH_REMATCH[2]}
case $SLOGATE_URL in
https://*) protocols='=https' ;;
http://*)
  # The digest would still hold, but whoever sits on the way could keep the gate from running at all.
  [[ $SLOGATE_URL =~ ^http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?(/.*)?$ ]] ||
    fail "$shown is not https; plain http is for loopback only"
  protocols='=http,https'
  ;;
*) fail "$shown is no https URL" ;;
esac

mkdir -p -- "$SLOGATE_FOLDER" || fail "the folder $SLOGATE_FOLDER cannot be made"
# In the same folder, so that the last step is a rename: whoever looks sees the old program or the new one.
work=$(mktemp -d -- "$SLOGATE_FOLDER/.slogate.XXXXXX") || fail "the folder $SLOGATE_FOLDER cannot be written"
trap 'rm -rf -- "$work"' EXIT

# The URL goes by stdin: other users of the machine can read arguments.
printf 'url = "%s"\n' "$SLOGATE_URL" |
  curl --disable --config - --fail --silent --show-error --globoff --location --max-redirs 5 \
    --proto "$protocols" --proto-redir '=https' --connect-timeout 20 --max-time 300 --retry 2 \
    --output "$work/archive" >&2 || fail "$shown could not be downloaded (redirects must be https)"

actual=$(sha256sum <"$work/archive") || fail "the archive could not be read"
[[ ${actual%% *} == "$digest" ]] ||
  fail "the archive at $shown has the SHA-256 ${actual%% *}, expected $digest: do not use it before you know why"

members=$(tar --list --gzip --file "$work/archive") || fail "$shown is no tar.gz"
found=0
while IFS= read -r member; do
  case $member in
  slogate) found=$((found + 1)) ;;
  LICENSE | NOTICE) ;;
  *) fail "the archive at $shown holds $(printf '%q' "$member"); only slogate, LICENSE and NOTICE may be there" ;;
  esac
done <<<"$members"
((found == 1)) || fail "the archive at $shown holds slogate $found times, expected once"

# Only bytes are taken, no names, modes or links.
tar --extract --gzip --to-stdout --file "$work/archive" slogate >"$work/slogate" ||
  fail "the archive at $shown could not be unpacked"
[[ -s $work/slogate ]] || fail "slogate is empty or a link in the archive at $shown"
chmod 755 "$work/slogate"
mv -fT -- "$work/slogate" "$SLOGATE_FOLDER/slogate" || fail "$SLOGATE_FOLDER/slogate cannot be replaced"
printf '%s\n' "$SLOGATE_FOLDER/slogate"
