// What has been learned of a server: how it may be spoken to. Kept as long as the client that talks to it.

/** What one server has shown of itself. */
export class Manners {
  #isPlain = false;
  #isSteady = false;

  /** Whether it lost step with commands in groups: it gets them one by one. */
  get isPlain(): boolean {
    return this.#isPlain;
  }

  /** Whether it takes the octets of a chunk also when it refuses the message they belong to. */
  get isSteady(): boolean {
    return this.#isSteady;
  }

  /** It lost step. */
  lostStep(): void {
    this.#isPlain = true;
  }

  /** It took the octets of a chunk that it refused. */
  tookRefusedChunk(): void {
    this.#isSteady = true;
  }
}
