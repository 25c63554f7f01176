#!/bin/sh
# Makes the certificates in test/fixtures/tls. They are committed: run this only to replace them (needs openssl).
# The authority's key is thrown away, so nobody can make more certificates that the tests would trust.
set -eu
cd "$(dirname "$0")/.."
out=test/fixtures/tls
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

cat >"$work/ca.conf" <<END
[ca]
default_ca = tests
[tests]
database = $work/index.txt
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
[server]
subjectAltName = DNS:localhost,IP:127.0.0.1,IP:::1
[wrong-name]
subjectAltName = DNS:mail.example.org,DNS:smtp.example.org
[common-name-only]
basicConstraints = CA:FALSE
[expired]
subjectAltName = DNS:localhost,IP:127.0.0.1
[not-yet-valid]
subjectAltName = DNS:localhost,IP:127.0.0.1
[address-only]
subjectAltName = IP:127.0.0.9
[wildcard]
subjectAltName = DNS:*.example.org,DNS:m*.example.net
[self-signed]
subjectAltName = DNS:localhost,IP:127.0.0.1
[issuer]
basicConstraints = critical,CA:TRUE
[expired-issuer]
subjectAltName = DNS:localhost,IP:127.0.0.1
END
: >"$work/index.txt"
echo 01 >"$work/serial"

# certificate SECTION COMMON-NAME KEY OUT END-DATE [openssl ca options]: valid from START on, whatever the clock says.
start=20200101000000Z
certificate() {
  section=$1 name=$2 key=$3 file=$4 end=$5
  shift 5
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$key"
  openssl req -new -key "$key" -subj "/CN=$name" -out "$work/request.pem"
  openssl ca -batch -notext -config "$work/ca.conf" -keyfile "$work/ca.key" -extensions "$section" \
    -startdate "$start" -enddate "$end" -in "$work/request.pem" -out "$file" "$@" 2>/dev/null
}

certificate authority 'Posthorn test authority' "$work/ca.key" "$out/ca.pem" 20560101000000Z -selfsign
for leaf in server wrong-name common-name-only expired address-only wildcard; do
  case $leaf in
    expired) end=20210101000000Z ;;
    *) end=20551231000000Z ;;
  esac
  case $leaf in
    common-name-only | address-only) name=localhost ;;
    *) name=$leaf ;;
  esac
  certificate "$leaf" "$name" "$out/$leaf.key.pem" "$out/$leaf.pem" "$end" -cert "$out/ca.pem"
done
openssl pkcs12 -export -in "$out/server.pem" -inkey "$out/server.key.pem" -passout pass:sesame -out "$out/client.p12"
openssl pkcs8 -topk8 -in "$out/server.key.pem" -passout pass:sesame -out "$out/client.key.pem"

certificate self-signed 'Own certificate' "$out/self-signed.key.pem" "$out/self-signed.pem" 20551231000000Z \
  -selfsign -keyfile "$out/self-signed.key.pem"

# A good certificate whose issuer is none any more; both are shown.
certificate issuer 'Expired issuer' "$work/issuer.key" "$work/issuer.pem" 20210101000000Z -cert "$out/ca.pem"
certificate expired-issuer expired-issuer "$out/expired-issuer.key.pem" "$work/leaf.pem" 20551231000000Z \
  -cert "$work/issuer.pem" -keyfile "$work/issuer.key"
cat "$work/leaf.pem" "$work/issuer.pem" >"$out/expired-issuer.pem"

start=20500101000000Z
certificate not-yet-valid not-yet-valid "$out/not-yet-valid.key.pem" "$out/not-yet-valid.pem" 20551231000000Z -cert "$out/ca.pem"
chmod 644 "$out"/*
