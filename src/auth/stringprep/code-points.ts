// A set of code points, read from the compact form of `tables.ts` on first use.

/** A set of code points that is asked, never listed. */
export interface CodePointSet {
  /** Whether the code point is in the set. */
  has(codePoint: number): boolean;
}

/** The set that a table of `tables.ts` describes. */
export function codePointSet(table: string): CodePointSet {
  let ends: { readonly first: number; readonly last: number }[] | undefined;
  return {
    has(codePoint) {
      ends ??= rangesOf(table);
      // The first range that does not end before the code point.
      let low = 0;
      let high = ends.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((ends[middle]?.last ?? 0) < codePoint) low = middle + 1;
        else high = middle;
      }
      const range = ends[low];
      return range !== undefined && range.first <= codePoint;
    },
  };
}

function rangesOf(table: string): { first: number; last: number }[] {
  let end = 0;
  return table.split(' ').map((range) => {
    const [gap = '', extra = '0'] = range.split('.');
    const first = end + Number.parseInt(gap, 36);
    const last = first + Number.parseInt(extra, 36);
    end = last;
    return { first, last };
  });
}
