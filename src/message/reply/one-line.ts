// What a header field says, as part of another field or of a text.

/** In one line: a field that was read can hold line breaks, in encoded words, which would begin lines of their own. */
export const inOneLine = (value: unknown): string => String(value).replace(/\p{Cc}+/gu, ' ');
