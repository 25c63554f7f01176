/** Every `code` a {@link PosthornError} can have. Stable: a code is never reused for another cause. */
export type ErrorCode =
  /** An option or argument has a value it can't have. */
  | 'OPTION_INVALID'
  /** An address is not one mailbox. */
  | 'ADDRESS_INVALID'
  /** The mailbox name is not ASCII and the server does not offer SMTPUTF8. */
  | 'ADDRESS_NEEDS_SMTPUTF8'
  /** The message or envelope names no recipient. */
  | 'MESSAGE_NO_RECIPIENT'
  /** The message and envelope name no sender. */
  | 'MESSAGE_NO_SENDER'
  /** A header name or value can't be written. */
  | 'MESSAGE_HEADER_INVALID'
  /** A field of a message has a value it can't have. */
  | 'MESSAGE_FIELD_INVALID'
  /** A change would break a signature, or stand unprotected beside what is encrypted. */
  | 'MESSAGE_PROTECTED'
  /** The message holds nothing that the wanted format is for, such as a calendar. */
  | 'MESSAGE_NOT_CONVERTIBLE'
  /** A machine should not answer this message (RFC 3834). */
  | 'ANSWER_UNWANTED'
  /** An attachment can't be read: missing file, no permission, stream used twice. */
  | 'MESSAGE_ATTACHMENT_UNREADABLE'
  /** The file of a message can't be read or written: no such file, no permission, a folder. */
  | 'FILE_INACCESSIBLE'
  /** The file of a message that was loaded is no longer the same file, or was changed. */
  | 'FILE_CHANGED'
  /** Reading the content failed midway; the transaction was aborted. */
  | 'MESSAGE_CONTENT_FAILED'
  /** What gives the messages of a bulk failed: the iterable threw, or a promise in it was rejected. */
  | 'MESSAGE_SOURCE_FAILED'
  /** The message is over the server's SIZE. */
  | 'MESSAGE_TOO_LARGE'
  /** A size, depth or count limit was passed. */
  | 'LIMIT_EXCEEDED'
  /** The host name does not resolve. */
  | 'CONNECTION_DNS'
  /** Nothing listens at that port. */
  | 'CONNECTION_REFUSED'
  /** The network does not lead there. */
  | 'CONNECTION_UNREACHABLE'
  /** The connection was closed or reset by the other side. */
  | 'CONNECTION_CLOSED'
  /** The proxy can't be used: not reachable, no proxy of that kind, or it wants a login. */
  | 'CONNECTION_PROXY'
  /** The proxy works, but does not lead to the server. */
  | 'CONNECTION_PROXY_REFUSED'
  /** The client was closed while the call was waiting. */
  | 'CLIENT_CLOSED'
  /** The caller's AbortSignal ended the call. */
  | 'ABORTED'
  /** The server does not offer the encryption that was asked for. */
  | 'TLS_NOT_OFFERED'
  /** The port wants the other mode: TLS from the first byte, or none. */
  | 'TLS_WRONG_MODE'
  /** The certificate does not verify. */
  | 'TLS_CERTIFICATE'
  /** The handshake failed for another reason. */
  | 'TLS_HANDSHAKE'
  /** The server broke the rules of STARTTLS (RFC 3207). */
  | 'TLS_STARTTLS_VIOLATION'
  /** A step took longer than its deadline. */
  | 'TIMEOUT'
  /** The server's bytes are not SMTP. */
  | 'PROTOCOL_VIOLATION'
  /** The server refused the credentials. */
  | 'AUTH_FAILED'
  /** The server offers no mechanism that may be used. */
  | 'AUTH_NOT_OFFERED'
  /** The link is not encrypted and the secret would be readable. */
  | 'AUTH_PLAINTEXT_REFUSED'
  /** The server did not prove that it knows the password, as the mechanism asks of it. */
  | 'AUTH_SERVER_UNPROVEN'
  /** The authorization server (OAuth) gave no token. */
  | 'TOKEN_REFUSED'
  /** The server answered a command with a negative reply. */
  | 'REPLY_NEGATIVE'
  /** No recipient was accepted. */
  | 'RECIPIENTS_REJECTED'
  /** A feature that the message needs is not offered by the server. */
  | 'FEATURE_NOT_OFFERED'
  /** No port of the host could be used. */
  | 'DISCOVERY_FAILED'
  /** A file is not what it claims to be. */
  | 'FORMAT_INVALID'
  /** An optional package is needed. */
  | 'DEPENDENCY_MISSING'
  /** A template can't be read: a tag that does not end, a filter that is not known. */
  | 'TEMPLATE_INVALID'
  /** A template names a field that the row does not have. */
  | 'TEMPLATE_FIELD_MISSING'
  /** A filter or routine of a template failed. */
  | 'TEMPLATE_FAILED'
  /** The program that takes mail (`sendmail`) is not there or can't be started. */
  | 'PROGRAM_UNUSABLE'
  /** That program was killed, or ended with an exit code that only it knows. */
  | 'PROGRAM_FAILED'
  /** The message that was waited for did not arrive. */
  | 'INBOX_TIMEOUT'
  /** The outbox's store can't be read or written. */
  | 'OUTBOX_STORE_FAILED'
  /** The outbox's store has no room for another message. */
  | 'OUTBOX_STORE_FULL'
  /** What the outbox's store holds is not what was put there. */
  | 'OUTBOX_DAMAGED'
  /** The outbox was closed by this program. */
  | 'OUTBOX_CLOSED'
  /** The outbox has no message with this id. */
  | 'OUTBOX_NOT_FOUND'
  /** The message is not in a state in which that can be done. */
  | 'OUTBOX_CONFLICT'
  /** Another worker has taken the message over, or it was cancelled. */
  | 'OUTBOX_LEASE_LOST'
  /** The worker that had the message ended without a word. */
  | 'OUTBOX_INTERRUPTED'
  /** The message was cancelled before it was sent. */
  | 'OUTBOX_CANCELLED'
  /** The message's time ran out before a server took it. */
  | 'OUTBOX_EXPIRED';
