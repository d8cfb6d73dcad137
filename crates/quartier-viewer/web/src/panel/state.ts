import { byId, element } from '../dom';
import { text } from '../language';
import type { TextKey } from '../texts';

const TOAST_MS = 4000;

let toasting = 0;

/** What there is to say instead of a map. */
export interface State {
  title: TextKey;
  hint?: TextKey;
  detail?: string;
  retry?: () => void;
}

export function showState({ title, hint, detail, retry }: State): void {
  const panel = byId('state');
  panel.replaceChildren(element('h2', {}, text(title)));
  if (hint) panel.append(element('p', {}, text(hint, { detail: detail ?? '' })));
  if (retry) {
    const button = element('button', { type: 'button', class: 'primary' }, text('retry'));
    button.addEventListener('click', retry);
    panel.append(button);
  }
  panel.hidden = false;
  document.body.classList.add('has-state');
}

export function hideState(): void {
  byId('state').hidden = true;
  document.body.classList.remove('has-state');
}

/** Says something for a moment. */
export function toast(message: string): void {
  const note = byId('toast');
  note.textContent = message;
  note.hidden = false;
  clearTimeout(toasting);
  toasting = window.setTimeout(() => {
    note.hidden = true;
  }, TOAST_MS);
}
