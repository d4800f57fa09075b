/**
 * What a host hands its events to. Reporters turn data into text; they hold no logic and write to nothing but the
 * sink they were given.
 */
import type { TimedEvent } from "../run/event.ts";

export interface Sink {
  write(text: string): void;
  /** Width in columns; 80 where nobody tells. */
  readonly columns: number;
  /** True where a person watches, and lines can be drawn over. */
  readonly terminal: boolean;
}

export interface Reporter {
  event(event: TimedEvent): void;
  /** Nothing more will come: clears what was drawn in place. */
  close(): void;
}
