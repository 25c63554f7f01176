// The house plan, checked before anything trusts it: floors must fall along every allowed import,
// so the plan itself cannot hold a cycle.
import { readFileSync } from 'node:fs';

export const house = JSON.parse(readFileSync(new URL('../house.json', import.meta.url), 'utf8'));

for (const [name, room] of Object.entries(house.rooms)) {
  for (const used of room.uses) {
    const below = house.rooms[used];
    if (!below) throw new Error(`house.json: ${name} uses unknown room ${used}`);
    if (below.floor >= room.floor) {
      throw new Error(
        `house.json: ${name} (floor ${room.floor}) may not use ${used} (floor ${below.floor})`,
      );
    }
  }
}

/** Doors of a room that `room` may walk through. */
export function doorsFor(room) {
  return room.publicOnly ? ['index.ts'] : house.doors;
}
