import { type Language, TEXTS, type TextKey } from './texts';

const REMEMBERED = 'quartier-language';

let current: Language = remembered() ?? preferred(navigator.languages);

const listeners: (() => void)[] = [];

export function language(): Language {
  return current;
}

/** Takes the language for the whole page, and keeps it for the next visit. */
export function speak(chosen: Language): void {
  current = chosen;
  try {
    localStorage.setItem(REMEMBERED, chosen);
  } catch {
    // A browser that keeps nothing still speaks the language until the page is left.
  }
  translate(document);
  for (const listener of listeners) listener();
}

/** For what is written in code rather than marked in the page. */
export function onLanguage(listener: () => void): void {
  listeners.push(listener);
}

/** The first of the visitor's languages that the page speaks; else English. */
export function preferred(wanted: readonly string[]): Language {
  const spoken = wanted.map((tag) => tag.slice(0, 2).toLowerCase());
  return (spoken.find((tag) => tag in TEXTS) as Language | undefined) ?? 'en';
}

export function text(key: TextKey, values: Record<string, string | number> = {}): string {
  return TEXTS[current][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

/** Says everything below the root that is marked with `data-text`, `data-label` or `data-placeholder`. */
export function translate(root: Document | Element): void {
  document.documentElement.lang = current;
  for (const element of root.querySelectorAll<HTMLElement>('[data-text]')) {
    element.textContent = text(element.dataset.text as TextKey);
  }
  for (const element of root.querySelectorAll<HTMLElement>('[data-label]')) {
    element.ariaLabel = text(element.dataset.label as TextKey);
    if (element instanceof HTMLButtonElement) element.title = element.ariaLabel;
  }
  for (const element of root.querySelectorAll<HTMLInputElement>('[data-placeholder]')) {
    element.placeholder = text(element.dataset.placeholder as TextKey);
  }
}

function remembered(): Language | undefined {
  try {
    const kept = localStorage.getItem(REMEMBERED);
    return kept && kept in TEXTS ? (kept as Language) : undefined;
  } catch {
    return undefined;
  }
}
