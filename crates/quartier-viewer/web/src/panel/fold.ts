/** A button that opens and closes what it stands for. */
export function foldable(button: HTMLButtonElement, content: HTMLElement, isOpen: boolean): void {
  const fold = (isOpen: boolean) => {
    button.setAttribute('aria-expanded', String(isOpen));
    content.hidden = !isOpen;
  };
  button.addEventListener('click', () => fold(content.hidden !== false));
  fold(isOpen);
}
