/** Sets a popover below the button that opens it, where the browser cannot do that by itself. */
export function settle({ currentTarget, newState }: ToggleEvent): void {
  if (newState !== 'open' || !(currentTarget instanceof HTMLElement)) return;
  const button = document.querySelector(`[popovertarget="${currentTarget.id}"]`);
  const box = button?.getBoundingClientRect();
  if (!box) return;
  currentTarget.style.top = `${box.bottom + 6}px`;
  currentTarget.style.right = `${Math.max(8, innerWidth - box.right - 120)}px`;
  currentTarget.style.maxHeight = `${innerHeight - box.bottom - 20}px`;
}
