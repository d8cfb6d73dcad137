import { Refused } from '../api';
import type { CityMap } from '../map/city';
import type { Lettering } from '../map/generic';
import type { Shape } from '../map/legend';
import type { Schema } from '../model';
import { breaksOf, isOutgrown } from './breaks';
import { type Choice, readChoice, writeChoice } from './choice';
import { Choropleth, type State } from './choropleth';
import { DAY, NIGHT, type Tone } from './covers';
import { type Aggregate, numberOf, type ObservedProperty, type Reading, unitText } from './model';
import { SensorPoints } from './points';
import { readAggregate, readLatest } from './questions';
import type { Change, Readings } from './readings';
import { isDirection, type Scale, scaleOf } from './scale';
import { ZoneLabels } from './zones';

/** Readings grow old, and means change, without an event. */
const REFRESH_MS = 15_000;

/** A scale that changed with each reading could not be read. */
const SCALE_MS = 2_000;

/** The city is still recognised, and its own colours are not taken for values. */
const VEIL_OPACITY = 0.5;

interface Setting {
  shapes: Map<string, Shape>;
  schemas: Map<string, Schema>;
  lettering: Lettering;
  isDark: boolean;
}

/** Brings the readings onto the map as someone chose them. */
export class LiveMap {
  choice: Choice = { window: 'PT1H' };
  scale: Scale | undefined;
  aggregate: Aggregate | undefined;
  /** Why there are no means, in the server's words. */
  trouble: string | undefined;
  readonly points: SensorPoints;
  private readonly tone: Tone;
  private readonly choropleth: Choropleth;
  private readonly labels: ZoneLabels;
  private readonly listeners: (() => void)[] = [];
  private asked = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly city: CityMap,
    readonly readings: Readings,
    private readonly setting: Setting,
  ) {
    this.tone = setting.isDark ? NIGHT : DAY;
    this.points = new SensorPoints(city, this.tone, setting.lettering);
    this.choropleth = new Choropleth(city, setting.shapes, this.tone);
    this.labels = new ZoneLabels(city, setting.schemas, this.tone.lettering);
    readings.onChange((changes) => this.take(changes));
    setInterval(() => !document.hidden && void this.refresh(), REFRESH_MS);
  }

  /** Told when what is to be said about the map has changed. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** What the address says; else what most sensors measure. */
  begin(properties: ObservedProperty[]): void {
    const said = readChoice(location.hash);
    const [most] = [...properties].sort((a, b) => b.datastreams - a.datastreams);
    const isKnown = !said?.property || properties.some(({ name }) => name === said.property);
    if (said && isKnown) this.show(said);
    else if (most) this.show({ property: most.name, window: 'PT1H' });
  }

  choose(choice: Choice): void {
    history.replaceState(history.state, '', writeChoice(location.hash, choice));
    this.show(choice);
  }

  /** Readings of the chosen property. */
  get chosen(): Reading[] {
    return this.choice.property ? this.readings.ofProperty(this.choice.property) : [];
  }

  get unit(): string {
    return unitText(this.chosen.find(({ unit }) => unit)?.unit);
  }

  private show(choice: Choice): void {
    this.choice = choice;
    this.aggregate = undefined;
    this.trouble = undefined;
    this.scale = undefined;
    this.asked.abort();
    this.choropleth.clear();
    void this.labels.show(undefined);
    this.points.setQuiet(choice.zones !== undefined);
    this.city.overlay.veil(this.tone.veil, choice.property ? VEIL_OPACITY : 0);
    this.redraw();
    void this.refresh();
  }

  /** Chooses the classes anew, and draws everything in them. */
  redraw(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { chosen } = this;
    this.scale = this.choice.property ? this.fitting(chosen) : undefined;
    if (this.scale) this.choropleth.show(this.scale);
    this.points.show(chosen, this.scale);
    if (this.aggregate) this.colourZones(this.aggregate);
    else if (!this.choice.zones) for (const reading of chosen) this.colourObject(reading);
    this.tell();
  }

  private fitting(chosen: Reading[]): Scale {
    const { property = '' } = this.choice;
    const numbers = (this.aggregate?.values ?? chosen).flatMap(
      ({ value }) => numberOf(value) ?? [],
    );
    const isRound = isDirection(this.unit, property);
    return scaleOf(numbers, isRound, this.setting.isDark);
  }

  private take(changes: Change[]): void {
    const { property } = this.choice;
    const ours = changes.filter(({ before, after }) => (after ?? before)?.property === property);
    if (ours.length === 0 || !property) return;
    for (const { before, after } of ours) {
      if (after) this.points.colour(after);
      if (this.choice.zones) continue;
      if (before && before.object?.fid !== after?.object?.fid) this.colourObject(before);
      if (after) this.colourObject(after);
    }
    this.points.follow(this.chosen);
    this.timer ??= setTimeout(() => this.rescale(), SCALE_MS);
  }

  /** Draws anew where the values no longer fit the classes. */
  private rescale(): void {
    this.timer = undefined;
    const values = this.aggregate?.values ?? this.chosen;
    const fresh = breaksOf(values.flatMap(({ value }) => numberOf(value) ?? []));
    const isSpent = !this.scale?.isRound && isOutgrown(this.scale?.breaks ?? [], fresh);
    if (isSpent || isDirection(this.unit, this.choice.property ?? '') !== this.scale?.isRound) {
      this.redraw();
    } else {
      this.tell();
    }
  }

  /** An object is as old as the newest of its readings. */
  private colourObject({ object, property }: Reading): void {
    if (!object) return;
    const { collection, id, fid } = object;
    const own = this.readings.ofObject(collection, id).filter((it) => it.property === property);
    this.choropleth.set(collection, fid, stateOf(own));
  }

  private colourZones({ zones, values }: Aggregate): void {
    for (const { fid, value, n, n_stale } of values) {
      const number = numberOf(value);
      const look = number === undefined ? 'empty' : n > 0 && n_stale === n ? 'stale' : 'fresh';
      this.choropleth.set(zones, fid, { value: number ?? null, look });
    }
  }

  private async refresh(): Promise<void> {
    const { property, zones, window } = this.choice;
    if (!property) return;
    this.asked.abort();
    this.asked = new AbortController();
    const { signal } = this.asked;
    try {
      if (zones) this.keep(await readAggregate(zones, property, window, signal), signal);
      else this.readings.refresh(await readLatest(property));
    } catch (error) {
      // That the server is away, the stream's health says already; the next round asks again.
      const isOurs = error instanceof Refused && error.status < 500 && !signal.aborted;
      this.trouble = isOurs ? error.message : undefined;
      this.tell();
    }
  }

  private keep(aggregate: Aggregate, signal: AbortSignal): void {
    if (signal.aborted) return;
    const isFirst = !this.aggregate;
    this.trouble = undefined;
    this.aggregate = aggregate;
    if (isFirst) this.redraw();
    else this.colourZones(aggregate);
    void this.labels.show(aggregate).catch(() => undefined);
    this.rescale();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

function stateOf(readings: Reading[]): State | undefined {
  // A zone around a sensor has no value of its own.
  const own = readings.filter(({ object }) => object?.n !== undefined);
  const newest = own.reduce<Reading | undefined>(
    (newest, it) => (newest && newest.time > it.time ? newest : it),
    undefined,
  );
  if (!newest) return undefined;
  const value = numberOf(newest.object?.value);
  const look = value === undefined ? 'empty' : newest.stale ? 'stale' : 'fresh';
  return { value: value ?? null, look };
}
