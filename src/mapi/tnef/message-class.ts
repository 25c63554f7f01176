// Message classes as attMessageClass has them: seven are written by their names of Microsoft Mail, any other as it is
// (MS-OXTNEF section 2.1.3.4).

const MAIL_NAMES: readonly (readonly [mapi: string, mail: string])[] = [
  ['IPM.Note', 'IPM.Microsoft Mail.Note'],
  ['Report.IPM.Note.IPNRN', 'IPM.Microsoft Mail.Read Receipt'],
  ['Report.IPM.Note.NDR', 'IPM.Microsoft Mail.Non-Delivery'],
  ['IPM.Schedule.Meeting.Request', 'IPM.Microsoft Schedule.MtgReq'],
  ['IPM.Schedule.Meeting.Canceled', 'IPM.Microsoft Schedule.MtgCncl'],
  ['IPM.Schedule.Meeting.Resp.Pos', 'IPM.Microsoft Schedule.MtgRespP'],
  ['IPM.Schedule.Meeting.Resp.Neg', 'IPM.Microsoft Schedule.MtgRespN'],
  ['IPM.Schedule.Meeting.Resp.Tent', 'IPM.Microsoft Schedule.MtgRespA'],
];

const toMail = new Map(MAIL_NAMES.map(([mapi, mail]) => [mapi.toLowerCase(), mail]));
const toMapi = new Map(MAIL_NAMES.map(([mapi, mail]) => [mail.toLowerCase(), mapi]));

/** A message class as the attribute has it. */
export function attributeClass(messageClass: string): string {
  return toMail.get(messageClass.toLowerCase()) ?? messageClass;
}

/** The message class that the attribute means. */
export function messageClassOf(attribute: string): string {
  return toMapi.get(attribute.toLowerCase()) ?? attribute;
}

/** Whether it is a meeting request, cancellation or response, which have attributes of their own. */
export function isMeeting(messageClass: string): boolean {
  return /^IPM\.Schedule\.Meeting\./i.test(messageClass);
}

/** Whether it is a response to a meeting request: its attOwner is whom the response is for. */
export function isMeetingResponse(messageClass: string): boolean {
  return /^IPM\.Schedule\.Meeting\.Resp\./i.test(messageClass);
}
