// The turns of the event loop.

/**
 * Calls `work` when everything that has arrived in this turn of the event loop is dealt with. Taken when the package is
 * loaded: a clock that a test pretends later does not hold mail back.
 */
export const afterReads: (work: () => void) => unknown = setImmediate;
