// The name that a part without one gets in Outlook, as Exchange makes it (MS-OXCMAIL section 2.2.3.4.1).

/** What the made names begin with; a number of five digits and an extension follow. */
export const ATTACHED_NAME = 'ATT';
const MADE = /^ATT\d{5}\.\w+$/;

/** Whether a file name was made: of such an attachment Outlook is told that it has nothing to show. */
export function isMadeName(name: string, shown: string | undefined): boolean {
  return shown === '' && MADE.test(name);
}
