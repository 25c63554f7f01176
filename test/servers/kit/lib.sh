# Helpers of the test servers (bash); sourced, never run.
#   NAME.sh start STATE BASE   starts a server with everything it writes under STATE/NAME, waits until it answers,
#                              prints KEY=VALUE lines. Exit 77: the program is not installed or needs
#                              root; 78: this machine does not allow it.
#   NAME.sh stop STATE         ends only the processes recorded there.
KIT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CMD=${1:-}; STATE=${2:-}; BASE=${3:-22000}
NAME=$(basename "$0" .sh)
PATH=$PATH:/usr/sbin:/sbin

die() { echo "$NAME: $*" >&2; exit 1; }
skip() { echo "$NAME: $*" >&2; exit 77; }
[ -n "$STATE" ] || die "usage: $NAME.sh start|stop STATE [BASE]"
mkdir -p "$STATE"; STATE=$(cd "$STATE" && pwd); DIR=$STATE/$NAME

need() { local b; for b in "$@"; do command -v "$b" >/dev/null 2>&1 || skip "$b is not installed; $PKG"; done; }
now() { date +%s%3N; }

# A zombie still answers kill -0, and the first process of a container may not reap it.
alive() {
  local st; st=$(sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null) || return 1
  case $st in ''|Z*|X*) return 1;; esac
}

# A probe could be answered by somebody else's server.
must_be_free() { local p; for p in "$@"; do ! (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || die "port $p is taken"; done; }

# wait_banner PORT REGEX SECONDS PID: the first line that the server sends must match
wait_banner() {
  local end=$(( $(now) + $3 * 1000 )) line
  while :; do
    line=
    { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null && { IFS= read -r -t 2 line <&3; exec 3>&-; }
    [[ $line =~ $2 ]] && return 0
    alive "$4" || { echo "$NAME died; its log ends:" >&2; tail -n 20 "$DIR/log" >&2; return 1; }
    [ "$(now)" -lt "$end" ] || { echo "$NAME: no banner on $1 (got '$line')" >&2; tail -n 20 "$DIR/log" >&2; return 1; }
    sleep 0.02
  done
}

# wait_open PORT SECONDS PID: something listens
wait_open() {
  local end=$(( $(now) + $2 * 1000 ))
  until (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do
    alive "$3" || { echo "$NAME: what was to listen on $1 died; its log ends:" >&2; tail -n 20 "$DIR/log" >&2; return 1; }
    [ "$(now)" -lt "$end" ] || { echo "$NAME: nothing listens on $1" >&2; tail -n 20 "$DIR/log" >&2; return 1; }
    sleep 0.02
  done
}

# Children outlive their master while a client is connected: the whole process group is ended.
kill_pids() {
  local p i
  [ -e "$DIR/pid" ] || return 0
  while read -r p; do kill -TERM "$p" 2>/dev/null; done < "$DIR/pid"
  while read -r p; do
    for i in $(seq 150); do alive "$p" || break; sleep 0.02; done
    kill -KILL -- "-$p" 2>/dev/null
  done < "$DIR/pid"
  rm -f "$DIR/pid"
}

bg() { setsid "$@" >>"$DIR/log" 2>&1 </dev/null & PID=$!; echo $PID >> "$DIR/pid"; }
emit() { printf '%s\n' "$@" | tee "$DIR/env"; }
certs() { "$KIT/certs.sh" start "$STATE" >/dev/null; CERTS=$STATE/certs; }

main() {
  case $CMD in
    start) kill_pids; [ "$NAME" = certs ] || rm -rf "$DIR"; mkdir -p "$DIR"; start;;
    stop) kill_pids;;
    *) die "start or stop";;
  esac
}
