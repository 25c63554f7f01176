// Happy Eyeballs (RFC 8305): who is tried when, who wins, and what is told when nobody does.
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AddressRace } from '../../src/net/address-race.ts';
import { byTurns, type HostAddress } from '../../src/net/resolve.ts';

class FakeSocket extends EventEmitter {
  destroyed = false;
  destroy(): void {
    this.destroyed = true;
  }
  refuse(): void {
    this.emit('error', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
  }
}

function race(...addresses: string[]): { it: AddressRace; opened: Map<string, FakeSocket> } {
  const opened = new Map<string, FakeSocket>();
  const open = (address: string): Socket => {
    const socket = new FakeSocket();
    opened.set(address, socket);
    return socket as unknown as Socket;
  };
  return { it: new AddressRace(addresses, open), opened };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('an address race', () => {
  it('gives the first a head start, and the others one after the other', () => {
    const { opened } = race('a', 'b', 'c');
    expect([...opened.keys()]).toEqual(['a']);
    vi.advanceTimersByTime(249);
    expect([...opened.keys()]).toEqual(['a']);
    vi.advanceTimersByTime(1);
    expect([...opened.keys()]).toEqual(['a', 'b']);
    vi.advanceTimersByTime(250);
    expect([...opened.keys()]).toEqual(['a', 'b', 'c']);
  });

  it('goes on at once when one fails', async () => {
    const { it: running, opened } = race('a', 'b');
    opened.get('a')?.refuse();
    expect([...opened.keys()]).toEqual(['a', 'b']);
    opened.get('b')?.emit('connect');
    expect(await running.won).toBe(opened.get('b'));
    expect(running.failures).toMatchObject([{ address: 'a', code: 'ECONNREFUSED' }]);
  });

  it('is won by whoever connects first, overtaken or not, and closes the others', async () => {
    const { it: running, opened } = race('a', 'b', 'c');
    vi.advanceTimersByTime(250);
    opened.get('a')?.emit('connect');
    expect(await running.won).toBe(opened.get('a'));
    expect(opened.get('a')?.destroyed).toBe(false);
    expect(opened.get('b')?.destroyed).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(opened.has('c')).toBe(false);
    // Who comes too late, or breaks later, changes nothing and ends no process.
    opened.get('b')?.emit('connect');
    opened.get('a')?.refuse();
    expect(await running.won).toBe(opened.get('a'));
  });

  it('is lost when all have failed, each with its own reason', async () => {
    const { it: running, opened } = race('a', 'b');
    vi.advanceTimersByTime(250);
    opened.get('b')?.refuse();
    opened.get('a')?.refuse();
    const error: AggregateError = await running.won.then(
      () => expect.unreachable(),
      (reason) => reason,
    );
    expect(error.errors).toMatchObject([{ address: 'b' }, { address: 'a' }]);
  });

  it('can be stopped, with nothing left open', () => {
    const { it: running, opened } = race('a', 'b', 'c');
    vi.advanceTimersByTime(250);
    expect(running.unanswered).toEqual(['a', 'b']);
    running.stop();
    expect([...opened.values()].every(({ destroyed }) => destroyed)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    opened.get('a')?.refuse();
    expect(opened.has('c')).toBe(false);
  });
});

describe('the order of addresses', () => {
  it('takes the families by turns, beginning with the first', () => {
    const six = (n: number) => ({ address: `::${n}`, family: 6 });
    const four = (n: number) => ({ address: `127.0.0.${n}`, family: 4 });
    expect(byTurns([six(1), six(2), six(3), four(1)])).toEqual([six(1), four(1), six(2), six(3)]);
    expect(byTurns([four(1), four(2), six(1), six(2), six(3)])).toEqual([
      ...[four(1), six(1), four(2), six(2), six(3)],
    ]);
    expect(byTurns([])).toEqual([]);
  });

  it('loses and doubles none', () => {
    const address = fc.record({ address: fc.string(), family: fc.constantFrom(4, 6) });
    fc.assert(
      fc.property(fc.array(address), (list) => {
        const sorted = (all: readonly HostAddress[]): string[] =>
          all.map((each) => `${each.family} ${each.address}`).sort();
        expect(sorted(byTurns(list))).toEqual(sorted(list));
      }),
    );
  });
});
