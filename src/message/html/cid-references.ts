// What HTML refers to by `cid:` addresses (RFC 2392).

const CID = /\bcid:([^"'\s<>)]{1,998})/gi;

/** The Content-IDs that HTML refers to, as they stand in it and decoded: some writers encode the field as well. */
export function cidReferences(html: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [, written = ''] of html.matchAll(CID)) {
    if (found.has(written)) continue;
    const cid = written.replace(/&(?:quot|apos|#39|#34);.*$/i, '').replaceAll('&amp;', '&');
    found.add(cid).add(decoded(cid));
  }
  return found;
}

function decoded(cid: string): string {
  try {
    return decodeURIComponent(cid);
  } catch {
    return cid;
  }
}
