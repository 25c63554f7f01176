// What a conversion could not carry over: told one by one to whoever asks, and never a reason to fail. Types only.

/** One thing that the other format could not hold, or that was read otherwise than it was written. */
export interface FidelityLoss {
  /** Where it stood: a header field, a property by its specification's name, an attachment by its file name. */
  readonly subject: string;
  /** What happened to it, in a sentence. */
  readonly detail: string;
}

/** Is told each loss as it is found. */
export type LossListener = (loss: FidelityLoss) => void;
