import { address, type Query } from '../address';
import type { FenceEvent, ObjectChange, Reading, Snapshot } from './model';

/** Whether news arrive. */
export type Health = 'live' | 'waiting' | 'offline';

export interface Listener {
  readings: (readings: Reading[]) => void;
  /** A part of what is known at the beginning. */
  snapshot: (snapshot: Snapshot) => void;
  /** What was told before no longer counts. */
  reset: () => void;
  objects: (changes: ObjectChange[]) => void;
  fences: (events: FenceEvent[]) => void;
  health: (health: Health) => void;
}

/** Between two attempts, where the browser does not try by itself. */
const BACK_OFF_MS = { first: 2_000, longest: 60_000 };

/** Who leaves the page open in a hidden tab for longer than this does not look at it. */
const HIDDEN_MS = 60_000;

type Timer = ReturnType<typeof setTimeout>;

/** The server's stream of events; goes on where it was interrupted. */
export class Stream {
  private source: EventSource | undefined;
  private lastId = '';
  private failures = 0;
  private timer: Timer | undefined;

  constructor(
    private readonly query: Query,
    private readonly listener: Listener,
  ) {
    document.addEventListener('visibilitychange', this.look);
    addEventListener('online', this.hurry);
    this.open();
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.look);
    removeEventListener('online', this.hurry);
    this.pause();
  }

  private open(): void {
    const resumed: Query = this.lastId ? { lastEventId: this.lastId } : {};
    const source = new EventSource(address('live', { ...this.query, ...resumed }));
    this.source = source;
    source.addEventListener('open', () => {
      this.failures = 0;
      this.listener.health('live');
    });
    source.addEventListener('error', () => this.fail(source));
    this.hear(source);
  }

  private hear(source: EventSource): void {
    const on = <T>(name: string, take: (data: T) => void) => {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        if (event.lastEventId) this.lastId = event.lastEventId;
        take(JSON.parse(event.data) as T);
      });
    };
    on('snapshot', this.listener.snapshot);
    on('readings', this.listener.readings);
    on('fences', this.listener.fences);
    on('objects', this.listener.objects);
    source.addEventListener('reset', () => this.listener.reset());
  }

  /** A connection that broke is the browser's to mend; an answer that was an error is ours. */
  private fail(source: EventSource): void {
    if (source !== this.source) return;
    this.listener.health(navigator.onLine ? 'waiting' : 'offline');
    if (source.readyState !== EventSource.CLOSED) return;
    this.failures++;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), backOffMs(this.failures));
  }

  private pause(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
  }

  private readonly look = () => {
    if (document.hidden) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.pause(), HIDDEN_MS);
    } else {
      this.hurry();
    }
  };

  /** Someone looks, or the network is back: no reason to wait any longer. */
  private readonly hurry = () => {
    clearTimeout(this.timer);
    if (this.source && this.source.readyState !== EventSource.CLOSED) return;
    this.open();
  };
}

/** Twice as long after each failure, and never for all pages at the same moment. */
export function backOffMs(failures: number, chance = Math.random()): number {
  const { first, longest } = BACK_OFF_MS;
  const most = Math.min(longest, first * 2 ** Math.max(0, failures - 1));
  return most * (0.75 + chance / 4);
}
