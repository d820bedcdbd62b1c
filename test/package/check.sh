#!/usr/bin/env bash
# Packs Holdpoint, installs it into an empty folder as a stranger would, checks its types and starts it.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"
node="$root/node_modules/.bin/node"
folder="$(mktemp -d)"
trap 'kill "${holdpoint:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT

(cd "$root" && npm pack --pack-destination "$folder" > "$folder/pack.txt" 2>&1) || { cat "$folder/pack.txt"; exit 1; }
cd "$folder"
echo '{ "private": true, "type": "module" }' > package.json
npm install --silent --no-fund --no-audit ./holdpoint-*.tgz

cat > types.ts <<'TS'
import { type Running, start } from "holdpoint";
export const begin: (...given: Parameters<typeof start>) => Promise<Running> = start;
TS
"$root/node_modules/.bin/tsc" --noEmit --strict --skipLibCheck --module nodenext --types node --typeRoots "$root/node_modules/@types" types.ts

PORT=0 LOG_LEVEL=silent "$node" node_modules/holdpoint/bin/holdpoint.js serve > out.txt 2> report.txt &
holdpoint=$!
for _ in $(seq 100); do grep -q 'ready http' out.txt && break; sleep 0.1; done
grep 'ready http' out.txt || { cat report.txt; exit 1; }
"$node" -e 'fetch(process.argv[1] + "/readyz").then(async (answer) => { console.log(answer.status, await answer.text()); process.exit(answer.ok ? 0 : 1); })' "$(sed -n 's/.*ready //p' out.txt)"
kill -TERM "$holdpoint"
wait "$holdpoint"
echo "installed, typed, started and stopped"
