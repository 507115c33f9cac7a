#!/bin/sh
# Reads what libs/mesh writes with Blender and PrusaSlicer, which are too large for every test run.
#   tools/format-readers.sh            installs what is missing with apt (Debian or Ubuntu, as root), then runs the tests
#   tools/format-readers.sh --no-install
set -eu
cd "$(dirname "$0")/.."

if [ "${1:-}" != '--no-install' ]; then
  missing=''
  command -v blender >/dev/null || missing="$missing blender python3-numpy"
  command -v prusa-slicer >/dev/null || missing="$missing prusa-slicer"
  if [ -n "$missing" ]; then
    echo "Installing$missing"
    # shellcheck disable=SC2086 -- a list of packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >/dev/null
  fi
fi

exec npx jest --verbose libs/mesh/src/desktop-readers
