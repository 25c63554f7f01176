// Ids begin with a time, so that entries from before a time are known without looking at them.

/** An id that sorts behind the ids of all entries made before `time`, and before those made after it. */
export function idBefore(time: number): string {
  const at = Math.min(Math.max(0, Math.floor(time)), 0xffff_ffff_ffff);
  const digits = at.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-`;
}
