#!/bin/sh
# Builds kernel/static/kernel/signing/ from src/ and the packages that package-lock.json pins by
# hash. Needs Node >= 20 and npm; where npm fetches from is the machine's own setting.
set -eu
cd "$(dirname "$0")"
out=../../static/kernel/signing

npm ci --ignore-scripts --no-audit --no-fund --omit-lockfile-registry-resolved --silent
# The installer of esbuild is skipped with all other scripts; its program works without.
mkdir -p "$out"
npx --no-install esbuild src/main.js --bundle --minify --format=iife --target=es2022 \
    --charset=utf8 --legal-comments=none --log-level=warning --outfile="$out/sign.js"
node manifest.js "$out"
