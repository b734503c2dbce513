#!/bin/bash
# Tests of the handler: bash tests/run.sh

set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
failed=0

# check NAME EXPECTED ACTUAL
check() {
  if [[ $2 == "$3" ]]; then
    echo "ok: $1"
  else
    printf 'FAILED: %s\n  expected: %s\n  actual:   %s\n' "$@"
    failed=1
  fi
}

# handle EVENT: runs the handler as the bootstrap does
handle() (
  set -euo pipefail
  # shellcheck source=/dev/null
  source "$root/{{cookiecutter.__file}}.sh"
  {{cookiecutter.__function}} "$1"
)

event='{"key1":"test value 1","key2":"test value 2"}'
check 'answers with the event' "Echoing request: '$event'" "$(handle "$event" 2>/dev/null)"
check 'logs the event' "$event" "$(handle "$event" 2>&1 >/dev/null)"
check 'keeps quotes, percent signs and stars' "Echoing request: '\"%s * \\n'" "$(handle '"%s * \n' 2>/dev/null)"

exit "$failed"
