#!/usr/bin/env bash
# Checks the sample site as a reader's browser and a validator see it, the preview as a writer's browser does, and
# deploys to real servers.
#
# usage: tests/acceptance.sh [--full] [--speed | --without-speed]
#   --full           also ask axe-core for every page at every width, and Lighthouse for every kind of page on a phone
#                    and on a desk, and compile the feature avif for its tests; takes several minutes more
#   --speed          only Lighthouse, whose score of a page's speed a busy machine spoils
#   --without-speed  everything else
#   DATELINE   the binary to build with (default: a release build of this tree)
#   CHROMIUM   the browser (default: chromium)
#
# Installs what it needs from Debian, npm and PyPI, and fails where it cannot. Prints a line for each
# check and 'N passed, N failed' at its end; exits 1 when any failed.
set -euo pipefail

full=
part=all
for option in "$@"; do
  case $option in
    --full) full=--full ;;
    --speed) part=speed ;;
    --without-speed) part=rest ;;
    *) echo "usage: tests/acceptance.sh [--full] [--speed | --without-speed]" >&2; exit 2 ;;
  esac
done

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
tools=$target/acceptance
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
log=$work/checks.log

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs the Debian packages of the commands that are missing: 'COMMAND:PACKAGE...' ...
need() {
  local pair wanted packages=()
  for pair in "$@"; do
    read -ra wanted <<<"${pair##*:}"
    command -v "${pair%%:*}" >/dev/null || packages+=("${wanted[@]}")
  done
  [ ${#packages[@]} = 0 ] && return
  echo "installing ${packages[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${packages[@]}" >"$work/apt.log" 2>&1 ||
    { cat "$work/apt.log" >&2; exit 1; }
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null || { echo "${pair%%:*} is missing and ${pair##*:} did not bring it" >&2; exit 1; }
  done
}

# Runs a check: its output is shown where it fails.
check() {
  local name=$1
  shift
  if "$@" >"$work/output" 2>&1; then
    echo "ok - $name" | tee -a "$log"
  else
    echo "not ok - $name" | tee -a "$log"
    sed 's/^/    /' "$work/output" | head -n 40
  fi
}

every() { # every FOLDER .EXTENSION: its files, for mapfile -d ''
  find "$1" -type f -name "*$2" -print0
}

nu() {
  java -Xss8m -jar "$tools/node_modules/vnu-jar/build/dist/vnu.jar" --stdout --format gnu --Werror "$@"
}

html_is_valid() {
  local files
  mapfile -d '' files < <(every "$1" .html)
  [ ${#files[@]} -gt 0 ] || { echo "there is no page"; return 1; }
  nu "${files[@]}"
}

# Custom properties and newer functions are beyond the CSS checker's warnings, not beyond its errors.
css_is_valid() {
  local files
  mapfile -d '' files < <(every "$1" .css)
  [ ${#files[@]} -gt 0 ] || { echo "there is no style sheet"; return 1; }
  java -Xss8m -jar "$tools/node_modules/vnu-jar/build/dist/vnu.jar" --stdout --format gnu --css "${files[@]}"
}

builds_again_unchanged() {
  "$dateline" -r "$1" build -o "$1/public" >/dev/null && find "$1/public" -newer "$1/built" -type f | grep . && return 1
  return 0
}

# Where Debian puts sshd.
PATH=$PATH:/usr/sbin
need "${CHROMIUM:-chromium}:chromium fonts-dejavu-core" node:nodejs npm:npm java:default-jre-headless \
  pdftotext:poppler-utils git:git rsync:rsync ssh:openssh-client sshd:openssh-server python3:python3 \
  exiftool:libimage-exiftool-perl cwebp:webp dwebp:webp avifenc:libavif-bin
python3 -c 'import ensurepip' 2>/dev/null ||
  as_root apt-get install -y -qq --no-install-recommends python3-venv
mkdir -p "$tools"
if ! cmp -s "$root/tests/acceptance/package.json" "$tools/package.json" || [ ! -d "$tools/node_modules" ]; then
  cp "$root/tests/acceptance/package.json" "$tools/"
  (cd "$tools" && npm install --no-audit --no-fund --ignore-scripts --no-package-lock --loglevel=error)
fi

requirements=$root/tests/acceptance/requirements.txt
if ! cmp -s "$requirements" "$tools/requirements.txt"; then
  rm -rf "$tools/venv"
  python3 -m venv "$tools/venv"
  "$tools/venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
  cp "$requirements" "$tools/"
fi

dateline=${DATELINE:-}
if [ -z "$dateline" ]; then
  (cd "$root" && cargo build --release --quiet)
  dateline=$target/release/dateline
fi
dateline=$(realpath "$dateline")

base=$(sed -n 's/^base_url: //p' "$root/dateline.yaml")

# The sample is built in a copy, so that a developer's own output and cache stay as they are.
mkdir "$work/sample" "$work/video"
cp -r "$root"/{content,data,static,themes,dateline.yaml} "$work/sample/"
cp -r "$root/tests/acceptance/video/." "$work/video/"
sed 's/^theme: .*/theme: plain/' "$root/dateline.yaml" >"$work/sample/plain.yaml"

check "the sample site builds" "$dateline" -r "$work/sample" build -o "$work/sample/public"

# What is checked of pages, of the preview and of deploys.
pages_and_servers() {
  check "the sample site builds with the plain theme" \
    "$dateline" -r "$work/sample" -c "$work/sample/plain.yaml" build -o "$work/sample/plain" --no-cache
  check "a site with only the embedded theme builds" "$dateline" -r "$work/video" build -o "$work/video/public"
  touch "$work/sample/built"
  check "a second build writes nothing" builds_again_unchanged "$work/sample"
  check "its HTML is valid, without a warning" html_is_valid "$work/sample/public"
  check "its CSS is valid" css_is_valid "$work/sample/public"
  check "the HTML of the plain theme is valid, without a warning" html_is_valid "$work/sample/plain"

  python3 "$root/tests/acceptance/disk.py" "$dateline" | tee -a "$log" ||
    echo "not ok - the checks of small disks run to their end" | tee -a "$log"

  mkdir "$work/photos"
  python3 "$root/tests/acceptance/photos.py" "$dateline" "$work/sample/public" "$work/photos" | tee -a "$log" ||
    echo "not ok - the checks of photos run to their end" | tee -a "$log"

  mkdir "$work/metadata"
  python3 "$root/tests/acceptance/metadata.py" "$dateline" "$work/metadata" | tee -a "$log" ||
    echo "not ok - the checks of metadata run to their end" | tee -a "$log"

  mkdir "$work/newsroom"
  python3 "$root/tests/acceptance/newsroom.py" "$dateline" "$work/newsroom" | tee -a "$log" ||
    echo "not ok - the checks of a newsroom run to their end" | tee -a "$log"
  for theme in broadsheet plain; do
    check "the HTML of a newsroom is valid, without a warning, $theme" html_is_valid "$work/newsroom/$theme/public"
  done

  if [ -n "$full" ]; then
    check "with the feature avif, the tests of the darkroom pass" \
      cargo test --quiet --manifest-path "$root/Cargo.toml" --features avif --lib darkroom
  fi

  TOOLS=$tools CHROMIUM=$(command -v "${CHROMIUM:-chromium}") \
    node "$root/tests/acceptance/browser.mjs" "$work/sample" "$work/video/public" | tee -a "$log" ||
    echo "not ok - the browser's checks run to their end" | tee -a "$log"

  TOOLS=$tools CHROMIUM=$(command -v "${CHROMIUM:-chromium}") \
    node "$root/tests/acceptance/reading.mjs" "$work/sample/public" $full | tee -a "$log" ||
    echo "not ok - the checks of reading run to their end" | tee -a "$log"

  TOOLS=$tools CHROMIUM=$(command -v "${CHROMIUM:-chromium}") \
    node "$root/tests/acceptance/search.mjs" "$dateline" "$work/sample" | tee -a "$log" ||
    echo "not ok - the checks of the search run to their end" | tee -a "$log"

  TOOLS=$tools CHROMIUM=$(command -v "${CHROMIUM:-chromium}") \
    node "$root/tests/acceptance/looks.mjs" "$dateline" "$root/tests/screenshots/pages" | tee -a "$log" ||
    echo "not ok - the checks of looks run to their end" | tee -a "$log"

  # The preview is tried on a copy of its own, whose files are edited while it runs.
  mkdir "$work/preview"
  cp -r "$root"/{content,data,static,themes,dateline.yaml} "$work/preview/"
  TOOLS=$tools CHROMIUM=$(command -v "${CHROMIUM:-chromium}") \
    node "$root/tests/acceptance/preview.mjs" "$dateline" "$work/preview" | tee -a "$log" ||
    echo "not ok - the preview's checks run to their end" | tee -a "$log"

  "$tools/venv/bin/python" "$root/tests/acceptance/deploy.py" "$dateline" "$tools" | tee -a "$log" ||
    echo "not ok - the checks of deploys run to their end" | tee -a "$log"
}

speed() {
  TOOLS=$tools CHROMIUM=$(command -v "${CHROMIUM:-chromium}") \
    node "$root/tests/acceptance/lighthouse.mjs" "$work/sample/public" "$base" $full | tee -a "$log" ||
    echo "not ok - the checks of Lighthouse run to their end" | tee -a "$log"
}

if [ "$part" != speed ]; then pages_and_servers; fi
if [ "$part" != rest ]; then speed; fi

passed=$(grep -c '^ok - ' "$log" || true)
failed=$(grep -c '^not ok - ' "$log" || true)
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
