#!/usr/bin/env bash
# ensure-packages.sh PACKAGE…: installs those Debian packages whose use is not yet there, and nothing else.
# A package counts as there when what it is for works, wherever that came from.
set -euo pipefail

works() {
    case $1 in
        pkg-config) has pkg-config ;;
        libsqlite3-dev) pkg-config --exists sqlite3 2> /dev/null ;;
        zlib1g-dev) pkg-config --exists zlib 2> /dev/null ;;
        curl) has curl ;;
        openssl) has openssl ;;
        python3) has python3 ;;
        python3-venv) python3 -c "import ensurepip, venv" 2> /dev/null ;;
        nodejs) has node ;;
        tinyproxy) has tinyproxy ;;
        zsh) has zsh ;;
        fish) has fish ;;
        iproute2) has ip ;;
        systemd) has systemd-analyze ;;
        prometheus) has promtool && has prometheus ;;
        debootstrap) has debootstrap ;;
        strace) has strace ;;
        valgrind) has valgrind ;;
        wrk) has wrk ;;
        nginx) has nginx ;;
        *)
            echo "ensure-packages.sh does not know how to tell whether $1 is there" >&2
            exit 2
            ;;
    esac
}

has() { command -v "$1" > /dev/null; }

missing() {
    local package
    for package in "$@"; do works "$package" || echo "$package"; done
}

wanted=$(missing "$@" | paste -sd ' ' -)
[ -n "$wanted" ] || exit 0

if ! command -v apt-get > /dev/null; then
    echo "Missing, by the names that Debian has for them: $wanted. Install them with this system's own packages." >&2
    exit 1
fi

apt=(env DEBIAN_FRONTEND=noninteractive apt-get)
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo > /dev/null; then
        echo "Missing: $wanted. As root, run: apt-get install $wanted" >&2
        exit 1
    fi
    apt=(sudo "${apt[@]}")
fi

echo "Installing what is missing: $wanted"
# shellcheck disable=SC2086 # one word a package
if ! "${apt[@]}" install -y --no-install-recommends $wanted; then
    "${apt[@]}" update
    "${apt[@]}" install -y --no-install-recommends $wanted
fi

still=$(missing "$@" | paste -sd ' ' -)
if [ -n "$still" ]; then
    echo "Installed, and still not usable: $still" >&2
    exit 1
fi
