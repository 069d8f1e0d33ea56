# common.sh: what the scripts share. Sourced, not run.
set -euo pipefail
export CCACHE_SLOPPINESS=pch_defines,time_macros # else ccache refuses precompiled headers
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\n== %s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

installed() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

# Installs what is missing of the named packages, if this is Debian or one of its kin.
need_packages() {
  local missing=()
  command -v dpkg-query >/dev/null || return 0
  for package in "$@"; do installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Installing ${#missing[@]} packages and what they need (a minute or two): ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# What README.md tells users of the library to install.
user_packages() { sed -n 's/^sudo apt install //p' "$root/README.md"; }

# need_build_packages [PACKAGE...]: what the build takes, and the named ones.
need_build_packages() {
  # shellcheck disable=SC2046
  need_packages $(user_packages) ninja-build ccache libcli11-dev catch2 "$@"
}

# configure PRESET: once; build directories are kept.
configure() {
  local arguments=(--preset "$1" -S "$root")
  if [ ! -f "$root/build/$1/CMakeCache.txt" ]; then
    command -v ninja >/dev/null && arguments+=(-G Ninja)
    command -v ccache >/dev/null && arguments+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  (cd "$root" && cmake "${arguments[@]}" >/dev/null)
}

# build PRESET [TARGET...]; each line tells how many of how many steps are done, and the seconds.
build() {
  local preset=$1
  shift
  NINJA_STATUS='[%f of %t, %e s] ' cmake --build "$root/build/$preset" --parallel "$(nproc)" ${*:+--target "$@"}
}
