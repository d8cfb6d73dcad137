import { byId, element } from '../dom';
import { text } from '../language';
import type { FenceEvent } from '../live/model';
import { valueText } from '../live/words';
import type { TextKey } from '../texts';

/** More at once would hide the map. */
const SHOWN_MAX = 3;

const SHOWN_MS = 9_000;

/** Says what happened at a geofence, and goes away by itself. */
export function showFence(event: FenceEvent, thing: string | undefined): void {
  const stack = byId('fences');
  const value = typeof event.value === 'number' ? [valueText(event.value)] : [];
  const place = [thing ?? text('thing', { id: event.thing }), ...value].join(' · ');
  const note = element(
    'p',
    { class: 'fence' },
    element('strong', {}, event.name),
    element('span', {}, `${conditionText(event.condition)} ${place}`),
  );
  stack.append(note);
  while (stack.children.length > SHOWN_MAX) stack.firstElementChild?.remove();
  setTimeout(() => note.remove(), SHOWN_MS);
}

const CONDITIONS: Record<string, TextKey> = {
  above: 'fenceAbove',
  below: 'fenceBelow',
  enter: 'fenceEnter',
  exit: 'fenceExit',
  silent: 'fenceSilent',
};

function conditionText(condition: string): string {
  const key = CONDITIONS[condition];
  return key ? text(key) : '';
}
