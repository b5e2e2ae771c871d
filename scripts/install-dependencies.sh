#!/usr/bin/env bash
# Installs the libraries that Weir is built on, those that are missing only; silent when none is.
set -euo pipefail

packages=(libpcap-dev libzstd-dev liblz4-dev zlib1g-dev libssl-dev libyaml-dev)
swift_needed=6.3

fail() {
  printf 'install-dependencies: %s\n' "$@" >&2
  exit 1
}

# Swift first: without it the libraries are of no use.
command -v swift >/dev/null ||
  fail "Swift is not on PATH; Weir needs Swift $swift_needed or later: https://www.swift.org/install/linux/"
swift_found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p')
if [[ $(printf '%s\n' "$swift_needed" "${swift_found:-0}" | sort -V | head -n 1) != "$swift_needed" ]]; then
  fail "Weir needs Swift $swift_needed or later, and this is Swift ${swift_found:-of unknown version}:" \
    "https://www.swift.org/install/linux/"
fi

is_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

missing=()
if command -v dpkg-query >/dev/null; then
  for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
else
  # Elsewhere the packages have other names, so the headers have to tell.
  for header in pcap.h zstd.h lz4frame.h zlib.h openssl/evp.h yaml.h; do
    [[ -e /usr/include/$header || -e /usr/local/include/$header ]] || missing+=("$header")
  done
fi
((${#missing[@]})) || exit 0

command -v apt-get >/dev/null ||
  fail "there is no apt-get here; please install what holds: ${missing[*]}"

as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null ||
    fail "these packages are missing: ${missing[*]}" \
      "run as root: apt-get install ${missing[*]}"
  as_root=(sudo)
fi

echo "Installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
# A variable before sudo would not reach apt-get.
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -qq --no-install-recommends -y "${missing[@]}"
