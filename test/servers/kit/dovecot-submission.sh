#!/usr/bin/env bash
# Dovecot's submission service: takes mail with AUTH after STARTTLS and hands it on. Start exim.sh first: that is where to.
# Port: BASE+588. Accounts as in dovecot.sh.
. "$(dirname "$0")/lib.sh"
PKG='apt-get install dovecot-imapd; the rest is unpacked'; need dovecot
. "$KIT/unpacked.sh"
start() {
  certs
  local PORT=$((BASE+588)) user
  must_be_free $PORT
  unpack "$DIR/unpacked" dovecot-submissiond
  mkdir -p "$DIR"/{mail,run,state}
  for user in alice bob carol; do echo "$user@mail.test:{PLAIN}secret-$user::::::"; done > "$DIR/users"
  cat > "$DIR/dovecot.conf" <<C
base_dir = $DIR/run
state_dir = $DIR/state
instance_name = posthorn-submission-$BASE
log_path = $DIR/log
auth_failure_delay = 0
auth_mechanisms = plain login
auth_username_format = %Lu
listen = 127.0.0.1
protocols = submission
mail_location = maildir:$DIR/mail/%u
first_valid_uid = 0
hostname = submission.mail.test
submission_relay_host = 127.0.0.1
submission_relay_port = $((BASE+125))
ssl = required
ssl_cert = <$CERTS/server-chain.pem
ssl_key = <$CERTS/server.key
disable_plaintext_auth = yes
passdb {
  driver = passwd-file
  args = $DIR/users
}
userdb {
  driver = passwd-file
  args = $DIR/users
  default_fields = uid=mail gid=mail home=$DIR/mail/%u
}
service submission-login {
  inet_listener submission {
    port = $PORT
  }
}
C
  chown -R mail:mail "$DIR/mail"
  echo 'getent passwd dovenull >/dev/null || useradd -r -M dovenull; getent passwd dovecot >/dev/null || useradd -r -M dovecot
ldconfig; exec dovecot -F -c "$1"' > "$DIR/run.sh"
  sandboxed "$DIR/unpacked" bash "$DIR/run.sh" "$DIR/dovecot.conf"
  wait_banner $PORT '^220 ' 15 "$PID" || { kill_pids; exit 1; }
  emit DOVECOT_SUBMISSION_PORT=$PORT
}
main
