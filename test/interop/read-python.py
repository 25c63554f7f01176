"""Reads messages with Python's email package: one base64 line in, one JSON line out."""
import base64
import email
import email.policy
import json
import sys


def addresses(header):
    if header is None:
        return []
    return [[a.display_name, a.addr_spec] for a in header.addresses]


def text_of(part):
    return part.get_content() if part is not None else None


for line in sys.stdin:
    message = email.message_from_bytes(base64.b64decode(line), policy=email.policy.default)
    text = message.get_body(('plain',))
    html = message.get_body(('html',))
    bodies = [part for part in (text, html) if part is not None]
    attachments = []
    for part in message.walk():
        if part.is_multipart() and part.get_content_type() != 'message/rfc822':
            continue
        if any(part is body for body in bodies) or part.get_filename() is None:
            continue
        attachments.append({
            'filename': part.get_filename(),
            'content': base64.b64encode(part.get_payload(decode=True) or b'').decode(),
        })
    print(json.dumps({
        'subject': str(message['subject'] or ''),
        'from': addresses(message['from']),
        'to': addresses(message['to']),
        'text': text_of(text),
        'html': text_of(html),
        'attachments': attachments,
    }), flush=True)
