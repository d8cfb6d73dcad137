import type { ObjectName } from './model';

/** What the page's address says beside MapLibre's own `map=zoom/latitude/longitude`. */
export interface Place {
  isRaised: boolean;
  object?: ObjectName;
  /** The id of a thing with sensors. */
  thing?: number;
}

export function readPlace(hash: string): Place {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const [collection, ...id] = (parts.get('object') ?? '').split('/');
  const object = collection && id.length > 0 ? { collection, id: id.join('/') } : undefined;
  const thing = Number(parts.get('thing') ?? Number.NaN);
  return {
    isRaised: parts.get('view') === '3d',
    ...(object && { object }),
    ...(Number.isSafeInteger(thing) && { thing }),
  };
}

/** Whether the hash says where the map is; one that only names an object leaves that to the page. */
export function hasPosition(hash: string): boolean {
  return new URLSearchParams(hash.replace(/^#/, '')).has('map');
}

/** The hash with this place in it; parts that are not ours stay as they are. */
export function writePlace(hash: string, { isRaised, object, thing }: Place): string {
  const others = hash
    .replace(/^#/, '')
    .split('&')
    .filter((part) => part && !/^(view|object|thing)=/.test(part));
  const ours = [
    isRaised ? 'view=3d' : '',
    object ? `object=${encodeURIComponent(`${object.collection}/${object.id}`)}` : '',
    thing === undefined ? '' : `thing=${thing}`,
  ];
  return `#${[...others, ...ours.filter((part) => part)].join('&')}`;
}

/** Keeps the place in the page's address without a step in the history. */
export function keepPlace(place: Place): void {
  history.replaceState(history.state, '', writePlace(location.hash, place));
}
