#!/bin/sh
# Serves Remote Mixer from this clone: ./start_server.sh [options of remote-mixer]
#
# Needs Python 3.11 or newer and nothing else. The first time it makes the environment .venv from requirements.lock
# (each package checked by its hash; what tests and the native window need is left out); after that it starts at once.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "${tests_run:-$0}")${tests_run:+/..}" && pwd -P)
env=$root/.venv

tell() { printf '%s\n' "$*" >&2; }

fail() {
    tell "$*"
    exit 1
}

# Pythons for which each package is built; a newer one starts too, without MIDI.
best='>=3.11,<3.13'

# Prints the first Python that is new enough, the best ones first.
find_python() {
    for name in python3.11 python3.12 python3.13 python3.14 python3 python; do
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        "$name" -c 'import sys; print(sys.executable)'
        return
    done
    return 1
}

# Prints one of the best Pythons that uv knows of, the caller's own environments left out.
known_python() { "$uv" python find --system --no-project "$best" 2>/dev/null; }

# Replaces a $python that is missing or too new by a better one that uv knows or can fetch, if there is one.
improve_python() {
    if [ -z "$uv" ]; then return; fi
    if [ -n "$python" ] && "$python" -c 'import sys; sys.exit(sys.version_info >= (3, 13))'; then return; fi
    better=$(known_python) || { "$uv" python install --quiet 3.12 2>/dev/null && better=$(known_python); } || return 0
    python=$better
}

# Sets $uv; empty where it can neither be found nor installed, and pip has to do.
find_uv() {
    if uv=$(command -v uv); then return; fi
    uv=$env/bin/uv
    if [ -x "$uv" ]; then return; fi
    if [ -z "$python" ]; then return; fi
    tell "uv is not installed: putting it into .venv"
    "$python" -m venv "$env" || fail "This Python cannot make environments. On Debian and Ubuntu: apt install python3-venv"
    awk '/^[a-z]/ { wanted = /^uv==/ } wanted' "$root/requirements.lock" >"$env/uv.lock"
    "$env/bin/python" -m pip install --quiet --require-hashes -r "$env/uv.lock" || uv=
}

# What an environment has to match; changes with the lock and the project file.
stamp() { cat "$root/requirements.lock" "$root/pyproject.toml" | cksum; }

# Installs the program with what is asked for: prepare NAME [options that choose extras and groups].
prepare() {
    ready=$env/.ready-$1
    now=$(stamp)
    if [ -x "$env/bin/python" ] && [ "$(cat "$ready" 2>/dev/null)" = "$now" ]; then return; fi
    shift
    python=$(find_python) || python=
    find_uv
    improve_python
    if [ -z "$python" ]; then fail "Python 3.11 or newer is needed, and none was found. Install it, then start again."; fi
    tell "Making the environment .venv (once, about 100 MB; again when the project's requirements change) ..."
    if [ -n "$uv" ]; then install_by_uv "$@"; else install_by_pip; fi
    printf '%s\n' "$now" >"$ready"
    printf '%s\n' "$now" >"$env/.ready-serve" # whatever was asked for, the server is in it
    tell "The environment is ready."
}

install_by_uv() (
    cd "$root" # uv reads pyproject.toml and the lock here; the caller's folder stays what it was
    if [ ! -x "$env/bin/python" ]; then "$uv" venv --quiet --clear --python "$python" "$env"; fi
    set -- --require-hashes --constraints requirements.lock --requirements pyproject.toml "$@"
    "$uv" pip install --quiet --python "$env/bin/python" --build-constraints requirements.lock "$@"
    "$uv" pip install --quiet --python "$env/bin/python" --build-constraints requirements.lock --no-deps --editable .
)

install_by_pip() (
    cd "$root"
    tell "uv cannot be installed here: pip takes over and brings everything, window and test tools included (1 GB)."
    awk '/^[a-z]/ { wanted = !/^uv==/ } wanted' requirements.lock >"$env/all.lock"
    "$env/bin/python" -m pip install --quiet --require-hashes -r "$env/all.lock"
    "$env/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
)

# tests/run reads this file for what stands above.
if [ -z "${tests_run:-}" ]; then
    prepare serve
    exec "$env/bin/python" -P -m remote_mixer --serve "$@"
fi
