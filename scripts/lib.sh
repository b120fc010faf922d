# Shared by the scripts: sets up what is missing and nothing twice. Sourced, never run.
# shellcheck shell=bash
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PYTHONDONTWRITEBYTECODE=${PYTHONDONTWRITEBYTECODE:-} PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '── %s\n' "$*" >&2; }

# stamp NAME FILE... : true when the files are as they were when `stamped NAME FILE...` was last called
stamp() { local name=$1; shift; [ -f ".setup-$name" ] && [ "$(cat "$@" | sha256sum)" = "$(cat ".setup-$name")" ]; }
stamped() { local name=$1; shift; cat "$@" | sha256sum > ".setup-$name"; }

# python LOCK : the virtual environment with exactly what the lock names, each file checked by its hash
python_parts() {
  local lock=requirements/$1.txt
  if stamp "python-$1" "$lock" pyproject.toml && [ -x .venv/bin/yichuang ]; then return; fi
  # what is installed for tests covers what is needed to run
  if [ "$1" = base ] && stamp python-dev requirements/dev.txt pyproject.toml && [ -x .venv/bin/yichuang ]; then return; fi
  say "Python: $lock"
  [ -x .venv/bin/python ] || python3 -m venv .venv
  [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --require-hashes --no-deps -r requirements/uv.txt
  .venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes "$lock" requirements/uv.txt
  .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation-package yichuang -e . 2>/dev/null ||
    .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps -e .
  stamped "python-$1" "$lock" pyproject.toml
}

node_parts() {
  if stamp node package-lock.json && [ -d node_modules ]; then return; fi
  say "Page parts: package-lock.json"
  npm ci --silent --no-audit --no-fund
  stamped node package-lock.json
}

messages() {
  if stamp messages locale/en/LC_MESSAGES/django.po && [ -f locale/en/LC_MESSAGES/django.mo ]; then return; fi
  [ -f locale/en/LC_MESSAGES/django.po ] || return 0
  .venv/bin/python scripts/compile_messages.py
  stamped messages locale/en/LC_MESSAGES/django.po
}

# debian PACKAGE... : through apt, when root and missing
debian() {
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(id -u)" != 0 ]; then
    say "missing Debian packages: ${missing[*]} (install them as root: apt-get install ${missing[*]})"
    return 1
  fi
  say "Debian: ${missing[*]}"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
}
