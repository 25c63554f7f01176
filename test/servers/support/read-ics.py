# Reads JSON lines {"start", "rule", "count"} or {"ics"} and answers each with a JSON line: the times that python-dateutil gives
# for the rule, or what python3-icalendar, vobject and libical say of the calendar.
import ctypes, ctypes.util, json, re, signal, sys
from datetime import datetime


class TooLong(Exception):
    pass


def too_long(*_):
    raise TooLong()


signal.signal(signal.SIGALRM, too_long)


def expand(case):
    from dateutil.rrule import rrulestr
    start = datetime.strptime(case['start'], '%Y%m%dT%H%M%S')
    found = []
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        for at in rrulestr(case['rule'], dtstart=start):
            if at.year >= 2100 or len(found) >= case['count']:
                break
            found.append(at.strftime('%Y%m%dT%H%M%S'))
    except (TooLong, ValueError):
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return found


def check(text):
    import icalendar, vobject
    bad = []
    raw = text.encode()
    for number, line in enumerate(raw.split(b'\r\n'), 1):
        if len(line) > 75:
            bad.append('line %d has %d octets' % (number, len(line)))
        try:
            line.decode()
        except UnicodeDecodeError:
            bad.append('line %d is folded within a character' % number)
    if re.search(rb'(?<!\r)\n', raw):
        bad.append('a line ends without CR')
    for name, parse in (('icalendar', icalendar.Calendar.from_ical), ('vobject', vobject.readOne)):
        try:
            made = parse(raw if name == 'icalendar' else text)
            if name == 'vobject':
                made.validate(raiseException=True)
            else:
                bad += ['icalendar: %s' % (part.errors,) for part in made.walk() if getattr(part, 'errors', None)]
        except Exception as error:
            bad.append('%s: %r' % (name, error))
    return bad + check_libical(raw)


def libical():
    # The component kinds and property kinds are found by name: their numbers differ from release to release.
    lib = ctypes.CDLL(ctypes.util.find_library('ical') or 'libical.so.3')
    for name in ('icalparser_parse_string', 'icalcomponent_get_first_property', 'icalcomponent_get_next_property',
                 'icalcomponent_get_first_component', 'icalcomponent_get_next_component', 'icalproperty_as_ical_string'):
        getattr(lib, name).restype = ctypes.c_void_p
    return lib


def check_libical(raw):
    lib = libical()
    any_kind = lib.icalcomponent_string_to_kind(b'ANY')
    error = lib.icalproperty_string_to_kind(b'X-LIC-ERROR')
    root = lib.icalparser_parse_string(ctypes.c_char_p(raw))
    if not root:
        return ['libical: does not parse']

    def errors(component):
        found = []
        at = lib.icalcomponent_get_first_property(ctypes.c_void_p(component), error)
        while at:
            text = lib.icalproperty_as_ical_string(ctypes.c_void_p(at))
            found.append('libical: %s' % ctypes.string_at(text).decode(errors='replace').strip())
            at = lib.icalcomponent_get_next_property(ctypes.c_void_p(component), error)
        inner = lib.icalcomponent_get_first_component(ctypes.c_void_p(component), any_kind)
        while inner:
            found += errors(inner)
            inner = lib.icalcomponent_get_next_component(ctypes.c_void_p(component), any_kind)
        return found

    # With a method, the tables of RFC 5546 too.
    if b'METHOD:' in raw:
        lib.icalrestriction_check(ctypes.c_void_p(root))
    return errors(root)


for line in sys.stdin:
    case = json.loads(line)
    print(json.dumps(check(case['ics']) if 'ics' in case else expand(case)), flush=True)
