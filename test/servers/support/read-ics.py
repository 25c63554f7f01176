# Reads JSON lines {"start", "rule", "count"} or {"ics"} and answers each with a JSON line: the times that python-dateutil gives
# for the rule, or what python3-icalendar and vobject say of the calendar.
import json, re, signal, sys
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
    return bad


for line in sys.stdin:
    case = json.loads(line)
    print(json.dumps(check(case['ics']) if 'ics' in case else expand(case)), flush=True)
