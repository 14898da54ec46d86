import { counted, figure, probability } from '../../api/figure.ts';
import type { Report } from '../../api/report.ts';
import { modelName, type Context } from './context.ts';
import { html, listed, named, type Content, type Markup } from './markup.ts';
import { table } from './table.ts';

type Entangled = Report['similarity']['entanglement'][number];
type Carried = Report['similarity']['transfer'][number];

/** Pairs of classes that are shown of each model and profile. */
const PAIRS = 6;

/** Which classes the models confuse, and what they say of one another's prototypes. */
export function relations(context: Context): Markup {
  const { entanglement, transfer } = context.report.similarity;
  return html`<section id="relations">
    <h2>Entanglement and transfer</h2>
    <p>
      Two prototypes that a model reads alike may be a sensible likeness, or a shortcut. Cosines of
      features are high in general: compare pairs with each other, not with 0.
    </p>
    ${entanglement.length === 0 && html`<p>No two prototypes were compared.</p>`}
    <div class="pair-tables">${entanglement.map((finding) => pairs(context, finding))}</div>
    ${transfer.length > 0 && transfers(context.report, transfer)}
  </section>`;
}

function pairs(context: Context, finding: Entangled): Markup {
  const { modelId, profile, pairs: all } = finding;
  const shown = all.slice(0, PAIRS);
  return table({
    kind: 'figures pairs',
    caption: html`${modelName(context.report, modelId)}, profile ${profile}: the
    ${counted(shown.length, 'pair', 'pairs')} of classes with the most similar prototypes, of
    ${all.length} kept.`,
    columns: [
      { title: 'Classes' },
      { title: 'Prototypes' },
      { title: 'cosine of features', figures: true },
      { title: 'taken for the other', figures: true },
    ],
    rows: shown.map(({ a, b, cosine, probability: taken }) => [
      [
        named(labelOf(context.report, modelId, a)),
        ' – ',
        named(labelOf(context.report, modelId, b)),
      ],
      html`<span class="thumbs">${[a, b].map((index) => look(context, finding, index))}</span>`,
      figure(cosine, 2),
      probability(taken),
    ]),
  });
}

const prototypeOf = (
  { prototypes }: Report,
  modelId: number,
  classIndex: number,
  profile?: string,
) =>
  prototypes.find(
    (each) =>
      each.modelId === modelId &&
      each.classIndex === classIndex &&
      (profile === undefined || each.profile === profile),
  );

const labelOf = (report: Report, modelId: number, classIndex: number): string =>
  prototypeOf(report, modelId, classIndex)?.label ?? `class ${classIndex}`;

function look({ report, album }: Context, { modelId, profile }: Entangled, index: number): Markup {
  const prototype = prototypeOf(report, modelId, index, profile);
  return album.small(prototype?.image, `Prototype of “${labelOf(report, modelId, index)}”`);
}

const transfers = (report: Report, all: readonly Carried[]): Markup =>
  table({
    kind: 'figures',
    caption:
      'Whether a model recognises another model’s prototypes as the class they were made for.',
    columns: [
      { title: 'Made with' },
      { title: 'Shown to' },
      { title: 'Profile' },
      { title: 'recognised', figures: true },
      { title: 'Not recognised' },
    ],
    rows: all.map(({ from, to, profile, classes }) => {
      const lost = classes.filter(({ transfers: carried }) => !carried);
      return [
        modelName(report, from),
        modelName(report, to),
        profile,
        `${classes.length - lost.length} of ${classes.length}`,
        lost.length === 0 ? 'none' : lostOf(report, to, lost),
      ];
    }),
  });

/** Classes that are named of those that do not carry over. */
const NAMED = 12;

function lostOf(report: Report, to: number, lost: Carried['classes']): Content {
  const names = lost
    .slice(0, NAMED)
    .map(({ classIndex }) => named(labelOf(report, to, classIndex)));
  return lost.length > NAMED ? listed([...names, `${lost.length - NAMED} more`]) : listed(names);
}
