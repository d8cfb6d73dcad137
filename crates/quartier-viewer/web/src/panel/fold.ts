/** A button that opens and closes what it stands for. */
export function foldable(button: HTMLButtonElement, content: HTMLElement, isOpen: boolean): void {
  const fold = (isOpen: boolean) => {
    button.setAttribute('aria-expanded', String(isOpen));
    content.hidden = !isOpen;
  };
  button.addEventListener('click', () => fold(content.hidden !== false));
  fold(isOpen);
}

/** Of two that share a narrow place, opening one closes the other. */
export function alternate(one: HTMLButtonElement, other: HTMLButtonElement): void {
  const isOpen = (button: HTMLButtonElement) => button.getAttribute('aria-expanded') === 'true';
  const yields = (to: HTMLButtonElement, button: HTMLButtonElement) => () => {
    if (isNarrow() && isOpen(to) && isOpen(button)) button.click();
  };
  one.addEventListener('click', yields(one, other));
  other.addEventListener('click', yields(other, one));
}

/** The panels are sheets at the bottom; the same as in the style sheets. */
export function isNarrow(): boolean {
  return matchMedia('(max-width: 48rem)').matches;
}
