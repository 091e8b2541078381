#!/bin/sh
# Installs the system libraries named as arguments where they are missing, and says which.
# Asks for sudo only if this is not root; does nothing where everything is there.
set -eu

if ! command -v dpkg-query >/dev/null 2>&1; then
  echo "This system has no Debian packages; install by hand what provides: $*" >&2
  exit 0
fi

missing=""
for package in "$@"; do
  status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [ "$status" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "Installing the system libraries that are missing:$missing"
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
$as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
