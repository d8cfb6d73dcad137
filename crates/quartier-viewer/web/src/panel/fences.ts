import { byId, element } from '../dom';
import { text } from '../language';
import type { FenceEvent } from '../live/model';
import { valueText } from '../live/words';

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

function conditionText(condition: FenceEvent['condition']): string {
  if (condition === 'enter') return text('fenceEnter');
  if (condition === 'exit') return text('fenceExit');
  if (typeof condition === 'string') return '';
  const [kind, limit] = Object.entries(condition)[0] ?? [];
  if (kind === 'above') return text('fenceAbove', { limit: valueText(limit) });
  if (kind === 'below') return text('fenceBelow', { limit: valueText(limit) });
  return kind === 'silent_for' ? text('fenceSilent') : '';
}
