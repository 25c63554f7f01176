#!/usr/bin/env bash
# Cyrus IMAP, for SCRAM with channel binding. Its packages conflict with Dovecot's, so they are unpacked, not installed, and
# run in a mount namespace where they look installed. Port: BASE+93 IMAPS. Account alice (realm mail.test), password secret-alice.
. "$(dirname "$0")/lib.sh"
PKG='apt-get install sasl2-bin libsasl2-modules'; need saslpasswd2
. "$KIT/unpacked.sh"

start() {
  certs
  local IMAPS=$((BASE+93))
  must_be_free $IMAPS
  unpack "$DIR/unpacked" cyrus-imapd cyrus-common
  mkdir -p "$DIR"/{conf/proc,conf/socket,spool}
  cp "$CERTS/server.key" "$DIR/server.key"
  for user in alice admin; do echo "secret-$user" | saslpasswd2 -p -c -f "$DIR/sasldb2" -u mail.test $user; done >&2
  cat > "$DIR/imapd.conf" <<C
servername: mail.test
configdirectory: $DIR/conf
partition-default: $DIR/spool
defaultpartition: default
proc_path: $DIR/conf/proc
admins: admin
autocreate_quota: 0
allowplaintext: no
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: $DIR/sasldb2
sasl_mech_list: PLAIN SCRAM-SHA-1 SCRAM-SHA-256
loginrealms: mail.test
defaultdomain: mail.test
virtdomains: off
failedloginpause: 0
tls_server_cert: $CERTS/server-chain.pem
tls_server_key: $DIR/server.key
syslog_prefix: cyrus
skiplist_unsafe: 1
C
  cat > "$DIR/cyrus.conf" <<C
START {
  recover cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -C $DIR/imapd.conf -r"
}
SERVICES {
  imaps cmd="imapd -C $DIR/imapd.conf -s" listen="127.0.0.1:$IMAPS" prefork=1
}
C
  cat > "$DIR/run.sh" <<C
useradd -r -M -g mail -d $DIR -s /bin/sh cyrus; ldconfig
mkdir -p /run/cyrus/proc /run/cyrus/socket; chown -R cyrus:mail $DIR/conf $DIR/spool $DIR/sasldb2 $DIR/server.key /run/cyrus
exec /usr/lib/cyrus/bin/master -C $DIR/imapd.conf -M $DIR/cyrus.conf -p $DIR/master.pid
C
  sandboxed "$DIR/unpacked" bash "$DIR/run.sh"
  local end=$(( $(now) + 30000 ))
  until timeout 1 openssl s_client -connect "127.0.0.1:$IMAPS" -quiet < /dev/null 2>/dev/null | grep -qm1 "OK "; do
    alive "$PID" || { tail -n 20 "$DIR/log" >&2; die 'it died'; }
    [ "$(now)" -lt "$end" ] || { kill_pids; die 'no greeting'; }
    sleep 0.2
  done
  emit CYRUS_IMAPS_PORT=$IMAPS
}
main
