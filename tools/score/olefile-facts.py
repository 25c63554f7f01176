# What python3-olefile finds in MSG files, as JSON lines: the streams as they are, nothing interpreted. The other side of
# tools/score-oxcmail.mjs. Paths come on stdin, one a line.
import hashlib
import json
import sys

import olefile


def text(file, path, tag):
    """A string: Unicode as it is, 8-bit text as one character for each octet."""
    for kind, charset in (("001F", "utf-16-le"), ("001E", "latin-1")):
        name = path + ["__substg1.0_" + tag + kind]
        if file.exists(name):
            value = file.openstream(name).read().decode(charset, "replace")
            return {"text": value.rstrip("\0"), "unicode": kind == "001F"}
    return None


def facts(path):
    file = olefile.OleFileIO(path)
    tops = sorted({entry[0] for entry in file.listdir()})
    attachments = []
    for top in (top for top in tops if top.startswith("__attach")):
        name = [top, "__substg1.0_37010102"]
        if file.exists(name):
            octets = file.openstream(name).read()
            long = text(file, [top], "3707") or text(file, [top], "3704")
            attachments.append({"name": long, "sha1": hashlib.sha1(octets).hexdigest()})
    recipients = []
    for top in (top for top in tops if top.startswith("__recip")):
        address = text(file, [top], "39FE") or text(file, [top], "3003")
        if address and "@" in address["text"]:
            recipients.append(address["text"].lower())
    return {
        "messageClass": text(file, [], "001A"),
        "subject": text(file, [], "0037"),
        "body": text(file, [], "1000"),
        "attachments": attachments,
        "recipients": recipients,
    }


for line in sys.stdin:
    try:
        print(json.dumps(facts(line.strip())), flush=True)
    except Exception as error:  # noqa: BLE001 - a damaged file has no facts
        print(json.dumps({"error": str(error)}), flush=True)
