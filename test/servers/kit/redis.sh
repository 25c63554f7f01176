#!/usr/bin/env bash
# Redis on loopback only. Port: BASE+379. Every write is on disk before it is answered (appendfsync always); password secret.
. "$(dirname "$0")/lib.sh"
PKG='apt-get install redis-server'
need redis-server
start() {
  local PORT=$((BASE+379))
  must_be_free "$PORT"
  printf '%s\n' 'bind 127.0.0.1' "port $PORT" "dir $DIR" 'requirepass secret' 'appendonly yes' 'appendfsync always' \
    'save ""' 'maxmemory-policy noeviction' 'daemonize no' > "$DIR/redis.conf"
  bg redis-server "$DIR/redis.conf"
  wait_open "$PORT" 10 "$PID" || { kill_pids; exit 1; }
  emit "REDIS_URL=redis://:secret@127.0.0.1:$PORT" "REDIS_PID=$PID"
}
main
