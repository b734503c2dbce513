main_handler() {
  printf 'Echoing request: %s' "$1"
}
