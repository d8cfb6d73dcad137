/** What of the readings is shown. */
export interface Choice {
  /** An observed property's name; undefined where none is shown. */
  property?: string;
  /** A collection whose objects are coloured by their means; undefined for the objects that are measured. */
  zones?: string;
  window: Window;
}

/** ISO durations up to now. */
export const WINDOWS = ['PT1H', 'P1D'] as const;

export type Window = (typeof WINDOWS)[number];

const NOTHING = '-';

/** From the page's hash; undefined where it does not say. */
export function readChoice(hash: string): Choice | undefined {
  const said = new URLSearchParams(hash.replace(/^#/, '')).get('live');
  if (said === null) return undefined;
  const [property = '', zones, window] = said.split('/').map(decoded);
  return {
    ...(property !== NOTHING && { property }),
    ...(zones && { zones }),
    window: WINDOWS.find((it) => it === window) ?? 'PT1H',
  };
}

/** The hash with this choice in it; other parts stay as they are. */
export function writeChoice(hash: string, { property, zones, window }: Choice): string {
  const others = hash.replace(/^#/, '').split('&');
  const parts = property ? [property, ...(zones ? [zones, window] : [])] : [NOTHING];
  const ours = `live=${encodeURIComponent(parts.map(encodeURIComponent).join('/'))}`;
  return `#${[...others.filter((it) => it && !it.startsWith('live=')), ours].join('&')}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
