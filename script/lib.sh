# shellcheck shell=bash disable=SC2034
# What the scripts beside this file share. Sourced, never run. It owns the places where cargo puts things and the
# variables that every cargo call must have alike: two calls that differ in one of them would compile everything twice.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

target_dir=${CARGO_TARGET_DIR:-$root/target}
services_dir=$root/target/services
# leptos compiles this name into the pages: without it they ask for slipway_bg.wasm.
export LEPTOS_OUTPUT_NAME=slipway
# The flags of the browser half, for the compiler and clippy alike. (The server half is the package's default.)
browser_half=(--locked --target wasm32-unknown-unknown --lib --no-default-features --features hydrate)

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }

# need COMMAND SENTENCE: stops with the sentence unless the command is there.
need() { command -v "$1" >/dev/null || die "$2"; }

need_rust() {
  need cargo "Rust is missing: install the stable toolchain as https://rustup.rs says, then run this again."
  need cc "A C compiler and linker are missing: apt-get install gcc libc6-dev, then run this again."
}

need_node() { need npm "Node.js 20 or newer with npm is missing: install it, then run this again."; }

# wait_until SECONDS WHAT COMMAND...: polls the command until it succeeds; after SECONDS it fails and names WHAT.
wait_until() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if [ $SECONDS -ge $end ]; then
      say "$(basename "$0"): waited in vain for $what"
      return 1
    fi
    sleep 0.1
  done
}

# answers PORT: something on this machine accepts connections at the port. (Bash opens it; no other program is needed.)
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# What end2end/cluster/cluster.sh needs of a machine, and what to say of one that lacks it.
cluster_packages=(curl iproute2 openssl python3)
no_cluster="--cluster makes namespaces, mounts and cgroups: it needs Linux and root with all capabilities."
can_have_cluster() { [ "$(id -u)" = 0 ] && unshare --net --mount --pid --fork true 2>/dev/null; }

# root_do COMMAND...: runs it as root, by sudo where that is not who we are.
root_do() {
  if [ "$(id -u)" = 0 ]; then "$@"; return; fi
  need sudo "This needs root, and there is no sudo: run as root: $*"
  sudo "$@"
}

# confirm QUESTION: true if nobody is to be asked (--yes, CI) or the person says yes.
confirm() {
  local answer
  if [ "${yes:-}" ] || [ "${CI:-}" = true ]; then return 0; fi
  [ -t 0 ] || die "$1 There is nobody to ask; pass --yes to agree."
  read -r -p "$1 [y/N] " answer
  [[ $answer == [yY]* ]]
}

# want_packages PACKAGE...: installs those of Debian's packages that are missing, after asking.
want_packages() {
  local package missing=()
  for package; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  need apt-get "These Debian packages are needed, and there is no apt-get: ${missing[*]}"
  say "Needed of Debian's packages: ${missing[*]}"
  confirm "Install them with apt-get?" || die "stopped; nothing was installed"
  root_do apt-get update -qq
  root_do env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# want_npm: installs what end2end/package-lock.json names into end2end/node_modules, after asking.
want_npm() {
  need_node
  [ end2end/package-lock.json -nt end2end/node_modules/.package-lock.json ] || return 0
  say "Needed of npm's packages: $(node -p 'Object.entries(require("./end2end/package.json").devDependencies).map((p) => p.join("@")).join(" ")') (into end2end/node_modules)"
  confirm "Install them with npm?" || die "stopped; nothing was installed"
  npm ci --prefix end2end --ignore-scripts --no-audit --no-fund --loglevel error >&2
  touch end2end/node_modules/.package-lock.json
}
