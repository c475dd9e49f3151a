# Sourced by every script that needs the environment: sets up what is missing, puts the
# locked tools first on PATH and lets Python find our packages from any folder, so that
# paths on the command line stay the caller's.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
"$ROOT/script/setup"
export ROOT PATH="$ROOT/.venv/bin:$PATH" PYTHONPATH="$ROOT"
# Home Assistant would compile itself anew at every start.
unset PYTHONDONTWRITEBYTECODE
