#!/usr/bin/env bash
# A throw-away certificate authority, a server certificate for localhost and mail.test, one for another name, one that has
# expired, and one for a client.
. "$(dirname "$0")/lib.sh"; PKG='apt-get install openssl'; need openssl
start() {
  [ -e "$DIR/env" ] && { cat "$DIR/env"; return; }
  cd "$DIR" || die "no $DIR"
  q() { openssl "$@" 2>>log || { tail -n 5 log >&2; die "openssl $1"; }; }
  key() { q genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }
  key ca
  q req -x509 -new -key ca.key -out ca.pem -days 30 -subj '/CN=Posthorn test CA' \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
  # issue NAME EXTENSIONS DAYS: a negative number of days is over
  issue() {
    key "$1"
    q req -new -key "$1.key" -subj "/CN=$1.mail.test" -out "$1.csr"
    printf '%b' "$2" > "$1.ext"
    q x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -extfile "$1.ext" -days "$3" -out "$1.pem"
  }
  local server='extendedKeyUsage=serverAuth\nsubjectAltName='
  issue server "${server}DNS:localhost,DNS:mail.test,IP:127.0.0.1\n" 20
  issue wrongname "${server}DNS:other.test\n" 20
  issue expired "${server}DNS:localhost,IP:127.0.0.1\n" -1
  issue client 'extendedKeyUsage=clientAuth\n' 20
  cat server.pem ca.pem > server-chain.pem
  chmod 644 ./*; chmod 755 .
  emit CA="$DIR/ca.pem"
}
main
