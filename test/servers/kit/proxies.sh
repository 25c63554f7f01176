#!/usr/bin/env bash
# Every kind of proxy, on loopback, one instance of each. The login is kit / p:w@1 (tinyproxy, which can't have that: kit / pw1).
#   BASE+180 microsocks SOCKS5     181 the same with a login
#   BASE+182 danted SOCKS4 and 5   183 ssh -D, SOCKS4, 4a and 5 (its sshd on 184)
#   BASE+185 tinyproxy CONNECT, Basic
#   BASE+186 squid CONNECT, Basic  187 the same over TLS  188 squid CONNECT, Digest
. "$(dirname "$0")/lib.sh"
PKG='apt-get install microsocks dante-server tinyproxy squid openssh-server openssh-client openssl'
need microsocks danted tinyproxy squid ssh sshd openssl
[ "$(id -u)" = 0 ] || skip 'needs root'
LOGIN=kit PASSWORD='p:w@1'

squid_config() { # SCHEME PORT PROGRAM…
  local scheme=$1 port=$2; shift 2
  cat <<C
http_port 127.0.0.1:$port
auth_param $scheme program $*
auth_param $scheme children 2
auth_param $scheme realm posthorn
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
cache deny all
cache_mem 8 MB
cache_effective_user nobody
cache_effective_group nogroup
pid_filename $DIR/$scheme/pid
access_log none
cache_log $DIR/$scheme/log
cache_store_log none
coredump_dir $DIR/$scheme
netdb_filename none
visible_hostname posthorn
pinger_enable off
shutdown_lifetime 0 seconds
max_filedescriptors 1024
C
}

start() {
  certs
  chmod o+x "$STATE"
  local P=$((BASE+180)) n
  for n in 0 1 2 3 4 5 6 7 8; do must_be_free $((P+n)); done
  bg microsocks -i 127.0.0.1 -p $P; wait_open $P 10 "$PID" || exit 1
  bg microsocks -i 127.0.0.1 -p $((P+1)) -u $LOGIN -P "$PASSWORD"; wait_open $((P+1)) 10 "$PID" || exit 1

  cat > "$DIR/danted.conf" <<C
logoutput: $DIR/log
internal: 127.0.0.1 port = $((P+2))
external: lo
clientmethod: none
socksmethod: none
user.privileged: root
user.unprivileged: nobody
client pass {
  from: 0.0.0.0/0 to: 0.0.0.0/0
}
socks pass {
  from: 0.0.0.0/0 to: 0.0.0.0/0
  command: connect
  proxyprotocol: socks_v4 socks_v5
}
C
  bg danted -f "$DIR/danted.conf" -p "$DIR/danted.pid" -N 1; wait_open $((P+2)) 10 "$PID" || exit 1

  local key; for key in host user; do ssh-keygen -q -t ed25519 -N '' -f "$DIR/$key"; done
  mkdir -p /run/sshd
  printf '%s\n' "ListenAddress 127.0.0.1:$((P+4))" "HostKey $DIR/host" 'PidFile none' 'UsePAM no' 'StrictModes no' \
    "AuthorizedKeysFile $DIR/user.pub" 'PermitRootLogin yes' 'PasswordAuthentication no' > "$DIR/sshd.conf"
  bg "$(command -v sshd)" -D -e -f "$DIR/sshd.conf"; wait_banner $((P+4)) '^SSH-' 10 "$PID" || exit 1
  bg ssh -F /dev/null -N -D 127.0.0.1:$((P+3)) -p $((P+4)) -i "$DIR/user" -o IdentitiesOnly=yes \
    -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ExitOnForwardFailure=yes "$(id -un)@127.0.0.1"
  wait_open $((P+3)) 10 "$PID" || exit 1

  printf '%s\n' 'User nobody' 'Group nogroup' "Port $((P+5))" 'Listen 127.0.0.1' 'Timeout 60' 'MaxClients 50' \
    "BasicAuth $LOGIN pw1" > "$DIR/tinyproxy.conf"
  bg tinyproxy -d -c "$DIR/tinyproxy.conf"; wait_open $((P+5)) 10 "$PID" || exit 1

  echo "$LOGIN:$(openssl passwd -apr1 "$PASSWORD")" > "$DIR/basic.users"
  echo "$LOGIN:posthorn:$(printf %s "$LOGIN:posthorn:$PASSWORD" | md5sum | cut -d' ' -f1)" > "$DIR/digest.users"
  squid_config basic $((P+6)) "/usr/lib/squid/basic_ncsa_auth $DIR/basic.users" > "$DIR/basic.conf"
  echo "https_port 127.0.0.1:$((P+7)) tls-cert=$CERTS/server-chain.pem tls-key=$CERTS/server.key" >> "$DIR/basic.conf"
  squid_config digest $((P+8)) "/usr/lib/squid/digest_file_auth -c $DIR/digest.users" > "$DIR/digest.conf"
  local scheme port
  for scheme in basic digest; do
    mkdir -p "$DIR/$scheme"; chown nobody "$DIR/$scheme"
    bg squid -N -n "posthorn$$$scheme" -f "$DIR/$scheme.conf"
    [ $scheme = basic ] && port=$((P+7)) || port=$((P+8))
    wait_open $port 20 "$PID" || exit 1
  done
  emit PROXY_LOGIN=$LOGIN PROXY_PASSWORD="$PASSWORD" SOCKS5=$P SOCKS5_LOGIN=$((P+1)) DANTE=$((P+2)) SSH=$((P+3)) \
    TINYPROXY=$((P+5)) SQUID_BASIC=$((P+6)) SQUID_TLS=$((P+7)) SQUID_DIGEST=$((P+8))
}
main
