// Phrases as one pattern.

/** A pattern that fits where one of the phrases does, whatever the case of the letters. */
export function anyOf(phrases: readonly RegExp[]): RegExp {
  return new RegExp(phrases.map(({ source }) => source).join('|'), 'i');
}
