// Control characters and those that reorder text: a name must not look like another one.
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\\/:*?"<>|\ud800-\udfff]/gu;
const MAX_CHARS = 200;

/**
 * A Content-Disposition for a download (RFC 6266) of this name, which may come from a mail: both
 * forms, the plain one in ASCII, and no character that could leave the folder or the header.
 */
export function downloadAs(name: string): string {
  const safe = fileName(name);
  const ascii = safe.replace(/[^\x20-\x7e]/g, '_').replaceAll('%', '_');
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encode(safe)}`;
}

function fileName(name: string): string {
  const clean = Array.from(
    name
      .replace(UNSAFE, '_')
      .replace(/^[\s.]+/, '')
      .trim(),
  );
  if (clean.length === 0) return 'attachment';
  if (clean.length <= MAX_CHARS) return clean.join('');
  // The end of a name tells its kind, so the middle goes.
  return [...clean.slice(0, MAX_CHARS - 30), '…', ...clean.slice(-29)].join('');
}

/** RFC 8187: what encodeURIComponent leaves alone and the grammar does not allow goes as well. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
