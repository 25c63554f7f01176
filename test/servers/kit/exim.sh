#!/usr/bin/env bash
# Exim, a second MTA: GnuTLS, its own SASL, CHUNKING, PRDR. Start dovecot.sh first: mail for mail.test goes there by LMTP.
# Ports: BASE+125 plain MX, BASE+187 submission (STARTTLS, AUTH after it), BASE+165 the same with TLS from the first byte.
# Accounts as in dovecot.sh. Recipients reject@ and defer@ are refused.
. "$(dirname "$0")/lib.sh"
PKG='its packages are unpacked'; . "$KIT/unpacked.sh"
start() {
  certs
  local MX=$((BASE+125)) SUBMISSION=$((BASE+187)) SUBMISSIONS=$((BASE+165))
  must_be_free $MX $SUBMISSION $SUBMISSIONS
  unpack "$DIR/unpacked" exim4-daemon-heavy
  mkdir -p "$DIR/spool" "$DIR/logs"
  cat > "$DIR/exim.conf" <<C
primary_hostname = exim.mail.test
spool_directory = $DIR/spool
log_file_path = $DIR/logs/%slog
pid_file_path = $DIR/exim.pid
local_interfaces = <; 127.0.0.1.$MX ; 127.0.0.1.$SUBMISSION ; 127.0.0.1.$SUBMISSIONS
tls_on_connect_ports = $SUBMISSIONS
tls_advertise_hosts = *
tls_certificate = $CERTS/server-chain.pem
tls_privatekey = $CERTS/server.key
auth_advertise_hosts = \${if and{{!eq{\$received_port}{$MX}}{def:tls_in_cipher}}{*}{:}}
chunking_advertise_hosts = *
smtputf8_advertise_hosts = *
dsn_advertise_hosts = *
prdr_enable = true
message_size_limit = 50M
recipients_max = 5
host_lookup =
rfc1413_hosts =
dns_ipv4_lookup =
never_users =
keep_environment =
smtp_accept_max = 200
smtp_accept_max_per_connection = 5000
smtp_accept_queue_per_connection = 0
acl_smtp_rcpt = rcpt
acl_smtp_data = data
domainlist ours = mail.test
begin acl
rcpt:
  deny    local_parts = reject
          message = 550 5.1.1 No such user here
  defer   local_parts = defer
          message = 451 4.7.1 Greylisted, try again later
  accept  authenticated = *
  accept  domains = +ours
          condition = \${if eq{\$received_port}{$MX}}
  deny    message = 550 5.7.1 Relaying denied
data:
  accept
begin routers
inbox:
  driver = manualroute
  domains = +ours
  route_list = * 127.0.0.1
  transport = lmtp
  self = send
blackhole:
  driver = redirect
  data = :blackhole:
begin transports
lmtp:
  driver = smtp
  protocol = lmtp
  port = $((BASE+24))
  allow_localhost
  hosts_avoid_tls = *
begin retry
* * F,60s,2s
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if eq{\$auth3}{secret-\${extract{1}{@}{\$auth2}}}}
  server_set_id = \$auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = \${if eq{\$auth2}{secret-\${extract{1}{@}{\$auth1}}}}
  server_set_id = \$auth1
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = secret-\${extract{1}{@}{\$auth1}}
  server_set_id = \$auth1
C
  cat > "$DIR/run.sh" <<C
useradd -r -M -d $DIR/spool -s /usr/sbin/nologin Debian-exim; ldconfig
mkdir -p /etc/exim4; cp $DIR/exim.conf /etc/exim4/exim4.conf; chmod 644 /etc/exim4/exim4.conf
chown -R Debian-exim: $DIR/spool $DIR/logs; exec exim4 -bdf -q5s
C
  sandboxed "$DIR/unpacked" bash "$DIR/run.sh"
  wait_banner $MX '^220 exim' 20 "$PID" || { tail -n 5 "$DIR"/logs/* >&2; kill_pids; exit 1; }
  emit EXIM_PORT=$MX EXIM_SUBMISSION_PORT=$SUBMISSION EXIM_SUBMISSIONS_PORT=$SUBMISSIONS
}
main
