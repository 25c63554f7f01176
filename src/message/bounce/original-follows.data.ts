// The lines with which mail systems announce the message that comes back.

/** Each fits one line of a report; what stands behind that line is the original message. */
export const ORIGINAL_FOLLOWS: readonly RegExp[] = [
  // Exim and those like it.
  /^-{2,} ?This is a copy of (?:the|your) message/i,
  /^-{2,} ?The (?:header|body) of the (?:original )?message/i,
  /^-{2,} ?The header and (?:top|first)/i,
  // qmail and those like it.
  /^-{2,} ?(?:Below|Enclosed) (?:this line )?is a copy of (?:the|your|my)/i,
  /^-{2,} ?(?:Undelivered|Original|Returned|Unsent|Forwarded|Unknown|Failed) (?:message|mail)/i,
  /^-{2,} ?Start of (?:returned|original) message/i,
  /^-{2,} ?(?:Below this line|Attachment) is a copy/i,
  /^-{2,} ?Message (?:header|text|body|contents?)\b/i,
  /^-{2,} ?(?:Header of the source mail|Mail (?:header|content)|Transcript of message|Returned Content|Text of message)/i,
  /^-{2,} ?(?:original mail info|SMTP command)/i,
  /^\s*-{3,}\s*(?:Original|Unsent|Returned|Undelivered|Forwarded|Failed) (?:message|mail)/i,
  /^\s*-{3,}\s*(?:Message (?:header|text|body|contents?)|Unsent message|Body of message|The original message|Retained headers)\b/i,
  /^\|-{3,}\s*Message text follows/i,
  /^={2,}\s*(?:Original|Returned|Undelivered) (?:message|mail)/i,
  // In a sentence of its own.
  /^(?:The )?Original (?:message|mail) (?:follows|below|as (?:received|follows)|is as follows|header)/i,
  /^(?:The |Your )?(?:message|original) headers? (?:follow|are|is)/i,
  /^Message (?:headers?|contents?) (?:follow|below)/i,
  /^(?:A|Included is a|Here is a|Below is a|Attached is a|This is a) copy of (?:the|your) (?:original |returned |undelivered )?(?:message|mail|first part)/i,
  /^\s{2,}Below is a copy of the original message/i,
  /^(?:The )?(?:first|top) \d+ lines of (?:your|the) (?:original )?message/i,
  /^(?:The )?(?:headers?|text|content|body) of (?:the|your) (?:original )?(?:message|mail)/i,
  /^Your (?:original )?message (?:reads|follows|was|began|text)\b.{0,40}:/i,
  /^Original Message:?\s*$/i,
  /^Old message:/i,
  /^The following is a copy of/i,
  /^(?:Received|Undelivered) message follows/i,
];
