import type { Studio } from '../../src-main/api/studio.ts';
import type { Audit, Tile } from '../../src-main/api/audit.ts';
import type { Desk } from './desk.svelte.ts';

/** A card of the tour, and the thing in the studio that it points at. */
export interface Step {
  readonly title: string;
  readonly text: string;
  /** Selector of what it points at. */
  readonly target: string;
  /** Goes where that is. */
  go(desk: Desk): void;
}

/** Whether an audit is the bundled sample, which the tour tells of. */
export const isSample = (audit: Audit | undefined, studio: Studio | undefined): boolean =>
  audit?.models.every(({ id }) => {
    const path = studio?.models.find((model) => model.id === id)?.path ?? '';
    return /[\\/]resources[\\/]sample[\\/]/.test(path);
  }) ?? false;

const inGallery = (desk: Desk): void => desk.openGallery();

/** Prototypes of one class and profile, one for each model, as far as they are made. */
function pairOf(tiles: readonly Tile[]): Tile[] {
  const made = tiles.filter(({ state, profile }) => state === 'finished' && profile !== 'plain');
  const [first] = made;
  if (!first) return [];
  const same = made.filter(
    ({ classIndex, profile }) => classIndex === first.classIndex && profile === first.profile,
  );
  return same.filter((tile, at) => same.findIndex((each) => each.modelId === tile.modelId) === at);
}

const pair = (desk: Desk): Tile[] => pairOf(desk.source.audit?.tiles ?? []);

/** What the tour shows, in its order: the sample audit from its pictures to its report. */
export const steps: readonly Step[] = [
  {
    title: 'What two models look for',
    text: 'Each row is a class, here a digit. Each picture is a prototype: an image that was changed step by step until the model was as sure as it can be. It shows what the model looks for.',
    target: '[role=grid]',
    go: inGallery,
  },
  {
    title: 'A shortcut you can see',
    text: 'The model “shortcut” learned from digits whose colour gave them away. Go down this column: most digits have a colour of their own. “balanced” saw the same digits in any colour, and looks for strokes.',
    target: '[role=columnheader]:nth-child(2)',
    go: inGallery,
  },
  {
    title: 'Two kinds of picture',
    text: '“fourier” is easier to recognise, “paper” stays closer to what photographs cause in the model. Neither is the truth: look at both, and know which is which.',
    target: '[role=columnheader]:nth-child(3)',
    go: inGallery,
  },
  {
    title: 'Side by side',
    text: 'Space selects pictures, C compares up to four. W swipes, Y blinks, D shows the difference. Here is the same digit, as each of the two models wants it.',
    target: 'main',
    go: (desk) =>
      desk.openCompare(
        pair(desk)
          .slice(0, 2)
          .map(({ runId }) => ({ runId })),
      ),
  },
  {
    title: 'How natural is it?',
    text: 'Path similarity asks whether the layers do the same with a prototype as with photographs. Never read a figure alone: a grey image and noise stand beside it as controls. Nor does a high one make a good model: the one that goes by colours has high ones too. Click a dotted word for what it means.',
    target: 'main table',
    go: (desk) => desk.openSimilarity(),
  },
  {
    title: 'Say what you think',
    text: 'P marks a concern, X clears it, 0 to 5 grade it, N takes a note. Ctrl+Z takes the last mark back. A mark is your judgement: test it on photographs before you act on it.',
    target: '[aria-label="Your mark"]',
    go: (desk) => desk.openLoupe(pair(desk)[0]?.runId),
  },
  {
    title: 'Hand it on',
    text: 'The report holds your notes, the pictures, the figures with their controls and what the method cannot show, in one file that opens anywhere. F1 explains every figure.',
    target: '[data-export]',
    go: (desk) => desk.openView('report'),
  },
];
