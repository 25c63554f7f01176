// How the reports of mail systems are told from each other: a line that only one of them writes. The first row
// that fits counts. What the rows have in common is read by the same rules; see recipient-lines.data.ts.

/** A mail system's name and a line of its reports. */
export const NOTICE_FORMATS: readonly (readonly [name: string, line: RegExp])[] = [
  [
    'Postfix',
    /This is the (?:mail system|Postfix program|\w+ program) at host |^ *The (?:Postfix|mail) (?:program|system)$|^Transcript of session follows\.$/im,
  ],
  [
    'qmail',
    /This is the (?:qmail|deliver|MTA)[\w-]* program at |I'm afraid I wasn't able to deliver (?:your|the following) message|The MTA program at /i,
  ],
  ['Mail.ru', /сервером Mail\.Ru/i],
  ['1&1', /^(?:For the following reason:|SMTP error from remote server )/im],
  ['MXLogic', /^Included is a copy of the message header/im],
  ['Zoho', /ERROR_CODE :|ResponseCode \d{3}/],
  [
    'GMX',
    /could not be delivered to one or more of\n\s*its recipients\.[\s\S]{0,200}\n\s*Reason:/i,
  ],
  ['Exim', /This message was created automatically by (?:mail delivery software|the SMTP relay)/i],
  [
    'Gmail',
    /Google (?:tried to deliver|Groups)|Technical details of (?:permanent|temporary) failure|automatically generated Delivery Status Notification\n[\s\S]{0,40}THIS IS A WARNING/i,
  ],
  ['DragonFly Mail Agent', /This is the DragonFly Mail Agent/i],
  ['OpenSMTPD', /This is the MAILER-DAEMON, please DO NOT REPLY/i],
  ['sendmail', /----- (?:The following addresses had|Transcript of session follows)/i],
  ['Exchange', /did not reach the following recipient\(s\)|intended recipients\.|MSEXCH:/i],
  [
    'Yahoo',
    /^Message from\s+[\w.]+\.$|Sorry, we were unable to deliver your message to the following address/im,
  ],
  ['Amazon', /^Technical report:/im],
  ['Apache James', /^Error: Invalid user address|^Error message below:/im],
  ['MailEnable', /^MailEnable:/im],
  ['MDaemon', /had PERMANENT fatal delivery errors|fatal delivery errors!/i],
  ['MailMarshal', /^MessageName:\s+<.{1,80}\.mml>/im],
  ['MailFoundry', /^Delivery failed for the following reason:/im],
  ['Mimecast', /The problem appears to be :/i],
  ['InterScan', /InterScan Messaging Security Suite/i],
  [
    'au',
    /Each of the following recipients was rejected|Could not be delivered to:[\s\S]{0,80}As their mailbox is full/i,
  ],
  ['Lotus Notes', /not listed in (?:public|Domino) |Name & Address Book/i],
  ['LSMTP', /^Error-for:/im],
  [
    'iMail',
    /^(?:Unknown user|User mailbox exceeds|Invalid final delivery userid|Delivery failed \d+ attempts|undeliverable\s+to) ?:? /im,
  ],
];
