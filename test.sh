#!/usr/bin/env bash
# Everything that must pass: format, vet, staticcheck, all tests, and every fuzz target for a few seconds.
# Usage: ./test.sh                         all of it
# The long runs behind "done", each alone on the machine:
#        ./test.sh fuzz 5m                 every fuzz target for so long
#        ./test.sh kill 50                 kill imports and updates at random points so many times
#        ./test.sh bench-import [FILE]     import against the database's own CREATE TABLE AS, by turns; 100,000 conversations
#        ./test.sh bench-page [SESSIONS]   every question of the summary page; 10 million sessions
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

case "${1:-}" in
"") ;;
fuzz)
	fuzz_all "${2:-5m}"
	exit
	;;
kill)
	go test ./internal/cli -count=1 -timeout 60m -v -run '^TestKilledImport$' -kills "${2:-50}"
	go test ./internal/store/duckdb -count=1 -timeout 60m -v -run '^TestKill$' -kills "${2:-50}"
	exit
	;;
bench-import)
	bench=(-import-conversations 100000)
	if [ -n "${2:-}" ]; then bench=(-import-file "$(realpath "$2")"); fi
	go test ./internal/dataset -run '^$' -bench '^BenchmarkImport$' -benchtime 1x -timeout 60m -import-turns 5 "${bench[@]}"
	exit
	;;
bench-page)
	go test ./internal/store/duckdb -run '^$' -bench '^BenchmarkSummaryPage$' -benchtime 1x -timeout 60m -sessions "${2:-10000000}"
	exit
	;;
*)
	sed -n '2,9s/^# //p' "$0" >&2
	exit 2
	;;
esac

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
