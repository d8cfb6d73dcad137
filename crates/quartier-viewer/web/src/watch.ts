import type { Query } from './address';
import { Away } from './api';
import type { Catalogue } from './catalogue';
import type { Inspector } from './inspect';
import { LiveMap } from './live/live';
import type { ObjectChange, ObservedProperty } from './live/model';
import { readProperties } from './live/questions';
import { Readings } from './live/readings';
import { type Listener, Stream } from './live/stream';
import type { CityMap } from './map/city';
import type { Lettering } from './map/generic';
import type { Box } from './map/touched';
import { showFeeds } from './panel/feeds';
import { showFence } from './panel/fences';
import { LivePanel } from './panel/live';

/** New sensors appear in the menu within a minute. */
const PROPERTIES_MS = 60_000;

/** Up to so many datastreams all of them are listened to; of more only those of the property that is shown. */
const ALL_MAX = 20_000;

/** Tiles are asked for again at most so often, however many objects change. */
const TILES_MS = 250;

/** Joins the stream of readings with the map and its panels; without sensors nothing is seen of it. */
export class Watch {
  readonly readings = new Readings();
  private readonly live: LiveMap;
  private readonly panel: LivePanel;
  private stream: Stream | undefined;
  private streamed: string | undefined;
  private total = 0;
  private refreshing = 0;
  /** Where objects have changed since tiles were last asked for; undefined for anywhere. */
  private touched: Box[] | undefined = [];

  constructor(
    private readonly city: CityMap,
    catalogue: Catalogue,
    lettering: Lettering,
    inspector: Inspector,
  ) {
    const { shapes, schemas, isDark } = catalogue;
    this.live = new LiveMap(city, this.readings, { shapes, schemas, lettering, isDark });
    this.panel = new LivePanel(this.live, catalogue);
    this.live.onChange(() => this.listen());
    showFeeds();
    inspector.sensors = this;
    void this.look();
    setInterval(() => !document.hidden && void this.look(), PROPERTIES_MS);
  }

  thingAt(x: number, y: number): number | undefined {
    return this.live.points.thingAt(x, y);
  }

  /** When the stream has told of a thing for the first time. */
  onceKnown(thing: number, act: () => void): void {
    let isKnown = false;
    this.readings.onChange((changes) => {
      if (isKnown || !changes.some(({ after }) => after?.thing === thing)) return;
      isKnown = true;
      act();
    });
  }

  /** What there is to show; whoever may not read sensors has a map without. */
  private async look(): Promise<void> {
    try {
      const properties = await readProperties();
      this.begin(properties);
      this.panel.offer(properties);
    } catch (error) {
      if (!(error instanceof Away)) this.panel.offer([]);
    }
  }

  private begin(properties: ObservedProperty[]): void {
    const isFirst = this.total === 0;
    this.total = properties.reduce((sum, { datastreams }) => sum + datastreams, 0);
    if (isFirst && this.total > 0) this.live.begin(properties);
    this.listen();
  }

  private listen(): void {
    const wanted = this.wanted();
    const name = JSON.stringify(wanted);
    if (this.streamed === name) return;
    this.streamed = name;
    this.stream?.close();
    this.readings.clear();
    this.stream = new Stream(wanted, this.listener);
  }

  /** Objects change where nothing is measured, too. */
  private wanted(): Query {
    const { property } = this.live.choice;
    if (this.total === 0 || (this.total > ALL_MAX && !property)) return { events: 'objects' };
    return this.total > ALL_MAX && property ? { property } : {};
  }

  private readonly listener: Listener = {
    readings: (readings) => this.readings.put(readings),
    snapshot: ({ readings, complete }) => {
      this.readings.put(readings);
      if (!complete) return;
      this.readings.settle();
      this.live.redraw();
    },
    reset: () => {
      this.readings.beginAnew();
      this.touched = undefined;
      this.refresh([]);
    },
    objects: (changes) => this.refresh(changes),
    fences: (events) => {
      for (const event of events) showFence(event, this.readings.ofThing(event.thing)[0]?.name);
    },
    health: (health) => this.panel.showHealth(health),
  };

  private refresh(changes: ObjectChange[]): void {
    for (const { bboxes } of changes) {
      if (bboxes) this.touched?.push(...bboxes);
      else this.touched = undefined;
    }
    this.refreshing ||= window.setTimeout(() => {
      this.refreshing = 0;
      this.city.refresh(this.touched);
      this.touched = [];
    }, TILES_MS);
  }
}
