#!/bin/sh
# The main job, on a copy of a real project: the x/tools module, which the tests
# of this repository use and Go has already fetched.
set -eu
sandbox=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
module=$(go list -m -f '{{.Dir}}' golang.org/x/tools)
project=$(mktemp -d)
trap 'chmod -R u+w "$project"; rm -rf "$project"' EXIT
cp -R "$module/txtar" "$module/go" "$project"
chmod -R u+w "$project"
cd "$project"
before=$(find . -type f -exec cksum {} + | cksum)

run() { printf '\n\033[1m$ %s\033[0m\n' "$*"; "$@"; }

echo "A real project: $(find . -type f | wc -l) files of golang.org/x/tools, seen by the sandbox as /work."
run "$sandbox" exec -- ls -l
run "$sandbox" sh -c 'grep -rn "TODO(adonovan)" --include="*.go" . | wc -l'
run "$sandbox" sh -c 'find . -name "*.go" -print0 | xargs -0 cat | awk "{ n[length(\$0) > 100]++ } END { print n[1], \"long lines of\", n[0] + n[1] }"'
run "$sandbox" sh --diff -c '
  sed -i "s/TODO(adonovan)/TODO(you)/" $(grep -rl "TODO(adonovan)" txtar go/types/typeutil)
  mkdir notes
  find . -name "*_test.go" | sort | head -5 > notes/tests.txt
  rm txtar/archive_test.go
  wc -l notes/tests.txt'
printf '\nThe same as a patch that git apply takes (its first lines):\n'
"$sandbox" sh --patch -c 'sed -i "s/^package txtar$/package archive/" txtar/*.go' | head -12
printf '\nNothing outside was touched: '
after=$(find . -type f -exec cksum {} + | cksum)
[ "$before" = "$after" ] && echo "every file of the project is as it was." || { echo "files CHANGED"; exit 1; }
run "$sandbox" sh -c 'cat /etc/passwd; env | sort | head -3; ls /home' 
printf '\nAn endless loop ends:\n'
run "$sandbox" sh -timeout 1s -c 'while :; do :; done' || echo "exit status $?"
