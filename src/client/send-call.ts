// The two ways to call send: a message, or four strings.
import { OptionError } from '../base/index.ts';
import { kindOf } from '../message/internal.ts';
import type { AddressInput } from '../mime/index.ts';
import type { Sendable, SendOptions } from './transport.ts';

/** The arguments of `send`; what comes after the message or the strings is `Options`. */
export type SendCall<Options = SendOptions> =
  | readonly [message: Sendable, options?: Options | undefined]
  | readonly [
      from: string,
      to: AddressInput,
      subject: string,
      text: string,
      options?: Options | undefined,
    ];

/** A call of either kind as a message with options. */
export function readCall(call: SendCall): {
  readonly message: Sendable;
  readonly options: SendOptions;
} {
  if (typeof call[0] !== 'string') {
    const [message, options = {}] = call as readonly [Sendable, SendOptions?];
    return { message, options };
  }
  const [from, to, subject, text, options = {}] = call as Extract<SendCall, { 0: string }>;
  if (typeof text === 'string') return { message: { from, to, subject, text }, options };
  throw new OptionError(
    'text',
    `send takes a message, or four strings: from, to, subject and text; the text is ${kindOf(text)}`,
  );
}
