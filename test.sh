#!/usr/bin/env bash
# Everything that must pass: format, vet, staticcheck, all tests, every fuzz target 10,000 times, and the dashboard in a browser.
# Usage: ./test.sh                             all of it
#        ./test.sh go | ./test.sh web          one of the two halves
# The long runs behind "done", each alone on the machine:
#        ./test.sh fuzz 5m                     every fuzz target for so long
#        ./test.sh kill 50                     kill imports and updates at random points so many times
#        ./test.sh bench-import [FILE]         import against the database's own CREATE TABLE AS, by turns; 100,000 conversations
#        ./test.sh bench-page [SESSIONS]       every question of the summary page; 10 million sessions
#        ./test.sh bench-dashboard [SESSIONS]  from the click to the page in a browser; 10 million sessions, kept in bin/ for the next time
set -euo pipefail
cd "$(dirname "$0")"

need() { command -v "$1" >/dev/null 2>&1; }
# install PACKAGE... by the system's package manager.
install() {
	echo "== installing $*"
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}
need g++ || install g++
need go || { echo "Go 1.26 is missing: https://go.dev/dl" >&2; exit 1; }

# web_ready installs what the dashboard is built and looked at with.
web_ready() {
	need node && need npm || install nodejs npm
	need "${CHROMIUM:-chromium}" || install chromium
	if ! new_enough; then # Debian's own may be older: the package registry has newer ones
		local package
		package="node-linux-$(node -p process.arch)"
		echo "== installing $package (here is node $(node --version))"
		npm install --silent --no-audit --no-fund --prefix "$tmp/node" "$package@22" >/dev/null
		PATH="$tmp/node/node_modules/$package/bin:$PATH"
		new_enough || { echo "Node 20.19 or newer is missing (here is $(node --version)): https://nodejs.org" >&2; exit 1; }
	fi
	npm --prefix web ci --silent --no-audit --no-fund
}

# new_enough says whether node can build the dashboard.
new_enough() { node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; }

# web_tests holds the dashboard to its tests.
web_tests() {
	echo "== dashboard: types and lint"
	npm --prefix web run --silent check
	echo "== dashboard: types of the API"
	(cd web && npx --no-install openapi-typescript ../docs/openapi.json --output "$tmp/schema.d.ts" >/dev/null)
	diff -q "$tmp/schema.d.ts" web/src/api/schema.d.ts || { echo "run: npm --prefix web run api" >&2; exit 1; }
	echo "== dashboard: unit tests"
	npm --prefix web run --silent test
	echo "== dashboard: web/dist is what src builds"
	npm --prefix web run --silent build -- --outDir "$tmp/dist" --emptyOutDir --logLevel warn
	diff -rq "$tmp/dist" web/dist || { echo "run: npm --prefix web run build, and commit web/dist" >&2; exit 1; }
	npm --prefix web run --silent size
	echo "== dashboard: in a browser"
	npm --prefix web run --silent e2e
	echo "== dashboard: from the click to the page"
	RAPPORT_ROUNDS=1 npm --prefix web run --silent speed
}

# fuzz_all LIMIT runs each fuzz target of each package, as long (5m) or as many times (10000x) as LIMIT says.
# A number of times is the one for every day: until Go 1.27 the fuzzer may call its own deadline a failure, with no input (golang.org/issue/75804).
fuzz_all() {
	local pkg target
	for pkg in $(go list ./...); do
		for target in $(go test -list '^Fuzz' "$pkg" | grep '^Fuzz' || true); do
			echo "== fuzz $pkg $target $1"
			go test "$pkg" -run '^$' -fuzz "^$target\$" -fuzztime "$1" -fuzzminimizetime 10x >"$tmp/fuzz" 2>&1 || { cat "$tmp/fuzz"; return 1; }
			tail -n 1 "$tmp/fuzz"
		done
	done
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

case "${1:-}" in
"" | go) ;;
web)
	web_ready
	web_tests
	exit
	;;
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
bench-dashboard)
	web_ready
	export RAPPORT_SESSIONS="${2:-10000000}" RAPPORT_ROUNDS=5
	export RAPPORT_BULK="$PWD/bin/sessions-$RAPPORT_SESSIONS"
	npm --prefix web run --silent speed
	exit
	;;
*)
	sed -n '2,11s/^# //p' "$0" >&2
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
fuzz_all 10000x
echo "== tests"
go test -race ./...
if [ "${1:-}" != go ]; then
	web_ready
	web_tests
fi
