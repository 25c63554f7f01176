/** What the client needs of the wire before there is one: checked options, and the way to open it. @module */

export type { Parcel } from './courier/parcel.ts';
export { checkDsn } from './dsn.ts';
export { openConnection } from './open-connection.ts';
export type { ConnectionSettings } from './options.ts';
export { connectionSettings } from './settings.ts';
export { parseSmtpUrl } from './url.ts';
export { checkWishes } from './wishes.ts';
