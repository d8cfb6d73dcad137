import type { Geometry } from 'geojson';
import { itemPath } from './address';
import { Refused, read } from './api';
import type { Catalogue } from './catalogue';
import { nameOf } from './describe';
import { byId } from './dom';
import { boundsOf } from './extent';
import { onLanguage, text } from './language';
import type { Reading } from './live/model';
import type { Readings } from './live/readings';
import type { CityMap } from './map/city';
import type { Seen } from './map/seen';
import { type Item, type ObjectName, titleOf } from './model';
import {
  type Deeds,
  hideObject,
  isObjectShown,
  type Shown,
  showMissing,
  showObject,
} from './panel/object';
import { ReadingsSection } from './panel/readings';
import { toast } from './panel/state';
import { showThing } from './panel/thing';
import type { Place } from './place';

/** More than this in one place is a heap, not a choice. */
const OTHERS_MAX = 8;

/** What of the sensors someone can point at. */
interface Sensors {
  readings: Readings;
  thingAt(x: number, y: number): number | undefined;
}

/** Shows the object that someone points at or looks for. */
export class Inspector {
  sensors: Sensors | undefined;
  private redraw: (() => void) | undefined;
  private section: ReadingsSection | undefined;
  private asked = 0;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly city: CityMap,
    private readonly changed: (shown: Pick<Place, 'object' | 'thing'>) => void,
  ) {
    onLanguage(() => this.redraw?.());
  }

  /** Shows the topmost object at a point of the screen; nothing there closes what was shown. */
  async point(x: number, y: number): Promise<void> {
    const thing = this.sensors?.thingAt(x, y);
    const [first, ...others] = this.city.objectsAt(x, y);
    if (thing !== undefined) this.openThing(thing, first ? [first, ...others] : []);
    else if (first) await this.open(first, others);
    else return this.close();
    this.city.uncover(x, y, byId('object').getBoundingClientRect());
  }

  /** As a pointer's click, for the keyboard. */
  async pointAtCentre(): Promise<void> {
    const { clientWidth, clientHeight } = this.city.map.getCanvas();
    await this.point(clientWidth / 2, clientHeight / 2);
    if (!this.isOpen) return toast(text('noObject'));
    byId('object').focus();
  }

  async open(name: ObjectName, others: Seen[] = []): Promise<Item | undefined> {
    const asked = ++this.asked;
    try {
      const item = await read<Item>(itemPath(name.collection, name.id));
      if (asked === this.asked) this.keep(name, item, others);
      return item;
    } catch (error) {
      if (asked === this.asked) this.miss(error);
      return undefined;
    }
  }

  /** Shows an object and moves the map to it. */
  async visit(name: ObjectName): Promise<void> {
    const item = await this.open(name);
    if (item) this.zoom(item.geometry);
    byId('object').focus({ preventScroll: true });
  }

  close(): void {
    this.asked++;
    this.redraw = undefined;
    this.section?.close();
    const hadFocus = byId('object').contains(document.activeElement);
    hideObject();
    this.city.select();
    this.changed({});
    if (hadFocus) this.city.map.getCanvas().focus();
  }

  get isOpen(): boolean {
    return isObjectShown();
  }

  private keep(name: ObjectName, item: Item, seen: Seen[]): void {
    const { collections, schemas } = this.catalogue;
    const collection = collections.find(({ id }) => id === name.collection);
    if (!collection) return;
    const schema = schemas.get(name.collection) ?? {};
    const others = seen.slice(0, OTHERS_MAX).map((it) => this.other(it));
    const own = () => this.sensors?.readings.ofObject(name.collection, String(item.id)) ?? [];
    this.redraw = () => {
      const readings = this.readingsOf(own, false);
      showObject({ name, collection, schema, item, others, readings }, this.deeds(item.geometry));
    };
    this.redraw();
    this.city.select(name, item);
    this.changed({ object: name });
  }

  openThing(thing: number, seen: Seen[] = []): void {
    this.asked++;
    const others = seen.slice(0, OTHERS_MAX).map((it) => this.other(it));
    const own = () => this.sensors?.readings.ofThing(thing) ?? [];
    const point = own().find((it) => it.point)?.point;
    const geometry: Geometry | null = point ? { type: 'Point', coordinates: point } : null;
    this.redraw = () => {
      const section = this.readingsOf(own, true);
      showThing({ thing, readings: own(), section, others }, this.deeds(geometry));
    };
    this.redraw();
    this.city.select(undefined, { type: 'Feature', geometry, properties: null });
    this.changed({ thing });
  }

  /** Shows a thing and moves the map to it. */
  visitThing(thing: number): void {
    this.openThing(thing);
    const point = this.sensors?.readings.ofThing(thing).find((it) => it.point)?.point;
    if (point) this.zoom({ type: 'Point', coordinates: point });
  }

  /** There is one at a time: it listens for what comes. */
  private readingsOf(own: () => Reading[], isOfThing: boolean): HTMLElement {
    this.section?.close();
    this.section = new ReadingsSection(own, isOfThing);
    return this.section.root;
  }

  private other(seen: Seen): Shown['others'][number] {
    const schema = this.catalogue.schemas.get(seen.collection) ?? {};
    const label = nameOf(seen.id, seen.properties, schema);
    return { name: seen, label, title: this.titleOf(seen.collection) };
  }

  private deeds(geometry: Geometry | null): Deeds {
    return {
      close: () => this.close(),
      zoom: () => this.zoom(geometry),
      open: (name) => void this.open(name),
      titleOf: (id) => this.titleOf(id),
    };
  }

  private titleOf(id: string): string {
    const collection = this.catalogue.collections.find((it) => it.id === id);
    return collection ? titleOf(collection) : id;
  }

  private miss(error: unknown): void {
    const isGone = error instanceof Refused && error.status === 404;
    showMissing(isGone ? 'objectGone' : 'offline', () => this.close());
  }

  private zoom(geometry: Geometry | null): void {
    const bounds = geometry && boundsOf(geometry);
    if (bounds) this.city.fit(bounds);
  }
}
