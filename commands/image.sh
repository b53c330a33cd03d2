#!/usr/bin/env bash
# `npm run image`: builds the Dockerfile and smoke-tests what comes out, without Docker and without an image registry.
#
# The two base images that the Dockerfile names (python:3.11-slim, node:24-bookworm-slim) are stood in for by Debian from mmdebstrap with the
# toolchain's own Node, so this proves the project's Dockerfile, not the upstream images. buildah runs with chroot isolation: as root,
# but without a daemon and without privileges of the host. Everything it keeps lies in a cache folder outside the checkout.
#   MODEL=DIR   the bundle to bake in (artifacts/model; where that is not there, a small one is made)
#   PORT        where the container listens during the test (18000)
# shellcheck disable=SC2016 # the JavaScript and awk below is not for the shell
set -euo pipefail
case ${1:-} in
  '') ;;
  -h | --help) sed -n '2,/^#   PORT/s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) printf 'image: %s: it takes no arguments; npm run image -- --help\n' "$1" >&2; exit 1 ;;
esac
cd "$(dirname "$0")/.."

tag=localhost/pret-a-depenser:smoke
port=${PORT:-18000}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/pret-a-depenser-image
say() { printf 'image: %s\n' "$*"; }
fail() { printf 'image: %s\n' "$*" >&2; exit 1; }

missing=()
for tool in buildah mmdebstrap; do command -v "$tool" > /dev/null || missing+=("$tool"); done
[ ${#missing[@]} -eq 0 ] || fail "not found: ${missing[*]}. On Debian, as root: apt-get install -y buildah mmdebstrap"
case $(node -p 'process.versions.node.split(".")[0]') in
  24) ;;
  *) fail 'expected Node 24 on the PATH: run it as npm run image' ;;
esac

mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
buildah_() { buildah --root "$cache/store" --runroot "$cache/run" --storage-driver "${STORAGE_DRIVER:-overlay}" "$@"; }

# How this machine reaches the package registries (certificates, mirrors, proxies), lent to the build by mounts; nothing of it stays in a layer.
network=()
lend() { if [ -e "$1" ]; then network+=(--volume "$1:${2:-$1}:ro"); fi; }
node - > "$cache/npmrc" << 'JS'
const { execFileSync } = require('node:child_process')
const known = JSON.parse(execFileSync('npm', ['config', 'ls', '--json', '--long'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
for (const key of ['registry', 'cafile', 'proxy', 'https-proxy', 'noproxy', 'strict-ssl']) {
  const value = known[key]
  if (value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.every((v) => v === ''))) console.log(`${key}=${value}`)
}
if (!known.cafile && process.env.NODE_EXTRA_CA_CERTS) console.log(`cafile=${process.env.NODE_EXTRA_CA_CERTS}`)
JS
python3 - > "$cache/pip.conf" << 'PY'
import os, re, subprocess, sys
listed = subprocess.run([sys.executable, '-m', 'pip', 'config', 'list'], capture_output=True, text=True).stdout
found = {}
for line in listed.splitlines():
    match = re.match(r"(?:global|install|download|:env:)\.([\w-]+)='(.*)'$", line)
    if match and match[1] not in ('find-links', 'cache-dir', 'config-file', 'target', 'prefix', 'user'):
        found[match[1]] = match[2].replace('\\n', ' ')
print('[global]')
for key, value in found.items():
    print(f'{key} = {value}')
PY
lend "$cache/npmrc" /usr/local/etc/npmrc
lend "$cache/pip.conf" /etc/pip.conf
while read -r file; do lend "$file"; done < <(sed -n 's/^cafile=//p' "$cache/npmrc"; sed -n 's/^cert = //p' "$cache/pip.conf") 
mapfile -t network < <(printf '%s\n' "${network[@]}" | awk '$0 == "--volume" { next } !seen[$0]++ { print "--volume"; print }')

# The stand-in bases, under the names that the Dockerfile uses.
if [ ! -s "$cache/debian.tar" ]; then
  say 'making a Debian base (about a minute, once)'
  mmdebstrap --quiet --variant=minbase --include=ca-certificates,libstdc++6,python3,python3-pip \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --aptopt='APT::Install-Recommends "false"' bookworm "$cache/debian.part.tar" || fail 'mmdebstrap could not make a Debian base: is a Debian mirror in reach?'
  mv "$cache/debian.part.tar" "$cache/debian.tar"
fi
standin() { # name, containerfile on stdin
  buildah_ images --quiet "$1" > /dev/null 2>&1 && return
  cat > "$cache/base/Containerfile"
  buildah_ bud --quiet --isolation chroot --pull-never -f "$cache/base/Containerfile" -t "$1" "$cache/base" > /dev/null
}
if ! buildah_ images --quiet docker.io/library/node:24-bookworm-slim > /dev/null 2>&1; then
  rm -rf "$cache/base"
  mkdir -p "$cache/base"
  ln "$cache/debian.tar" "$cache/base/"
  cp "$(node -p process.execPath)" "$cache/base/node"
  cp -r "$(dirname "$(node -p 'require("node:fs").realpathSync(require("node:child_process").execFileSync("which", ["npm"], { encoding: "utf8" }).trim())')")/.." "$cache/base/npm"
fi
standin docker.io/library/python:3.11-slim << 'BASE'
FROM scratch
ADD debian.tar /
RUN ln -s /usr/bin/python3 /usr/local/bin/python
BASE
standin docker.io/library/node:24-bookworm-slim << 'BASE'
FROM scratch
ADD debian.tar /
RUN dpkg --purge --force-depends python3-pip > /dev/null 2>&1; groupadd -g 1000 node && useradd -u 1000 -g node -s /bin/bash -m node
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
CMD ["node"]
BASE

# The bundle, and the context: the files that .dockerignore lets through.
model=${MODEL:-artifacts/model}
if [ ! -e "$model/bundle.json" ]; then
  [ -z "${MODEL:-}" ] || fail "MODEL=$MODEL: no bundle.json there"
  say 'artifacts/model is not there (npm run repro makes it): a small bundle is made for the test'
  mkdir -p "$cache/bundle"
  model=$(TEST_FOLDER=$cache/bundle node --conditions=source --input-type=module -e "
    import { smallBundle } from './testing/bundles.ts'
    console.log(smallBundle())" | tail -1)
fi
version=$(node -p 'JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8")).version' "$model/bundle.json")
context=$cache/context
rm -rf "$context"
mkdir -p "$context/artifacts"
tar --exclude=node_modules --exclude=dist -cf - Dockerfile .dockerignore .npmrc package.json package-lock.json requirements.txt \
  tsconfig.json tsconfig.build.json tsconfig.service.json commands/build.mjs packages pipeline api | tar -xf - -C "$context"
cp -r "$model" "$context/artifacts/model"

say "building with model $version"
started=$SECONDS
buildah_ bud --isolation chroot --pull-never --layers --format docker "${network[@]}" \
  --build-arg COMMIT="$(git rev-parse HEAD 2> /dev/null || echo unknown)" --build-arg MODEL_VERSION="$version" \
  -t "$tag" "$context" > "$cache/build.log" 2>&1 || { tail -40 "$cache/build.log" >&2; fail "the build failed; all of it: $cache/build.log"; }
say "built in $((SECONDS - started)) s"
buildah_ inspect --type image --format 'image: user {{.Docker.Config.User}}, command {{.Docker.Config.Cmd}}, health check {{(index .Docker.Config.Healthcheck.Test 1)}}' "$tag"
echo
largest=400 # MB without the bundle
size() { buildah_ images --format '{{.Size}}' "$1" | awk 'NR == 1 { print int($1 * ($2 == "GB" ? 1000 : $2 == "MB" ? 1 : 0)) }'; }
bundle=$(du -sbL "$context/artifacts/model" | awk '{ print int($1 / 1e6) }')
alone=$(($(size "$tag") - bundle))
say "size $alone MB without the bundle's $bundle MB (at most $largest), of which the stand-in base $(size docker.io/library/node:24-bookworm-slim) MB"
[ "$alone" -gt "$bundle" ] && [ "$alone" -le "$largest" ] || fail "the image takes $alone MB without the bundle, expected at most $largest"

container=$(buildah_ from --pull-never "$tag")
inside() { buildah_ run --isolation chroot --env PORT="$port" --env HOST=127.0.0.1 "$container" -- "$@"; }
leaf() { local child; child=$(ps -o pid= --ppid "$1" | head -1 | tr -d ' '); if [ -n "$child" ]; then leaf "$child"; else echo "$1"; fi; }
server=
cleanup() {
  if [ -n "$server" ]; then kill -KILL "$(leaf "$server")" 2> /dev/null || true; fi
  buildah_ rm "$container" > /dev/null
}
trap cleanup EXIT

inside node -e '
  const { existsSync, readdirSync } = require("node:fs")
  const there = ["nodejs-polars", "typescript", "tslab", "@biomejs", "playwright-core"].filter((name) => existsSync(`/app/node_modules/${name}`))
  if (there.length > 0) throw new Error(`the image carries ${there.join(", ")}`)
  if (process.getuid() === 0) throw new Error("the image runs as root")
  let writable = true
  try { require("node:fs").writeFileSync("/app/probe", "") } catch { writable = false }
  if (writable) throw new Error("/app is writable")' || fail 'the image is not what it should be'
buildah_ run --isolation chroot "$container" -- node dist/api/server.js > "$cache/refused.log" 2>&1 && fail 'it started on all addresses without a key'
grep -q ALLOW_ANONYMOUS "$cache/refused.log" || { cat "$cache/refused.log" >&2; fail 'it did not say why it refused to start without a key'; }
say 'no development package in it, not root, /app not writable, no start without a key'

# Started directly, not through a function, so that the process can be found and stopped.
buildah --root "$cache/store" --runroot "$cache/run" --storage-driver "${STORAGE_DRIVER:-overlay}" run --isolation chroot \
  --env PORT="$port" --env HOST=127.0.0.1 "$container" -- node dist/api/server.js > "$cache/server.log" 2>&1 &
server=$!
url=http://127.0.0.1:$port
for _ in $(seq 150); do
  kill -0 "$server" 2> /dev/null || { cat "$cache/server.log" >&2; fail 'the server ended before it answered'; }
  if curl -fsS "$url/health/live" > /dev/null 2>&1; then break; fi
  sleep 0.1
done

node --conditions=source api/smoke.ts "$url" "$context/artifacts/model" || { tail -20 "$cache/server.log" >&2; fail 'the smoke test failed'; }
inside node -e 'fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))'
say 'HEALTHCHECK ok'
kill -TERM "$(leaf "$server")"
code=0
wait "$server" || code=$?
server=
[ "$code" = 0 ] || { tail -20 "$cache/server.log" >&2; fail "after SIGTERM it ended with $code"; }
say 'SIGTERM: drained and ended with 0'
say ok
