/** What the client needs of the wire before there is one: checked options, and the way to open it. @module */

export { readCapabilities } from './capabilities.ts';
export type { Parcel } from './courier/parcel.ts';
export { checkDsn, dsnRcptParameters } from './dsn.ts';
export { openConnection } from './open-connection.ts';
export type { ConnectionSettings } from './options.ts';
export { planOf } from './parameters.ts';
export { reportProgress } from './progress.ts';
export { connectionSettings } from './settings.ts';
export { parseSmtpUrl } from './url.ts';
export { checkWishes } from './wishes.ts';
