#!/usr/bin/env bash
# OpenSMTPD, a third, small MTA: no PIPELINING, CHUNKING or SMTPUTF8. In clear only: Debian 12's build can do no handshake.
# Start dovecot.sh first: mail for mail.test goes there by LMTP. Port: BASE+225.
. "$(dirname "$0")/lib.sh"
PKG='its packages are unpacked'; . "$KIT/unpacked.sh"
start() {
  local PORT=$((BASE+225))
  must_be_free $PORT
  unpack "$DIR/unpacked" opensmtpd
  cat > "$DIR/smtpd.conf" <<C
smtp max-message-size "40M"
listen on 127.0.0.1 port $PORT hostname os.mail.test mask-src
action inbox relay host "lmtp://127.0.0.1:$((BASE+24))"
match from any for domain "mail.test" action inbox
C
  cat > "$DIR/run.sh" <<C
useradd -r -M -d /var/lib/opensmtpd/empty -s /usr/sbin/nologin opensmtpd
useradd -r -M -d /var/lib/opensmtpd/empty -s /usr/sbin/nologin opensmtpq
mkdir -p /var/lib/opensmtpd/empty /var/spool/smtpd; chmod 711 /var/lib/opensmtpd/empty /var/spool/smtpd
exec smtpd -d -f $DIR/smtpd.conf
C
  sandboxed "$DIR/unpacked" bash "$DIR/run.sh"
  wait_banner $PORT '^220 ' 20 "$PID" || { kill_pids; exit 1; }
  emit OPENSMTPD_PORT=$PORT
}
main
