// What mail servers say, and what it means. The first row that fits counts: exact ones stand before loose ones.
// Patterns have no repetition inside a repetition and no open end: the time they take grows with the text alone.
import type { BounceReason } from './bounce-reason.ts';

/** Words of servers to reasons. */
export const REASON_TEXTS: readonly (readonly [BounceReason, RegExp])[] = [
  // Said of the recipient, or of the domain, beyond doubt.
  [
    'unknown-host',
    /nxdomain|domain name not found|couldn't find any host|null ?mx\b|name service error|\b(?:host|domain) unknown|unknown (?:host|domain)|host or domain name not found|no mx\b|indicated no smtp/i,
  ],
  [
    'mailbox-full',
    /mail ?(?:box|folder|drop) (?:is |size |space )?(?:full|limit|exceed|not enough)|(?:over|exceed\w*|out of|above|disk|storage|mail|mailbox|user.?s?) quota|quota (?:exceed|exceeded|violation|full|is full|would be)|over.?quota|exceeded (?:his|her|their|its|the) (?:\w+ )?(?:quota|storage)|mailbox exceed|mailbox for user is full|full mailbox|insufficient (?:disk|storage|mailbox)|not enough (?:storage|disk|room)|too much mail (?:data|stored)|mailbox(?: has| is)? (?:\w+ )?(?:reached|over) (?:its|the|his) |mailbox(?:'s)? messages? in recipient|out of (?:storage|disk) space|exceeded the local limit|no room for|inbox is full/i,
  ],
  [
    'message-too-large',
    /message (?:is |was |size )?(?:too (?:big|large|long)|exceeds|length exceeds|larger than)|(?:size|length) (?:exceeds|limit exceeded)|exceed\w* (?:the )?(?:max\w*|fixed|administrative|size|message size)|too (?:big|large) (?:for|message)|maximum (?:message )?(?:file )?size|line limit exceeded|mail size limit|message size limit|max(?:imum)? message (?:size|length)/i,
  ],
  [
    'authentication',
    /\bD?MARC\b|\bSPF\b|\bDKIM\b|unauthenticated (?:email|mail|sender)|authentication (?:checks? failed|requirements|policy)|sender policy framework|multiple authentication|not authenticated|doesn't meet the required authentication/i,
  ],
  [
    'blocked',
    /reverse dns|rdns|\bPTR\b|reverse (?:lookup|address|hostname)|ip (?:name )?lookup failed|(?:black|block|deny) ?-?list|spamhaus|spamcop|sorbs|barracuda\w* reputation|\bRBL\b|\bDNSBL\b|banned sending ip|(?:bad|poor|low) reputation|reputation|(?:\b(?:ip|host|network)|your (?:mail ?)?(?:server|system|provider))\b.{0,60}(?:blocked|rejected|denied|refused|banned|blacklisted|listed|not allowed)|open (?:mail )?relay|dynamic (?:ip|pool|address)|unverif\w{0,10} sending ip|unusual (?:rate|traffic)|messages from \S+ (?:weren't sent|temporarily deferred)|access from ip|use the smtp server of your isp|forged (?:helo|hostname)|unresolvable (?:hostname|helo)|helo (?:command )?rejected|client host|temporarily deferred due to|not accept\w* (?:mail|messages|connections) from (?:your|this|servers)|this ip address|(?:is|are|was|been|currently|address) listed (?:in|at|on|by)|not accepting connections/i,
  ],
  [
    'virus',
    /\bvirus|infected|malware|executable|attachment (?:type )?(?:not allowed|blocked|is forbidden)|banned file|prohibited file/i,
  ],
  [
    'spam',
    /\bspam|junk mail|unsolicited|\bbulk (?:e?mail|message)|\bUCE\b|message (?:content )?(?:looks|identified) (?:like|as)|message content rejected|suspicious|content filter|high probability/i,
  ],
  [
    'rate-limited',
    /too many (?:connections|messages|recipients|errors|emails|concurrent|mails|sessions)|rate.?limit|rate of |sending limit|(?:relay|daily|hourly|sending|message) (?:\w+ )?(?:quota|limit)|try again (?:more )?slow|throttl|gr[ea]ylist|exceeded.{0,40}(?:per|limit of) |connection limit|(?:received|receiving) (?:mail|messages) at a rate/i,
  ],
  [
    'moved',
    /has moved|moved to|no longer (?:at|with|works|in use|employed)|new (?:e-?mail )?address|changed (?:his|her|their) address|has been replaced|please use/i,
  ],
  [
    'mailbox-disabled',
    /(?:account|mailbox|user|address|recipient|domain)\b.{0,30}\b(?:disabled|inactive|suspended|locked|deactivated|discontinued|expired|not active|frozen|closed|unavailable at this time|restricted|is not being used|not collected)|(?:inactive|disabled|suspended|deactivated|dormant|expired|locked) (?:user|account|mailbox|recipient|address)|account (?:is )?(?:on )?hold|mailbox currently suspended|not been collected|mailbox is not accepting|recipient.{0,30}temporarily unavailable|is not active/i,
  ],
  [
    'sender-refused',
    /sender (?:address |was |verify |domain |is )?(?:rejected|denied|refused|failed|unknown|invalid|verification|blocked|not allowed|blacklisted|must exist|does not exist)|(?:unroutable|invalid|bad|unknown|unverified) sender|from:? (?:domain|address) is (?:in)?valid|domain is invalid|domain of sender|envelope sender|sender'?s (?:address|domain)|return address|mail from (?:must|domain)|no such domain|sending to\/from an address|cannot find your (?:hostname|domain)/i,
  ],
  [
    'relaying-denied',
    /relay(?:ing)? (?:access )?(?:is )?(?:denied|not (?:allowed|permitted)|prohibited|rejected)|(?:not permitted|unable|not allowed|cannot|refuse\w*|not configured) to relay|no relaying|not (?:a |an )?(?:open )?relay|we do not relay|(?:isn't|is not|not) in my (?:list of )?(?:allowed )?rcpthosts|not a gateway|relay not permitted/i,
  ],
  [
    'loop',
    /too many (?:hops|received)|hop count|mail loop|loop(?:ing|s)? (?:detected|back to|alert)|mail(?:er)? loop|message loop|routing loop|forwarding loop|loops back|loop alert/i,
  ],
  [
    'unknown-user',
    /(?:user|recipient|receiver|mailbox|account|address|alias|addressee|subscriber|local ?part|person|login|userid)\b.{0,40}(?:unknown|not (?:be )?(?:found|known|exist|listed|recognized|valid|available|our customer)|does(?: not|n't) exist|doesn't have|no longer (?:exist|available|valid|on)|n'existe|inconnu|unbekannt|desconocido|(?:is )?invalid|rejected|unavailable|not registered|unrouteable|unroutable)|(?:unknown|invalid|bad|no such|non.?existent|unrouteable|unroutable|illegal|undeliverable|nonexistent|incorrect|wrong|not a valid|not a known) (?:or (?:illegal|invalid|unknown) )?(?:local )?(?:final delivery |destination |destinatar\w+ )?(?:user|recipient|mailbox|account|address|alias|person|login|rcpt|mail drop|id)|no (?:such|valid) (?:user|recipient|mailbox|person|account|address|local)|no (?:mailbox|account|user|one) (?:here|by|with|of)|does(?: not|n't) have an? .{0,60}account|not our customer|delivery not permitted|unknown (?:local|virtual|or illegal)|no mailbox|was(?:n't| not) found at|user\s+not (?:known|found|listed)|recipient not found|there is no (?:such )?(?:user|one|mailbox)|not a (?:local )?user|recipnotfound|all relevant MX records point|unknown user|n'existe pas|existiert nicht|n[aã]o existe|non esiste|bestaat niet|no existe|numeric addresses|isn't known/i,
  ],
  [
    'unknown-host',
    /(?:host|domain|name|mx)(?: name)?\b.{0,40}(?:not found|not known|unknown|does(?: not|n't) exist|not exist|lookup fail\w*|invalid|no such)|(?:unknown|no such|invalid|bad|illegal|unroutable|non.?existent|unrouteable) (?:mail )?(?:host|domain|mail server)|nxdomain|couldn't find any host|no (?:mx|mail exchanger?|a) record|no mail (?:server|exchanger)|find a (?:mail exchanger|gateway)|mx or srv record indicated no smtp|null ?mx|nullmx|dns (?:error|failure|lookup)|does not accept (?:e?-?mail|any)|name service error|domain (?:has been )?(?:parked|expired)|no mx\b|has no mail exchanger|unresolvable|no such host|bad destination system/i,
  ],
  [
    'expired',
    /(?:retry|delivery|queue)\b.{0,30}time(?:out|d out| ?out exceeded)|(?:retry timeout|time limit) exceeded|in the queue too long|could not (?:be )?deliver\w* for (?:the last|more than)|giving up|failed \d+ attempts|message expired|expired|unable to deliver in|for a long time|not delivered within|multiple retries|delivery time|cannot send message (?:for|within)|too old|gave up|retries|retry time not reached|was aborted after|has been delayed|will be retried|not yet been delivered/i,
  ],
  [
    'network',
    /connection (?:timed? ?out|refused|reset|dropped|lost|failed|closed|was closed|broken|to mail exchanger failed)|(?:connect|connection|connecting) to .{0,80}(?:failed|refused|timed out|no route|unreachable)|no route to host|(?:host|network|server|destination).{0,30}(?:unreachable|not reachable|not responding|did not respond|unavailable|is down)|(?:could not|couldn't|unable to|cannot) (?:establish|connect|contact|complete|reach)|socket error|did not accept our requests to connect|not responding|lost connection|no smtp connection|timed out|timeout|deferred|network error|tls (?:handshake|negotiation|required)|remote host is/i,
  ],
  [
    'system',
    /(?:internal|local|system|server|config\w*) (?:system |server |configuration |config |resource )?(?:error|failure|problem|fault)|mailer error|(?:pipe to|failed to (?:read|write|open)|permission denied|cannot (?:open|create|append)|can't (?:create|open)|i\/o error|input\/output|read-only|command died|unexpected failure|out of memory|service (?:is )?(?:not available|unavailable|currently)|temporar\w+ (?:failure|error|problem|server)|insufficient system|cannot allocate|try (?:again )?later|unable to contact ldap|queue file write error)/i,
  ],
  [
    'protocol',
    /protocol error|syntax error|command (?:unrecognized|not recognized|not implemented|rejected|out of sequence)|bad (?:sequence|command)|unsupported|not implemented|must issue|starttls|need (?:mail|rcpt|helo)|8bitmime|smtputf8|bare (?:lf|cr)|improper command|pipelining/i,
  ],
  [
    'content',
    /header (?:error|is missing|missing|field)|missing (?:or invalid )?(?:header|from|date|message-id|subject)|malformed|not (?:compliant with )?rfc|rfc ?[25]\d\d\d|rfc 2822|rfc 822|duplicate header|message (?:content|body)|conversion|invalid (?:header|mime|content|character)|non-ascii|nested/i,
  ],
  [
    'policy',
    /polic(?:y|ies)|google groups|not (?:authori[sz]ed|allowed|permitted|accepted)|prohibited|access denied|access is denied|administrative prohibition|restricted|may not (?:exist|post)|you may not have permission|closed mailing list|administratively|security|denied by|rejected by|refused by|rejected|refused|forbidden|denied/i,
  ],
];
