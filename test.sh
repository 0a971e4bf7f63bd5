#!/usr/bin/env bash
# Everything that must pass: format, vet, staticcheck, all tests, and every fuzz target for a few seconds.
# Usage: ./test.sh            all of it
#        ./test.sh fuzz 5m    every fuzz target for so long (the long run behind "done")
set -euo pipefail
cd "$(dirname "$0")"

need() { command -v "$1" >/dev/null 2>&1; }
if ! need g++; then
	echo "== installing g++"
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq g++ >/dev/null
fi
need go || { echo "Go 1.26 is missing: https://go.dev/dl" >&2; exit 1; }

# fuzz_all DURATION runs each fuzz target of each package for that long.
fuzz_all() {
	local pkg target
	for pkg in $(go list ./...); do
		for target in $(go test -list '^Fuzz' "$pkg" | grep '^Fuzz' || true); do
			echo "== fuzz $pkg $target $1"
			go test "$pkg" -run '^$' -fuzz "^$target\$" -fuzztime "$1" -fuzzminimizetime 10x | tail -n 3
		done
	done
}

if [ "${1:-}" = fuzz ]; then
	fuzz_all "${2:-5m}"
	exit
fi

echo "== format"
unformatted=$(go tool gofumpt -l .)
[ -z "$unformatted" ] || { echo "not gofumpt'ed:"; echo "$unformatted"; exit 1; }
echo "== go.mod"
go mod tidy -diff
echo "== vet"
go vet ./...
echo "== staticcheck"
go tool staticcheck ./...
echo "== fuzz, briefly"
fuzz_all 3s
echo "== tests"
go test -race ./...
