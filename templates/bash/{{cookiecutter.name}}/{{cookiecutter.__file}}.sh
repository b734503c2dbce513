# shellcheck shell=bash
# The handler gets the text of the event as $1. Its stdout is the result, its stderr is the log.

{{cookiecutter.__function}}() {
  local event=$1
  printf '%s\n' "$event" >&2
  printf "Echoing request: '%s'" "$event"
}
