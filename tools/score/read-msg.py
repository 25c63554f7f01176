# Reads MSG files with olefile, which knows nothing of messages, and prints every property of each as JSON, a line a file:
# what tools/score-outlook.mjs compares our reading with. Written from [MS-OXMSG] for itself, and shares nothing with it.
import hashlib
import json
import re
import struct
import sys

import olefile

ANSI = {20127: 1252, 28591: 1252, 28592: 1250, 20866: 1251, 50220: 932}
LOCALES = {0x0419: 1251, 0x0422: 1251, 0x0411: 932, 0x0804: 936, 0x0404: 950, 0x0405: 1250, 0x0415: 1250}
NUMBERS = {0x2: "<h", 0x3: "<i", 0x4: "<f", 0x5: "<d", 0x6: "<q", 0x7: "<d", 0xA: "<I", 0xB: "<H", 0x14: "<q", 0x40: "<Q"}
WIDTHS = {0x1002: 2, 0x1003: 4, 0x1004: 4, 0x1005: 8, 0x1006: 8, 0x1007: 8, 0x1014: 8, 0x1040: 8, 0x1048: 16}


def guid(octets):
    first, second, third = struct.unpack("<IHH", octets[:8])
    rest = octets[8:].hex().upper()
    return "%08X-%04X-%04X-%s-%s" % (first, second, third, rest[:4], rest[4:])


class File:
    def __init__(self, path):
        self.ole = olefile.OleFileIO(path)
        self.names = self.read_names()

    def stream(self, path):
        return self.ole.openstream(path).read() if self.ole.exists(path) else None

    def read_names(self):
        base = "__nameid_version1.0/__substg1.0_"
        guids, entries, strings = (self.stream(base + tag) or b"" for tag in ("00020102", "00030102", "00040102"))
        names = {}
        for at in range(0, len(entries) - 7, 8):
            value, word, index = struct.unpack("<IHH", entries[at : at + 8])
            number = word >> 1
            known = {1: "00020328-0000-0000-C000-000000000046", 2: "00020329-0000-0000-C000-000000000046"}
            if number not in known and 16 * (number - 2) > len(guids):
                continue
            set_ = known.get(number) or guid(guids[16 * (number - 3) : 16 * (number - 2)])
            if word & 1:
                (size,) = struct.unpack("<I", strings[value : value + 4])
                key = strings[value + 4 : value + 4 + size].decode("utf-16-le").rstrip("\0")
                key = key.lower() if set_.startswith("00020386") else key
                names.setdefault(0x8000 + index, "%s:%s" % (set_, key))
            else:
                names.setdefault(0x8000 + index, "%s#%d" % (set_, value))
        return names

    def message(self, path, head, page):
        entries = self.entries(path, head)
        numbers = {tag >> 16: value for tag, value in entries if tag & 0xFFFF == 3}
        number = lambda id_: struct.unpack("<I", numbers[id_][:4])[0] if id_ in numbers else None
        page = number(0x3FFD) or self.of_internet(number(0x3FDE)) or LOCALES.get(number(0x3FF1) or 0, page)
        page = (page, LOCALES.get(number(0x3FF1) or 0, 1252)) if page == 65001 else page
        found = {"properties": self.bag(path, entries, page), "recipients": [], "attachments": []}
        children = sorted({tuple(each[: len(path) + 1]) for each in self.ole.listdir() if each[: len(path)] == path and len(each) > len(path) + 1})
        for child in map(list, children):
            if child[-1].startswith("__recip_version1.0_#"):
                found["recipients"].append({"properties": self.bag(child, self.entries(child, 8), page)})
            elif child[-1].startswith("__attach_version1.0_#"):
                entries = self.entries(child, 8)
                attachment = {"properties": self.bag(child, entries, page)}
                inner = child + ["__substg1.0_3701000D"]
                is_ole = any(tag == 0x37050003 and value[0] == 6 for tag, value in entries)
                if self.ole.exists(inner + ["__properties_version1.0"]) and not is_ole:
                    attachment["message"] = self.message(inner, 24, page)
                found["attachments"].append(attachment)
        return found

    def of_internet(self, page):
        return None if page is None else ANSI.get(page, page)

    def entries(self, path, head):
        octets = self.stream(path + ["__properties_version1.0"]) or b""
        return [
            ((id_ << 16) | type_, octets[at + 8 : at + 16])
            for at in range(head, len(octets) - 15, 16)
            for type_, id_ in [struct.unpack("<HH", octets[at : at + 4])]
            if (type_, id_) != (0, 0) and type_ != 0xD
        ]

    def bag(self, path, entries, page):
        bag = {}
        for tag, inline in entries:
            type_, id_ = tag & 0xFFFF, tag >> 16
            name = "%04x" % id_ if id_ < 0x8000 else self.names.get(id_)
            if name is None:
                continue
            kind = {0x1E: 0x1F, 0x101E: 0x101F}.get(type_, type_)
            value = self.value(path, tag, inline, page)
            if value is not None:
                bag.setdefault("%s %04x" % (name, kind), value)
        return bag

    def value(self, path, tag, inline, page):
        type_ = tag & 0xFFFF
        if type_ in NUMBERS:
            value = struct.unpack(NUMBERS[type_], inline[: struct.calcsize(NUMBERS[type_])])[0]
            return bool(value) if type_ == 0xB else str(value) if type_ in (0x6, 0x14, 0x40) else value
        name = "__substg1.0_%08X" % tag
        octets = self.stream(path + [name])
        if octets is None:
            return None
        if type_ in (0x101E, 0x101F):
            return [self.text(self.stream(path + ["%s-%08X" % (name, n)]) or b"", type_ & 0xFF, page) for n in range(len(octets) // 4)]
        if type_ == 0x1102:
            return [self.octets(self.stream(path + ["%s-%08X" % (name, n)]) or b"") for n in range(len(octets) // 8)]
        if type_ in WIDTHS:
            width = WIDTHS[type_]
            return [self.element(octets[at : at + width], type_ & 0xFF) for at in range(0, len(octets) - width + 1, width)]
        if type_ in (0x1E, 0x1F):
            return self.text(octets, type_, page)
        return guid(octets) if type_ == 0x48 else self.octets(octets)

    def element(self, octets, type_):
        if type_ == 0x48:
            return guid(octets)
        value = struct.unpack(NUMBERS[type_], octets)[0]
        return str(value) if type_ in (0x6, 0x14, 0x40) else value

    def text(self, octets, type_, page):
        # One maker of files writes UTF-16 where it says 8-bit.
        is_wide = type_ == 0x1F or re.match(rb"[^\0]\0[^\0]\0", octets)
        if is_wide:
            return octets[: len(octets) & ~1].decode("utf-16-le", "replace").rstrip("\0")
        octets = octets.rstrip(b"\0")
        if isinstance(page, tuple):
            try:
                return octets.decode("utf-8")
            except UnicodeDecodeError:
                page = page[1]
        return octets.decode("cp%d" % page, "replace")

    def octets(self, octets):
        return "%d %s" % (len(octets), hashlib.sha1(octets).hexdigest())


for line in sys.stdin:
    path = line.rstrip("\n")
    try:
        print(json.dumps(File(path).message([], 32, 1252)))
    except Exception as error:  # what olefile can't read is nothing to compare with
        print(json.dumps({"error": str(error)}))
