// For the rooms above: what conversion needs beside the public names.

export { clockOfMinutes, firstDateTime, minutesOfClock } from './calendar/first-date-time.ts';
export { smtpSearchKey } from './mapi-recipient.ts';
export { tnefOutput } from './tnef/write-tnef.ts';
