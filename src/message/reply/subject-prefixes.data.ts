// What mail programs of many languages write before the subject of answers and forwarded messages, in lower case.

/** Of answers. Single letters are left out: they begin subjects of their own. */
export const replyPrefixes: ReadonlySet<string> = new Set([
  're', // English, Latin and most others
  'aw', // German
  'antw', // Dutch
  'sv', // Swedish, Danish, Norwegian
  'vs', // Finnish
  'odp', // Polish
  'ref', // French
  'rif', // Italian
  'res', // Portuguese
  'enc', // Portuguese
  'ynt', // Turkish
  'yan', // Turkish
  'vá', // Hungarian
  'bls', // Indonesian
  'balas', // Malay
  'atb', // Latvian
  'ats', // Lithuanian
  'odg', // Croatian, Serbian
  'отв', // Bulgarian
  'ответ', // Russian
  'на', // Serbian
  'απ', // Greek
  'σχετ', // Greek
  'השב', // Hebrew
  'תגובה', // Hebrew
  'رد', // Arabic
  '回复', // Chinese
  '回覆', // Chinese
  '答复', // Chinese
  '答覆', // Chinese
  '返信', // Japanese
  '회신', // Korean
]);

/** Of forwarded messages. */
export const forwardPrefixes: ReadonlySet<string> = new Set([
  'fwd', // English
  'fw', // English
  'wg', // German
  'tr', // French
  'vb', // Swedish
  'vl', // Finnish
  'vs', // Norwegian, Danish
  'videresendt', // Norwegian, Danish
  'doorst', // Dutch
  'rv', // Spanish
  'enc', // Portuguese
  'pd', // Polish
  'inoltro', // Italian
  'i̇lt', // Turkish
  'ilt', // Turkish
  'trs', // Malay
  'továbbítás', // Hungarian
  'пересл', // Russian
  'πρθ', // Greek
  'προωθ', // Greek
  'הועבר', // Hebrew
  'إعادة توجيه', // Arabic
  '转发', // Chinese
  '轉寄', // Chinese
  '轉發', // Chinese
  '転送', // Japanese
  '전달', // Korean
]);
