# A handler that does what its event says: {"do": "echo"}, {"do": "fail", "message": "…"} and so on.

[[ -z ${LOAD_MS-} ]] || sleep "${LOAD_MS}e-3"

main_handler() {
  local event=$1 start=${1:0:4000} do='' rest=''
  # The long values, base64 and value, are the last ones of their events.
  if [[ $start =~ ^\{[[:space:]]*\"do\"[[:space:]]*:[[:space:]]*\"([a-z]+)\" ]]; then
    do=${BASH_REMATCH[1]}
    rest=${start:${#BASH_REMATCH[0]}}
  fi
  case $do in
    result | text) conformance_decoded "$event" ;;
    json) conformance_value "$event" ;;
    nothing) ;;
    large) head -c "$(conformance_field bytes)" /dev/zero | tr '\0' x ;;
    sleep)
      echo sleeping >&2
      sleep "$(conformance_field ms)e-3"
      printf slept
      ;;
    log)
      conformance_decoded "$event" >&2
      echo >&2
      printf logged
      ;;
    context) conformance_context ;;
    env) conformance_variable "$(conformance_field name)" ;;
    cwd) printf %s "$PWD" ;;
    stdin) cat ;;
    fail)
      conformance_field message >&2
      return 3
      ;;
    throw)
      conformance_field message >&2
      false # any command that fails ends the handler
      ;;
    exit) exit "$(conformance_field status)" ;;
    recurse)
      ulimit -s 1024 # Bash would take its time to fill 8 MB
      conformance_recursion
      ;;
    *) printf %s "$event" ;;
  esac
}

# Prints a short field, a text or a number; $rest is main_handler's. What printf takes for %b includes JSON's escapes.
conformance_field() {
  [[ $rest =~ \"$1\"[[:space:]]*:[[:space:]]*(\"(([^\"\\]|\\.)*)\"|[0-9]+) ]] || return 0
  local value=${BASH_REMATCH[1]}
  [[ $value != \"* ]] || value=${BASH_REMATCH[2]}
  printf '%b\n' "${value//\\\"/\"}"
}

conformance_decoded() {
  local data=${1#*\"base64\"*\"}
  base64 -d <<<"${data%\"*}"
}

conformance_value() {
  local value=${1#*\"value\"*:}
  value=${value%\}*}
  printf %s "${value# }"
}

conformance_variable() {
  printf %s "${!1-}"
}

conformance_context() {
  printf '{"request_id": "%s", "memory_limit_in_mb": %d, "time_limit_in_ms": %d, ' \
    "$SCF_REQUEST_ID" "$SCF_MEMORY_LIMIT_IN_MB" "$SCF_TIME_LIMIT_IN_MS"
  printf '"function_name": "%s", "function_version": "%s", "namespace": "%s", ' \
    "$SCF_FUNCTIONNAME" "$SCF_FUNCTIONVERSION" "$SCF_NAMESPACE"
  printf '"tencentcloud_region": "%s", "remaining_time_in_ms": %d}' \
    "$TENCENTCLOUD_REGION" "$(remaining_time_in_ms)"
}

# shellcheck disable=SC2264 # endless on purpose
conformance_recursion() {
  conformance_recursion
}
