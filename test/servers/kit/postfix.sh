#!/usr/bin/env bash
# Postfix as a private instance: own configuration, queue and data below STATE/postfix. Start dovecot.sh first (SASL, LMTP).
# Ports: BASE+25 plain MX, BASE+587 submission (STARTTLS and AUTH needed), BASE+465 the same with TLS from the first byte;
# and one for each thing that servers do: BASE+26 AUTH in clear, 27 an old server without extensions, 28 strict (SIZE 20000, 5
# recipients at once, refuses by name), 29 421 for everyone, 30 a second for each MAIL, 31 the PROXY protocol before it,
# 32 a certificate for another name, 33 an expired one, 34 wants a client certificate, 35 TLS 1.2 only, 36 XCLIENT.
# BASE+37 AUTH by Cyrus SASL, which also has NTLM and SCRAM-SHA-512, in clear (packages sasl2-bin and libsasl2-modules).
. "$(dirname "$0")/lib.sh"
PKG='apt-get install postfix'; need postfix postconf postmap
[ "$(id -u)" = 0 ] || skip 'needs root'
start() {
  certs
  local E=$DIR/etc Q=$DIR/queue DAEMONS user port host
  DAEMONS=$(postconf -d -h daemon_directory) # the compiled-in default: there may be no /etc/postfix/main.cf
  # shellcheck disable=SC2046
  must_be_free $(seq $((BASE+25)) $((BASE+37))) $((BASE+465)) $((BASE+587))
  mkdir -p "$E" "$Q" "$DIR/data"; chmod 755 "$DIR" "$Q"; chown postfix "$DIR/data"
  cat > "$E/main.cf" <<C
compatibility_level = 3.6
queue_directory = $Q
data_directory = $DIR/data
command_directory = $(dirname "$(command -v postconf)")
daemon_directory = $DAEMONS
mail_owner = postfix
setgid_group = postdrop
default_privs = nobody
maillog_file = $DIR/log
maillog_file_prefixes = $DIR
multi_instance_name =
myhostname = mx.mail.test
mydestination =
local_transport = error:no local users here
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 192.0.2.1/32
biff = no
recipient_delimiter = +
message_size_limit = 104857600
mailbox_size_limit = 0
virtual_mailbox_limit = 0
in_flow_delay = 0
smtpd_error_sleep_time = 0
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_peername_lookup = no
smtp_host_lookup = native
disable_dns_lookups = yes
virtual_mailbox_domains = mail.test
virtual_mailbox_maps = texthash:$E/boxes
virtual_transport = lmtp:inet:127.0.0.1:$((BASE+24))
default_transport = error:5.1.2 no route from the test server
relay_transport = error:5.1.2 no route from the test server
smtpd_tls_cert_file = $CERTS/server-chain.pem
smtpd_tls_key_file = $CERTS/server.key
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:$((BASE+12))
smtpd_sasl_auth_enable = no
smtpd_sasl_security_options = noanonymous
smtpd_recipient_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
C
  for user in alice bob carol; do echo "$user@mail.test $user@mail.test/"; done > "$E/boxes"
  printf '%s\n' 'defer@ 451 4.7.1 Greylisted' 'reject@ 550 5.1.1 No such user' 'full@ 452 4.2.2 Mailbox full' 'drop@ 421 4.3.2 Going down' > "$E/strict"
  svc() { port=$1; shift; printf '127.0.0.1:%s inet n - n - - smtpd' "$port"; [ $# = 0 ] || printf ' -o %s' "$@"; echo; }
  local authed='smtpd_sasl_auth_enable=yes smtpd_recipient_restrictions=permit_sasl_authenticated,reject smtpd_relay_restrictions=permit_sasl_authenticated,reject'
  { svc $((BASE+25))
    svc $((BASE+26)) smtpd_sasl_auth_enable=yes smtpd_tls_auth_only=no smtpd_tls_security_level=none
    svc $((BASE+27)) smtpd_discard_ehlo_keywords=pipelining,dsn,etrn,vrfy,chunking,8bitmime,smtputf8,starttls,enhancedstatuscodes,size
    svc $((BASE+28)) message_size_limit=20000 smtpd_recipient_limit=5 smtpd_recipient_overshoot_limit=5 \
      "smtpd_recipient_restrictions=check_recipient_access,texthash:$E/strict,reject_unauth_destination" \
      "smtpd_relay_restrictions=check_recipient_access,texthash:$E/strict,reject_unauth_destination"
    svc $((BASE+29)) '{ smtpd_client_restrictions = check_client_access static:{421 4.3.2 Too busy, go away} }' smtpd_delay_reject=no
    svc $((BASE+30)) smtpd_sender_restrictions=sleep,1,permit smtpd_delay_reject=no
    svc $((BASE+31)) smtpd_upstream_proxy_protocol=haproxy
    svc $((BASE+32)) "smtpd_tls_cert_file=$CERTS/wrongname.pem" "smtpd_tls_key_file=$CERTS/wrongname.key" smtpd_tls_security_level=encrypt
    svc $((BASE+33)) "smtpd_tls_cert_file=$CERTS/expired.pem" "smtpd_tls_key_file=$CERTS/expired.key" smtpd_tls_security_level=encrypt
    svc $((BASE+34)) smtpd_tls_security_level=encrypt smtpd_tls_req_ccert=yes "smtpd_tls_CAfile=$CERTS/ca.pem" \
      smtpd_recipient_restrictions=permit_tls_all_clientcerts,reject smtpd_relay_restrictions=permit_tls_all_clientcerts,reject
    svc $((BASE+35)) 'smtpd_tls_mandatory_protocols=>=TLSv1.2,<=TLSv1.2' smtpd_tls_security_level=encrypt
    svc $((BASE+36)) smtpd_authorized_xclient_hosts=127.0.0.0/8
    # shellcheck disable=SC2086
    svc $((BASE+587)) smtpd_tls_security_level=encrypt $authed
    # shellcheck disable=SC2086
    svc $((BASE+465)) smtpd_tls_wrappermode=yes $authed
    if command -v saslpasswd2 >/dev/null; then
      mkdir -p "$E/sasl"
      printf '%s\n' 'pwcheck_method: auxprop' 'auxprop_plugin: sasldb' "sasldb_path: $DIR/sasldb2" \
        'mech_list: PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256 NTLM' > "$E/sasl/smtpd.conf"
      for user in alice bob; do echo "secret-$user" | saslpasswd2 -p -c -f "$DIR/sasldb2" -u mail.test $user; done >&2
      chown postfix "$DIR/sasldb2"
      svc $((BASE+37)) smtpd_tls_auth_only=no smtpd_sasl_auth_enable=yes smtpd_sasl_type=cyrus smtpd_sasl_path=smtpd \
        "cyrus_sasl_config_path=$E/sasl" smtpd_sasl_local_domain=mail.test
    fi
    cat <<'M'
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
M
  } > "$E/master.cf"
  : > "$DIR/log"
  # What `postfix start` would make, then the master daemon itself in the foreground.
  install -d -o root -m 755 "$Q/pid"
  install -d -o postfix -m 700 "$Q"/{active,bounce,corrupt,defer,deferred,flush,hold,incoming,private,saved,trace}
  install -d -o postfix -g postdrop -m 730 "$Q/maildrop"; install -d -o postfix -g postdrop -m 710 "$Q/public"
  touch -d '1 minute ago' "$E"/* # Postfix waits two seconds for a map that looks just written
  bg "$DAEMONS/master" -c "$E" -d
  wait_banner $((BASE+25)) '^220 mx.mail.test' 20 "$PID" || { kill_pids; exit 1; }
  emit BASE=$BASE CERTS="$CERTS" SMTP_PORT=$((BASE+25)) SUBMISSION_PORT=$((BASE+587)) SUBMISSIONS_PORT=$((BASE+465)) \
    "CYRUS_SASL_PORT=$(command -v saslpasswd2 >/dev/null && echo $((BASE+37)))"
}
main
