#!/usr/bin/env bash
# A throw-away certificate authority and a server certificate for localhost and mail.test.
. "$(dirname "$0")/lib.sh"; PKG='apt-get install openssl'; need openssl
start() {
  [ -e "$DIR/env" ] && { cat "$DIR/env"; return; }
  cd "$DIR" || die "no $DIR"
  q() { openssl "$@" 2>>log || { tail -n 5 log >&2; die "openssl $1"; }; }
  key() { q genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }
  key ca
  q req -x509 -new -key ca.key -out ca.pem -days 30 -subj '/CN=Posthorn test CA' \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
  key server
  q req -new -key server.key -subj /CN=mail.test -out server.csr
  printf 'subjectAltName=DNS:localhost,DNS:mail.test,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' > server.ext
  q x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile server.ext -days 20 -out server.pem
  cat server.pem ca.pem > server-chain.pem
  chmod 644 ./*; chmod 755 .
  emit CA="$DIR/ca.pem"
}
main
