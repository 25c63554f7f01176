// For the room that loads and saves messages in other formats on first use (house.json, onFirstUse).
export { loadForeign } from './load-foreign.ts';
export { openOnLoad } from './tnef/open-tnef.ts';
export { packTnef } from './tnef/pack-tnef.ts';
export { writeForeign } from './write-foreign.ts';
