#!/bin/sh
# Sees to it that there is a Chromium for the tests: Debian's, where this may install it. Without one the tests that
# need it are skipped, and say so; on CI that is an error.
set -eu
node "$(dirname "$0")/browser.mjs" >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	echo "installing Chromium"
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null && exit 0
fi
echo "There is no Chromium, and it can't be installed here: what needs it is skipped. (apt-get install chromium, or CHROMIUM=path)"
[ -z "${CI:-}" ]
