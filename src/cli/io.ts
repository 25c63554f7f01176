// What a verb may know of the world outside. `run` takes it as a value, so that tests can give their own.

/** Where a verb writes. */
export interface CliOutput {
  /** Writes text (as UTF-8) or octets as they are; who writes much waits for the promise, when there is one. */
  write(data: string | Uint8Array): void | Promise<void>;
  /** Whether a person looks at it: colours and drawings are for terminals only. */
  readonly isTTY: boolean;
  /** Columns of the terminal; `undefined` when there is none. */
  readonly columns: number | undefined;
}

/** Where a verb reads from. */
export interface CliInput extends AsyncIterable<Uint8Array> {
  /** Whether a person types into it. */
  readonly isTTY: boolean;
}

/** The environment variables that the command reads. */
export interface CliEnv {
  /** The server when `--server` is not given. */
  readonly POSTHORN_SERVER?: string | undefined;
  /** The password of the server's user. */
  readonly POSTHORN_PASSWORD?: string | undefined;
  /** An access token (OAuth) of the server's user. */
  readonly POSTHORN_TOKEN?: string | undefined;
  /** The outbox when `--outbox` is not given. */
  readonly POSTHORN_OUTBOX?: string | undefined;
  /** The application's id for `posthorn login`. */
  readonly POSTHORN_CLIENT_ID?: string | undefined;
  /** The application's secret for `posthorn login`. */
  readonly POSTHORN_CLIENT_SECRET?: string | undefined;
  /** No colours when set and not empty. */
  readonly NO_COLOR?: string | undefined;
  /** No colours when `dumb`. */
  readonly TERM?: string | undefined;
}

/** Everything `run` touches outside of itself and the files named on the command line. */
export interface CliIo {
  readonly stdin: CliInput;
  readonly stdout: CliOutput;
  readonly stderr: CliOutput;
  readonly env: CliEnv;
  /** The version of the package; read when asked for. */
  version(): string;
  /**
   * Asks for a secret on the terminal without showing what is typed; `undefined` when the answer is
   * Ctrl-D. Only when `stdin.isTTY`.
   */
  askSecret(question: string): Promise<string | undefined>;
  /** Calls `listener` at the next Ctrl-C (or SIGTERM); the function given back takes it away again. */
  onInterrupt(listener: () => void): () => void;
}
