#!/usr/bin/env bash
# Dovecot 2.3 as `nobody`: IMAP to read back, LMTP for Postfix to deliver to, SASL for Postfix to ask.
# INTROSPECT_URL in the environment: where XOAUTH2 and OAUTHBEARER tokens are asked about (RFC 7662), as client dovecot.
# Ports: BASE+143 IMAP, BASE+24 LMTP, BASE+12 SASL. Accounts alice, bob, carol @mail.test with password secret-NAME.
. "$(dirname "$0")/lib.sh"
PKG='apt-get install dovecot-imapd dovecot-lmtpd'; need dovecot setpriv; [ -e /usr/lib/dovecot/lmtp ] || skip "no LMTP; $PKG"
[ "$(id -u)" = 0 ] || skip 'needs root, to run as nobody'
start() {
  certs
  local IMAP=$((BASE+143)) LMTP=$((BASE+24)) SASL=$((BASE+12)) user
  must_be_free $IMAP $LMTP $SASL
  mkdir -p "$DIR"/{mail,run,state}
  for user in alice bob carol; do echo "$user@mail.test:{PLAIN}secret-$user::::::"; done > "$DIR/users"
  printf '%s\n' 'odd@mail.test:{PLAIN}p s"w\o=r,d€::::::' >> "$DIR/users"
  local mechanisms='plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256' oauth=''
  if [ -n "${INTROSPECT_URL:-}" ]; then
    mechanisms+=' xoauth2 oauthbearer'
    printf '%s\n' 'introspection_mode = post' "introspection_url = $INTROSPECT_URL" 'client_id = dovecot' \
      'client_secret = dovecot-secret' 'username_attribute = sub' 'active_attribute = active' 'active_value = true' > "$DIR/oauth2"
    oauth="passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = $DIR/oauth2
}"
  fi
  cat > "$DIR/dovecot.conf" <<C
base_dir = $DIR/run
state_dir = $DIR/state
instance_name = posthorn-$BASE
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
log_path = $DIR/log
auth_failure_delay = 0
auth_mechanisms = $mechanisms
auth_realms = mail.test
auth_username_format = %Lu
listen = 127.0.0.1
protocols = imap lmtp
mail_location = maildir:$DIR/mail/%u
first_valid_uid = 0
first_valid_gid = 0
ssl = no
disable_plaintext_auth = no
mail_fsync = never
$oauth
passdb {
  driver = passwd-file
  mechanisms = plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256
  args = username_format=%u $DIR/users
}
userdb {
  driver = passwd-file
  args = username_format=%u $DIR/users
  default_fields = uid=nobody gid=nogroup home=$DIR/mail/%u
}
namespace inbox {
  inbox = yes
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = $IMAP
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = $LMTP
  }
}
service auth {
  inet_listener sasl {
    address = 127.0.0.1
    port = $SASL
  }
}
C
  touch "$DIR/log"; chown -R nobody:nogroup "$DIR"; chmod o+x "$STATE"
  bg setpriv --reuid=nobody --regid=nogroup --clear-groups dovecot -F -c "$DIR/dovecot.conf"
  wait_banner $IMAP 'OK .*CAPABILITY' 15 "$PID" || { kill_pids; exit 1; }
  emit IMAP_PORT=$IMAP LMTP_PORT=$LMTP SASL_PORT=$SASL
}
main
