import type { Catalogue } from '../catalogue';
import { byId, element } from '../dom';
import { onLanguage, text, translate } from '../language';
import { WINDOWS } from '../live/choice';
import type { LiveMap } from '../live/live';
import { type ObservedProperty, unitText } from '../live/model';
import { isDirection } from '../live/scale';
import type { Health } from '../live/stream';
import { numberText } from '../live/words';
import { heightOf } from '../map/height';
import { titleOf } from '../model';
import { alternate, foldable, isNarrow } from './fold';
import { showScale } from './scale';

/** More objects than this are no zones that somebody compares. */
const ZONES_MAX = 1_500;

interface Option {
  value: string;
  label: string;
}

/** What is measured, where, and how it is coloured. */
export class LivePanel {
  private properties: ObservedProperty[] = [];
  private readonly property = byId<HTMLSelectElement>('live-property');
  private readonly zones = byId<HTMLSelectElement>('live-zones');
  private readonly window = byId<HTMLSelectElement>('live-window');

  constructor(
    private readonly live: LiveMap,
    private readonly catalogue: Catalogue,
  ) {
    const toggle = byId<HTMLButtonElement>('live-toggle');
    foldable(toggle, byId('live-body'), !isNarrow());
    alternate(toggle, byId<HTMLButtonElement>('layers-toggle'));
    for (const select of [this.property, this.zones, this.window]) {
      select.addEventListener('change', () => this.choose());
    }
    live.onChange(() => this.showReadings());
    onLanguage(() => this.show());
  }

  /** Also when sensors have come or gone meanwhile. */
  offer(properties: ObservedProperty[]): void {
    this.properties = properties;
    byId('live').hidden = properties.length === 0;
    this.show();
  }

  showHealth(health: Health): void {
    const sign = byId('live-health');
    sign.dataset.health = health;
    sign.dataset.label = health === 'offline' ? 'offlineLive' : health;
    translate(byId('live'));
    sign.title = sign.ariaLabel ?? '';
  }

  private show(): void {
    const { property, zones, window } = this.live.choice;
    fill(this.property, this.propertyOptions(), property ?? '');
    fill(this.zones, this.zoneOptions(), zones ?? '');
    fill(this.window, windowOptions(), window);
    this.showReadings();
  }

  private showReadings(): void {
    const { choice, scale, unit } = this.live;
    byId('live-where').hidden = !choice.property;
    byId('live-when').hidden = !choice.zones;
    byId('live-scale').hidden = !scale;
    if (this.property.value !== (choice.property ?? ''))
      this.property.value = choice.property ?? '';
    const meaning = { unit, title: choice.property ?? '', isOfAreas: choice.zones !== undefined };
    if (scale) showScale(byId('live-scale'), scale, meaning);
    const { trouble } = this.live;
    const note = trouble ? text('zonesFailed', { detail: trouble }) : this.summary();
    byId('live-note').textContent = note;
    byId('live-note').hidden = !choice.property;
  }

  private summary(): string {
    const { chosen } = this.live;
    return summary(chosen.length, chosen.filter(({ stale }) => stale).length);
  }

  private choose(): void {
    const [property, zones] = [this.property.value, this.zones.value];
    const window = WINDOWS.find((it) => it === this.window.value) ?? 'PT1H';
    this.live.choose({ ...(property && { property }), ...(zones && { zones }), window });
    this.show();
  }

  private propertyOptions(): Option[] {
    const options = this.properties.map(({ name, units }) => {
      const unit = isDirection(units[0], name) ? '' : unitText(units[0]);
      return { value: name, label: unit ? `${name} · ${unit}` : name };
    });
    return [{ value: '', label: text('noReadings') }, ...options];
  }

  /** Areas that are few, and not measured themselves; the coarsest first. */
  private zoneOptions(): Option[] {
    const { collections, shapes, schemas, counts } = this.catalogue;
    const measured = new Set(this.properties.flatMap((it) => it.collections));
    const size = (id: string) => counts.get(id) ?? 0;
    const zones = collections.filter(
      ({ id }) =>
        shapes.get(id) === 'area' &&
        size(id) <= ZONES_MAX &&
        !measured.has(id) &&
        !heightOf(schemas.get(id) ?? {}),
    );
    const sorted = zones.sort((a, b) => size(a.id) - size(b.id));
    const options = sorted.map((it) => ({ value: it.id, label: titleOf(it) }));
    return [{ value: '', label: text('measuredObjects') }, ...options];
  }
}

function windowOptions(): Option[] {
  return [
    { value: 'PT1H', label: text('lastHour') },
    { value: 'P1D', label: text('lastDayLong') },
  ];
}

function fill(select: HTMLSelectElement, options: Option[], chosen: string): void {
  select.replaceChildren(...options.map(({ value, label }) => element('option', { value }, label)));
  select.value = chosen;
}

function summary(count: number, stale: number): string {
  const sensors = text(count === 1 ? 'oneSensor' : 'sensors', { count: numberText(count) });
  return stale > 0 ? `${sensors}, ${text('ofThemStale', { count: numberText(stale) })}` : sensors;
}
