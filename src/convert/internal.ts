// For the room that loads and saves messages in other formats on first use (house.json, onFirstUse).
export { loadForeign } from './load-foreign.ts';
export { writeForeign } from './write-foreign.ts';
