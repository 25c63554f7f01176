import { describe, expect, it } from 'vitest';
import { Manners } from '../../../src/smtp/courier/manners.ts';

describe('what is learned of a server', () => {
  it('losing step or not knowing chunks is remembered', () => {
    const manners = new Manners();
    expect([manners.isPlain, manners.isChunkless, manners.isSeparated]).toEqual([
      false,
      false,
      false,
    ]);
    manners.lostChunk();
    expect([manners.isPlain, manners.isChunkless]).toEqual([false, true]);
    manners.lostStep();
    expect(manners.isPlain).toBe(true);
  });

  it('a connection lost with commands behind content keeps them apart; three in a row end groups', () => {
    const manners = new Manners();
    manners.wasLost();
    expect([manners.isSeparated, manners.isPlain]).toEqual([true, false]);
    manners.wasLost();
    manners.keptStep();
    // Kept apart from then on, however well it goes.
    expect(manners.isSeparated).toBe(true);
    manners.wasLost();
    manners.wasLost();
    expect(manners.isPlain).toBe(false);
    manners.wasLost();
    expect(manners.isPlain).toBe(true);
  });
});
