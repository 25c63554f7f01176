#!/usr/bin/env bash
# PostgreSQL, as a user without rights, on loopback only. Port: BASE+432. Database and user: posthorn, password secret.
# Everything is on disk when a commit returns, as a default installation has it.
. "$(dirname "$0")/lib.sh"
PKG='apt-get install postgresql'
B=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
need "${B:-/usr/lib/postgresql}/initdb"
start() {
  local PORT=$((BASE+432)) as=()
  must_be_free "$PORT"
  mkdir -p "$DIR/data"
  echo secret > "$DIR/pw"
  # PostgreSQL refuses to run as root; whoever runs it must be able to reach its folder.
  if [ "$(id -u)" = 0 ]; then
    need setpriv
    chmod 711 "$STATE"
    chown -R nobody "$DIR"
    as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
  fi
  chmod 700 "$DIR/data"
  cd /
  "${as[@]}" "$B/initdb" -D "$DIR/data" -U posthorn -A scram-sha-256 --pwfile="$DIR/pw" -E UTF8 --locale=C.UTF-8 -N \
    > "$DIR/initdb.log" 2>&1 || { tail -n 20 "$DIR/initdb.log" >&2; exit 1; }
  bg "${as[@]}" "$B/postgres" -D "$DIR/data" -p "$PORT" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$DIR" \
    -c shared_buffers=32MB -c max_connections=100
  local i
  for i in $(seq 500); do
    PGPASSWORD=secret "$B/psql" -h 127.0.0.1 -p "$PORT" -U posthorn -d postgres -Atqc 'CREATE DATABASE posthorn' >/dev/null 2>&1 && break
    alive "$PID" || { tail -n 20 "$DIR/log" >&2; exit 1; }
    sleep 0.05
  done
  emit "POSTGRES_URL=postgres://posthorn:secret@127.0.0.1:$PORT/posthorn"
}
main
