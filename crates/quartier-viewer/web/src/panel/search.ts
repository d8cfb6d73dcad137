import { byId, element } from '../dom';
import { onLanguage, text } from '../language';
import type { ObjectName } from '../model';
import type { Findings, Hit } from '../search';

type Find = (wanted: string, signal: AbortSignal) => Promise<Findings>;

/** Someone who types has stopped for a moment. */
const PAUSE_MS = 250;

/** The search box: a combobox after the ARIA practices, with its results in a list below. */
export class SearchBox {
  private readonly input = byId<HTMLInputElement>('query');
  private readonly list = byId('results');
  private readonly note = byId('search-note');
  private hits: Hit[] = [];
  private active = -1;
  private running = new AbortController();
  private pause = 0;

  constructor(
    private readonly find: Find,
    private readonly choose: (name: ObjectName) => void,
  ) {
    this.input.addEventListener('input', () => this.wait());
    this.input.addEventListener('keydown', (event) => this.key(event));
    this.input.addEventListener('focus', () => this.hits.length > 0 && this.open(true));
    byId('search').addEventListener('submit', (event) => this.submit(event));
    document.addEventListener('pointerdown', (event) => {
      if (!byId('head').contains(event.target as Node)) this.open(false);
    });
    onLanguage(() => this.close());
  }

  close(): void {
    this.running.abort();
    this.show({ hits: [], more: 0 }, '');
  }

  private wait(): void {
    clearTimeout(this.pause);
    this.running.abort();
    this.pause = window.setTimeout(() => void this.search(), PAUSE_MS);
  }

  private async search(): Promise<void> {
    clearTimeout(this.pause);
    const wanted = this.input.value.trim();
    if (!wanted) return this.close();
    this.running.abort();
    this.running = new AbortController();
    const { signal } = this.running;
    this.say(text('searching'));
    try {
      const findings = await this.find(wanted, signal);
      if (!signal.aborted) this.show(findings, summary(findings));
    } catch {
      if (!signal.aborted) this.show({ hits: [], more: 0 }, text('searchFailed'));
    }
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (this.active < 0) await this.search();
    const hit = this.hits[Math.max(this.active, 0)];
    if (hit) this.take(hit);
  }

  private take(hit: Hit): void {
    this.open(false);
    this.say('');
    this.choose(hit.name);
  }

  private key(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (event.key === 'Escape' && !this.list.hidden) {
      event.stopPropagation();
      event.preventDefault();
      this.open(false);
    } else if (step && this.hits.length > 0) {
      event.preventDefault();
      this.open(true);
      this.mark((this.active + step + this.hits.length) % this.hits.length);
    }
  }

  private show({ hits }: Findings, note: string): void {
    this.hits = hits;
    this.list.replaceChildren(...hits.map((hit, index) => this.option(hit, index)));
    this.open(hits.length > 0);
    this.say(note);
  }

  private option(hit: Hit, index: number): HTMLElement {
    const where = hit.isLoose ? `${hit.title} · ${text('onMap')}` : hit.title;
    const label = element('span', {}, hit.label);
    const id = hit.label === hit.name.id ? [] : [element('code', {}, hit.name.id)];
    const attributes = { role: 'option', id: `result-${index}`, 'aria-selected': 'false' };
    const made = element('div', attributes, label, ...id, element('small', {}, where));
    made.addEventListener('click', () => this.take(hit));
    return made;
  }

  private open(isOpen: boolean): void {
    this.list.hidden = !isOpen;
    this.input.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen) this.mark(-1);
  }

  private mark(index: number): void {
    this.active = index;
    const options = [...this.list.children];
    options.forEach((option, i) => {
      option.ariaSelected = String(i === index);
    });
    const chosen = options[index];
    chosen?.scrollIntoView({ block: 'nearest' });
    if (chosen) this.input.setAttribute('aria-activedescendant', chosen.id);
    else this.input.removeAttribute('aria-activedescendant');
  }

  private say(note: string): void {
    this.note.textContent = note;
    this.note.hidden = !note;
  }
}

function summary({ hits, more }: Findings): string {
  if (hits.length === 0) return text('noResult');
  return more > 0 ? text('more', { count: more }) : text('results', { count: hits.length });
}
