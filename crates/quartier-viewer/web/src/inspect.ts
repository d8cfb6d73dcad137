import { itemPath } from './address';
import { Refused, read } from './api';
import type { Catalogue } from './catalogue';
import { nameOf } from './describe';
import { byId } from './dom';
import { boundsOf } from './extent';
import { onLanguage, text } from './language';
import type { CityMap, Seen } from './map/city';
import { type Item, type ObjectName, titleOf } from './model';
import { hideObject, isObjectShown, type Shown, showMissing, showObject } from './panel/object';
import { toast } from './panel/state';

/** More than this in one place is a heap, not a choice. */
const OTHERS_MAX = 8;

/** Shows the object that someone points at or looks for. */
export class Inspector {
  private shown: Shown | undefined;
  private asked = 0;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly city: CityMap,
    private readonly changed: (object?: ObjectName) => void,
  ) {
    onLanguage(() => this.shown && this.show(this.shown));
  }

  /** Shows the topmost object at a point of the screen; nothing there closes what was shown. */
  async point(x: number, y: number): Promise<void> {
    const [first, ...others] = this.city.objectsAt(x, y);
    if (!first) return this.close();
    await this.open(first, others);
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
    if (item) this.zoom(item);
    byId('object').focus({ preventScroll: true });
  }

  close(): void {
    this.asked++;
    this.shown = undefined;
    const hadFocus = byId('object').contains(document.activeElement);
    hideObject();
    this.city.select();
    this.changed();
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
    this.shown = { name, collection, schema, item, others };
    this.show(this.shown);
    this.city.select(name, item);
    this.changed(name);
  }

  private other(seen: Seen): Shown['others'][number] {
    const collection = this.catalogue.collections.find(({ id }) => id === seen.collection);
    const schema = this.catalogue.schemas.get(seen.collection) ?? {};
    const label = nameOf(seen.id, seen.properties, schema);
    return { name: seen, label, title: collection ? titleOf(collection) : seen.collection };
  }

  private show(shown: Shown): void {
    showObject(shown, {
      close: () => this.close(),
      zoom: () => this.zoom(shown.item),
      open: (name) => void this.open(name),
    });
  }

  private miss(error: unknown): void {
    const isGone = error instanceof Refused && error.status === 404;
    showMissing(isGone ? 'objectGone' : 'offline', () => this.close());
  }

  private zoom({ geometry }: Item): void {
    const bounds = geometry && boundsOf(geometry);
    if (bounds) this.city.fit(bounds);
  }
}
