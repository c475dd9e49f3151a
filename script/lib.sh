# Sourced by every script that needs the environment: goes to the root of the checkout,
# sets up what is missing and puts the locked tools first on PATH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
script/setup
export PATH="$PWD/.venv/bin:$PATH"
# Home Assistant would compile itself anew at every start.
unset PYTHONDONTWRITEBYTECODE
