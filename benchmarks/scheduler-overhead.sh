#!/bin/sh
# What the scheduler costs for each run: 1000 runs that succeed at once, through the real scheduler,
# a real worker process, journals and the store, in a release build.
#
#   sh benchmarks/scheduler-overhead.sh [RUNS]
set -e
cd "$(dirname "$0")/.."
runs=${1:-1000}
swift build -c release -Xswiftc -enable-testing --product TestWorker
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
.build/release/TestWorker overhead "$home" "$runs" | tail -1
