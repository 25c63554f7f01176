// The reasons why mail is not delivered, in the words of the field.

/** Why a recipient did not get the message. */
export type BounceReason =
  /** There is no such mailbox. */
  | 'unknown-user'
  /** There is no such domain or host, or it takes no mail. */
  | 'unknown-host'
  /** The mailbox has no room. */
  | 'mailbox-full'
  /** The mailbox exists and is switched off or takes no mail. */
  | 'mailbox-disabled'
  /** The recipient has another address now. */
  | 'moved'
  /** The message is larger than the recipient or the server takes. */
  | 'message-too-large'
  /** The sending server is not wanted: its address, name or standing. */
  | 'blocked'
  /** The sender's address is not wanted or does not exist. */
  | 'sender-refused'
  /** SPF, DKIM or DMARC did not pass. */
  | 'authentication'
  /** The message was taken for unwanted mail. */
  | 'spam'
  /** A virus, or a kind of file that is not let in. */
  | 'virus'
  /** A rule of the recipient's side. */
  | 'policy'
  /** Something in the message's form or content. */
  | 'content'
  /** Too many messages, connections or recipients. */
  | 'rate-limited'
  /** The server does not pass mail on to this recipient. */
  | 'relaying-denied'
  /** It was tried for as long as the sending server tries. */
  | 'expired'
  /** The server could not be reached, or the connection broke. */
  | 'network'
  /** The message went in circles. */
  | 'loop'
  /** A fault of a mail server. */
  | 'system'
  /** The servers did not understand each other. */
  | 'protocol'
  /** Nothing went wrong. */
  | 'none'
  /** Nothing tells. */
  | 'unknown';
