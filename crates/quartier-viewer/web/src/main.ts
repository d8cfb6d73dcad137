import { GPUInitializationError } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import './style.css';
import './panels.css';
import './live.css';
import './readings.css';
import './edge.css';
import { Away, Refused } from './api';
import { readCatalogue } from './catalogue';
import { language, onLanguage, speak, translate } from './language';
import { showPage } from './page';
import { hideState, type State, showState } from './panel/state';
import type { Language } from './texts';

/** Often enough for someone who waits, seldom enough for a server that is busy. */
const RETRY_MS = 2000;

let state: State | undefined;

function say(next: State | undefined): void {
  state = next;
  if (next) showState(next);
  else hideState();
}

async function start(): Promise<void> {
  say({ title: 'loading' });
  try {
    const catalogue = await readCatalogue(matchMedia('(prefers-color-scheme: dark)').matches);
    if (catalogue.collections.length === 0) {
      return say({ title: 'empty', hint: 'emptyHint', retry });
    }
    showPage(catalogue);
    say(undefined);
  } catch (error) {
    say(stateOf(error));
  }
}

function retry(): void {
  void start();
}

function stateOf(error: unknown): State {
  if (error instanceof Away) return { title: 'offline', hint: 'offlineHint', retry };
  if (error instanceof Refused && error.isStarting) {
    setTimeout(retry, RETRY_MS);
    return { title: 'starting', hint: 'startingHint' };
  }
  if (error instanceof GPUInitializationError) return { title: 'webgl', hint: 'webglHint' };
  const detail = error instanceof Error ? error.message : String(error);
  return { title: 'failed', hint: 'failedHint', detail, retry };
}

function showLanguages(): void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('.languages button')];
  const press = () => {
    for (const button of buttons) button.ariaPressed = String(button.lang === language());
  };
  for (const button of buttons) {
    button.addEventListener('click', () => speak(button.lang as Language));
  }
  onLanguage(press);
  onLanguage(() => state && showState(state));
  press();
}

translate(document);
showLanguages();
void start();
