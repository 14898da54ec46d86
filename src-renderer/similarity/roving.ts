const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/**
 * Moves the focus between the buttons in the cells of a table, over cells that have none, so that Tab has to stop once
 * only.
 */
export function rove(event: KeyboardEvent): void {
  const step = steps[event.key];
  const cell = event.target instanceof Element ? event.target.closest('td') : null;
  const row = cell?.closest('tr');
  const rows = row?.closest('tbody')?.rows;
  if (!step || !cell || !row || !rows) return;
  event.preventDefault();
  let at = row.sectionRowIndex + step[0];
  let column = cell.cellIndex + step[1];
  for (; rows[at]?.cells[column]; at += step[0], column += step[1]) {
    const button = rows[at].cells[column].querySelector('button');
    if (button) return button.focus();
  }
}
