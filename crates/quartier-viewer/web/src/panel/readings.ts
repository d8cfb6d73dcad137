import { address } from '../address';
import { element } from '../dom';
import { text } from '../language';
import { DAY_MS, entityPath, readDay } from '../live/history';
import { numberOf, type Reading, unitText } from '../live/model';
import { channelOf } from '../live/readings';
import type { Sample } from '../live/runs';
import { isDirection } from '../live/scale';
import { spark } from '../live/spark';
import { ageText, valueText } from '../live/words';

/** More lines than this are a report, and each is a request. */
const SPARKS_MAX = 6;

const TICK_MS = 1_000;

/** A line of a day does not change much within this. */
const REDRAW_MS = 10_000;

interface Entry {
  value: HTMLElement;
  age: HTMLElement;
  spark: HTMLElement;
  source: HTMLAnchorElement;
  /** Once they are read. */
  samples?: Sample[];
  drawn_ms: number;
}

/** What the sensors of an object or a thing say now, and said during the last day. */
export class ReadingsSection {
  readonly root = element('section', { class: 'readings' });
  private readonly entries = new Map<string, Entry>();
  private readonly running = new AbortController();
  private readonly timer = setInterval(() => this.update(), TICK_MS);

  /** `isOfThing`: the readings are those of one place, whose name stands above already. */
  constructor(
    private readonly current: () => Reading[],
    private readonly isOfThing: boolean,
  ) {
    this.update();
  }

  close(): void {
    clearInterval(this.timer);
    this.running.abort();
  }

  private update(): void {
    const readings = this.current().sort(byName);
    for (const reading of readings) {
      const known = this.entries.get(channelOf(reading));
      this.write(known ?? this.add(reading), reading);
    }
    this.root.hidden = readings.length === 0;
  }

  private add(reading: Reading): Entry {
    const whole = this.isOfThing ? [] : together(reading);
    const value = element('p', { class: 'value' });
    const age = element('p', { class: 'age-text' });
    const line = element('div', { class: 'spark-frame' });
    const title = this.isOfThing ? reading.property : `${reading.property} · ${reading.name}`;
    const href = address(entityPath('Datastreams', reading.datastream));
    const source = element('a', { href, class: 'source', title: text('openDatastream') }, title);
    const head = element('h3', {}, source);
    this.root.append(element('article', {}, head, value, age, ...whole, line));
    const entry: Entry = { value, age, spark: line, source, drawn_ms: 0 };
    this.entries.set(channelOf(reading), entry);
    if (this.entries.size <= SPARKS_MAX) void this.ask(entry, reading);
    return entry;
  }

  private write(entry: Entry, reading: Reading): void {
    const { value, age } = entry;
    const shown = valueText(reading.value);
    if (value.dataset.shown !== shown) {
      value.dataset.shown = shown;
      value.replaceChildren(shown);
      const unit = unitText(reading.unit);
      if (unit) value.append(' ', element('span', { class: 'unit' }, unit));
    }
    const said = reading.stale
      ? `${ageText(reading.time)} · ${text('stale')}`
      : ageText(reading.time);
    if (age.textContent !== said) age.textContent = said;
    age.classList.toggle('stale', reading.stale);
    this.draw(entry, reading);
  }

  private async ask(entry: Entry, reading: Reading): Promise<void> {
    if (numberOf(reading.value) === undefined) return;
    try {
      const { datastream, property } = reading;
      const day = await readDay(datastream, property, this.running.signal);
      entry.samples = day.samples;
      entry.source.href = address(day.path);
      if (entry.samples.length < 2) entry.spark.textContent = text('noHistory');
      else this.draw(entry, reading);
    } catch {
      if (!this.running.signal.aborted) entry.spark.textContent = text('historyFailed');
    }
  }

  /** The last day, with what has come since it was read. */
  private draw(entry: Entry, { time, value, unit, property }: Reading): void {
    const { samples } = entry;
    const now = Date.now();
    if (!samples || now - entry.drawn_ms < REDRAW_MS) return;
    const newest = { time: Date.parse(time), value: numberOf(value) ?? Number.NaN };
    if (newest.time > (samples.at(-1)?.time ?? 0) && !Number.isNaN(newest.value)) {
      samples.push(newest);
    }
    if (samples.length < 2) return;
    entry.drawn_ms = now;
    const recent = samples.filter((it) => it.time > now - DAY_MS);
    entry.spark.replaceChildren(spark(recent, isDirection(unit, property)));
  }
}

/** What all sensors of the object say together, where they are several. */
function together({ object, unit }: Reading): HTMLElement[] {
  if (!object?.n || object.n < 2) return [];
  const value = [valueText(object.value), unitText(unit)].join(' ').trim();
  return [element('p', { class: 'note' }, text('together', { count: object.n, value }))];
}

function byName(one: Reading, other: Reading): number {
  return one.property.localeCompare(other.property) || one.name.localeCompare(other.name);
}
