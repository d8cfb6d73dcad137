import type { Reading } from './model';

/** What is known of a datastream's channel before and after something came. */
export interface Change {
  before?: Reading;
  after?: Reading;
}

type Listener = (changes: Change[]) => void;

/** The newest readings, by channel, object and thing. */
export class Readings {
  private readonly byChannel = new Map<string, Reading>();
  private readonly byObject = new Map<string, Set<string>>();
  private readonly byThing = new Map<number, Set<string>>();
  private readonly listeners: Listener[] = [];
  /** Channels that a new snapshot has not named yet. */
  private missing: Set<string> | undefined;

  onChange(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** What the stream says is so: it tells of corrections too, which may be older. */
  put(readings: Reading[]): void {
    this.tell(readings.map((reading) => this.set(reading)));
  }

  /** What was asked for meanwhile: the stream may have been quicker. */
  refresh(readings: Reading[]): void {
    const isCurrent = (it: Reading) => {
      const known = this.byChannel.get(channelOf(it));
      return !known || Date.parse(it.time) >= Date.parse(known.time);
    };
    this.put(readings.filter(isCurrent));
  }

  /** A snapshot follows; what it does not name is no more. */
  beginAnew(): void {
    this.missing = new Set(this.byChannel.keys());
  }

  /** The snapshot is complete. */
  settle(): void {
    const gone = [...(this.missing ?? [])];
    this.missing = undefined;
    this.tell(gone.map((channel) => this.drop(channel)));
  }

  clear(): void {
    this.tell([...this.byChannel.keys()].map((channel) => this.drop(channel)));
  }

  ofProperty(property: string): Reading[] {
    return [...this.byChannel.values()].filter((it) => it.property === property);
  }

  ofObject(collection: string, id: string): Reading[] {
    return this.named(this.byObject.get(objectKey(collection, id)));
  }

  ofThing(thing: number): Reading[] {
    return this.named(this.byThing.get(thing));
  }

  private named(channels: Set<string> = new Set()): Reading[] {
    return [...channels].flatMap((channel) => this.byChannel.get(channel) ?? []);
  }

  private set(after: Reading): Change {
    const channel = channelOf(after);
    const { before } = this.drop(channel);
    this.byChannel.set(channel, after);
    for (const channels of this.setsOf(after)) channels.add(channel);
    this.missing?.delete(channel);
    return { ...(before && { before }), after };
  }

  private drop(channel: string): Change {
    const before = this.byChannel.get(channel);
    if (!before) return {};
    this.byChannel.delete(channel);
    for (const channels of this.setsOf(before)) channels.delete(channel);
    return { before };
  }

  private setsOf({ thing, object }: Reading): Set<string>[] {
    const sets = [within(this.byThing, thing)];
    if (object) sets.push(within(this.byObject, objectKey(object.collection, object.id)));
    return sets;
  }

  private tell(changes: Change[]): void {
    if (changes.length === 0) return;
    for (const listener of this.listeners) listener(changes);
  }
}

/** A datastream of several properties has a channel for each. */
export function channelOf({ datastream, property }: Reading): string {
  return `${datastream}/${property}`;
}

function objectKey(collection: string, id: string): string {
  return `${collection}/${id}`;
}

function within<K>(sets: Map<K, Set<string>>, key: K): Set<string> {
  const known = sets.get(key);
  if (known) return known;
  const made = new Set<string>();
  sets.set(key, made);
  return made;
}
