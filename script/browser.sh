# Sourced by every script that needs a browser: Debian's Chromium and a font for it.
if ! command -v chromium >/dev/null; then
  echo "==> Installing Debian's chromium" >&2
  if [ "$(id -u)" != 0 ]; then
    echo "chromium is missing; as root: apt-get install chromium fonts-dejavu" >&2
    exit 1
  fi
  apt-get update -qq >&2
  apt-get install -y -qq --no-install-recommends chromium fonts-dejavu >&2
fi
