// What is wrong in a stream that is read: noted and gone past, or thrown when reading is to be strict.
import { FormatError } from '../../base/index.ts';
import { enforceLimit } from '../../base/internal.ts';
import { addProblem, type MapiProblem, type MapiProblemCode } from '../problem.ts';

/** How a stream is read. */
export interface Reading {
  /** Throws at the first thing that is wrong. */
  readonly strict: boolean;
  /** Everything that was wrong. */
  readonly problems: MapiProblem[];
  /** Values read so far. */
  values: number;
}

/** The faults of one stream, which may stand inside another. */
export class Faults {
  readonly reading: Reading;
  /** Which message, recipient or attachment is being read. */
  readonly path: string;

  constructor(reading: Reading, path: string) {
    this.reading = reading;
    this.path = path;
  }

  /** The faults of something inside. */
  inside(name: string): Faults {
    return new Faults(this.reading, this.path === '' ? name : `${this.path}/${name}`);
  }

  /** Counts values. @throws {@link LimitError} There are too many of them. */
  count(values: number): void {
    this.reading.values += values;
    enforceLimit('mapiValues', this.reading.values, 'The number of properties and their values');
  }

  /**
   * Notes what is wrong at this octet of the stream.
   * @throws {@link FormatError} Reading is strict.
   */
  tell(code: MapiProblemCode, message: string, offset: number): void {
    const { strict, problems } = this.reading;
    const { path } = this;
    if (strict) {
      const place = path === '' ? '' : ` (${path})`;
      const advice = 'read it with strict: false to keep what can be read';
      throw new FormatError(`${message} at octet ${offset}${place}; ${advice}`, 'tnef', offset);
    }
    addProblem(problems, { code, message: `${message} at octet ${offset}`, path });
  }
}
