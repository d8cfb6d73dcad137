import { address } from '../address';
import { element } from '../dom';
import { text } from '../language';
import { entityPath, readDay } from '../live/history';
import type { Reading } from '../live/model';
import { channelOf } from '../live/readings';
import { isDirection } from '../live/scale';
import { spark } from '../live/spark';
import { ageText, valueText } from '../live/words';

/** More lines than this are a report, and each is a request. */
const SPARKS_MAX = 6;

const TICK_MS = 1_000;

interface Entry {
  value: HTMLElement;
  age: HTMLElement;
  spark: HTMLElement;
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
    const entry = { value, age, spark: line };
    this.entries.set(channelOf(reading), entry);
    if (this.entries.size <= SPARKS_MAX) void this.draw(entry, reading);
    return entry;
  }

  private write({ value, age }: Entry, reading: Reading): void {
    const shown = valueText(reading.value);
    if (value.dataset.shown !== shown) {
      value.dataset.shown = shown;
      value.replaceChildren(shown);
      const { unit } = reading;
      if (unit) value.append(' ', element('span', { class: 'unit' }, unit));
    }
    const said = reading.stale
      ? `${ageText(reading.time)} · ${text('stale')}`
      : ageText(reading.time);
    if (age.textContent !== said) age.textContent = said;
    age.classList.toggle('stale', reading.stale);
  }

  private async draw(
    { spark: frame }: Entry,
    { datastream, value, unit, property }: Reading,
  ): Promise<void> {
    if (typeof value !== 'number') return;
    try {
      const samples = await readDay(datastream, this.running.signal);
      if (samples.length > 1) frame.replaceChildren(spark(samples, isDirection(unit, property)));
      else frame.replaceChildren(element('p', { class: 'note' }, text('noHistory')));
    } catch {
      if (!this.running.signal.aborted) frame.replaceChildren(text('historyFailed'));
    }
  }
}

/** What all sensors of the object say together, where they are several. */
function together({ object, unit }: Reading): HTMLElement[] {
  if (!object?.n || object.n < 2) return [];
  const value = [valueText(object.value), unit ?? ''].join(' ').trim();
  return [element('p', { class: 'note' }, text('together', { count: object.n, value }))];
}

function byName(one: Reading, other: Reading): number {
  return one.property.localeCompare(other.property) || one.name.localeCompare(other.name);
}
