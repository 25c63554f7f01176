#!/usr/bin/env bash
# dnsmasq: a name server on BASE+53 that knows where the domains of the tests take mail.
#   mail.test     SRV of both services, to Postfix: BASE+465 and BASE+587 of mail.test
#   hosted.test   SRV to mail.test, which is another domain
#   closed.test   SRV that say that there is no such service (RFC 2782, target '.')
#   google.test   MX of a provider that everybody knows
. "$(dirname "$0")/lib.sh"
PKG='apt-get install dnsmasq-base'; need dnsmasq
start() {
  local PORT=$((BASE+53))
  must_be_free $PORT
  cat > "$DIR/dnsmasq.conf" <<C
no-resolv
no-hosts
no-poll
keep-in-foreground
port=$PORT
listen-address=127.0.0.1
bind-interfaces
pid-file=$DIR/dnsmasq.pid
log-facility=-
local=/test/
srv-host=_submissions._tcp.mail.test,mail.test,$((BASE+465)),0,1
srv-host=_submission._tcp.mail.test,mail.test,$((BASE+587)),0,1
srv-host=_submissions._tcp.hosted.test,mail.test,$((BASE+465)),0,1
srv-host=_submissions._tcp.closed.test
srv-host=_submission._tcp.closed.test
mx-host=google.test,aspmx.l.google.com,1
C
  bg dnsmasq -C "$DIR/dnsmasq.conf" -u "$(id -un)"
  wait_open $PORT 10 "$PID" || { kill_pids; exit 1; }
  emit DNS_PORT=$PORT
}
main
