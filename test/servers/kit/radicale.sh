#!/usr/bin/env bash
# Radicale, a CalDAV server, on loopback only. Port: BASE+83; alice, password secret. It refuses what is no iCalendar.
. "$(dirname "$0")/lib.sh"
PKG='apt-get install radicale'
need radicale
start() {
  local PORT=$((BASE+83))
  must_be_free "$PORT"
  mkdir -p "$DIR/collections"
  echo 'alice:secret' > "$DIR/users"
  printf '%s\n' '[server]' "hosts = 127.0.0.1:$PORT" '[auth]' 'type = htpasswd' "htpasswd_filename = $DIR/users" \
    'htpasswd_encryption = plain' 'delay = 0' '[storage]' "filesystem_folder = $DIR/collections" > "$DIR/config"
  bg /usr/bin/python3 "$(command -v radicale)" --config "$DIR/config"
  wait_open "$PORT" 20 "$PID" || { kill_pids; exit 1; }
  emit "CALDAV_URL=http://127.0.0.1:$PORT/alice/"
}
main
