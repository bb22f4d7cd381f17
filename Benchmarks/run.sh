#!/usr/bin/env bash
# Measures the gateway against wrk and nginx in one run and writes what it saw: Benchmarks/run.sh [--seconds N] [--rounds N]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/ensure-packages.sh pkg-config libsqlite3-dev zlib1g-dev python3 wrk nginx strace
swift build -c release --static-swift-stdlib --product gatehouse
swift build -c release --static-swift-stdlib --product benchmarks
exec python3 Benchmarks/run.py --gatehouse .build/release/gatehouse --tools .build/release/benchmarks "$@"
