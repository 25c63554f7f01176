#!/usr/bin/env bash
# aiosmtpd (Python), strict about CRLF. Ports: BASE+625 SMTP (STARTTLS, AUTH after it, SMTPUTF8), BASE+626 LMTP, where nobody@
# is refused after the dot. Accounts as in dovecot.sh. Each message is a line of JSON in STATE/aiosmtpd/messages.
. "$(dirname "$0")/lib.sh"
PKG='its package is unpacked'; need python3 apt-get
. "$KIT/unpacked.sh"
start() {
  certs
  local PORT=$((BASE+625))
  must_be_free $PORT $((PORT+1))
  unpack "$DIR/unpacked" python3-aiosmtpd
  cat > "$DIR/server.py" <<'P'
import asyncio, hashlib, json, ssl, sys
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from aiosmtpd.lmtp import LMTP
state, port = sys.argv[1], int(sys.argv[2])
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(state + '/certs/server-chain.pem', state + '/certs/server.key')
class Handler:
    async def handle_DATA(self, server, session, envelope):
        with open(state + '/aiosmtpd/messages', 'a') as log:
            log.write(json.dumps({
                'from': envelope.mail_from, 'to': envelope.rcpt_tos, 'utf8': envelope.smtp_utf8,
                'size': len(envelope.content), 'sha256': hashlib.sha256(envelope.content).hexdigest()}) + '\n')
        if not isinstance(server, LMTP): return '250 2.0.0 OK'
        return '\r\n'.join('550 5.2.1 Nobody home' if to.startswith('nobody@') else '250 2.0.0 OK' for to in envelope.rcpt_tos)
def authenticate(server, session, envelope, mechanism, data):
    fine = isinstance(data, LoginPassword) and data.password.decode() == 'secret-' + data.login.decode().split('@')[0]
    return AuthResult(success=fine)
async def serve():
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: SMTP(Handler(), enable_SMTPUTF8=True, tls_context=context, authenticator=authenticate, auth_require_tls=True, loop=loop), '127.0.0.1', port)
    await loop.create_server(lambda: LMTP(Handler(), enable_SMTPUTF8=True, loop=loop), '127.0.0.1', port + 1)
    await asyncio.Event().wait()
asyncio.run(serve())
P
  : > "$DIR/messages"
  PYTHONPATH=$DIR/unpacked/root/usr/lib/python3/dist-packages bg python3 "$DIR/server.py" "$STATE" $PORT
  wait_banner $PORT '^220' 15 "$PID" || { kill_pids; exit 1; }
  wait_banner $((PORT+1)) '^220' 15 "$PID" || { kill_pids; exit 1; }
  emit AIOSMTPD_PORT=$PORT AIOSMTPD_LMTP_PORT=$((PORT+1)) AIOSMTPD_MESSAGES="$DIR/messages"
}
main
