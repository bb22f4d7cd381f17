#!/usr/bin/env bash
# Says what is wrong where Swift is missing or too old; says nothing where it is right.
set -euo pipefail

needed=6.3

advice="Gatehouse is built with Swift $needed or newer: https://www.swift.org/install/ says how to get it."

if ! command -v swift > /dev/null; then
    echo "There is no swift on this machine's PATH. $advice" >&2
    exit 1
fi

found=$(swift --version 2> /dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
oldest=$(printf '%s\n%s\n' "$needed" "${found:-0}" | sort -V | head -n 1)
if [ "$oldest" != "$needed" ]; then
    echo "The swift of this machine is ${found:-of an unknown version}. $advice" >&2
    exit 1
fi
