import { counted } from '../../api/figure.ts';
import { subjectName } from '../../api/names.ts';
import type { Report } from '../../api/report.ts';
import type { ModelSimilarity } from '../../api/similarity.ts';
import { chart, type Line } from './chart.ts';
import { measured, modelName, naturalOf, naturalOfModel, type Context } from './context.ts';
import { html, named, type Content, type Markup } from './markup.ts';
import { table } from './table.ts';

type Total = ModelSimilarity['totals'][number];

/** Path similarity of every model: totals with their controls, curves over the layers, and what it rests on. */
export function similarity({ report }: Context): Markup {
  const { models } = report.similarity;
  const { many, empty } = naturalOf(report);
  return html`<section id="similarity" class="new-page">
    <h2>Path similarity</h2>
    <p>
      Do the network’s layers do the same with a prototype as with ${many} of its class? The
      <em>pooled</em> figure tells prototypes from empty pictures: 1 is as similar as the class’s
      ${many} are to each other, 0 is a stranger. <em>% of layers</em> mostly rewards what lies in
      the middle of everything: ${empty} wins many layers, so a share means nothing but beside its
      controls.
    </p>
    ${
      models.length === 0 &&
      html`<p>Nothing was compared: the audit has no ${many}, or is not finished.</p>`
    }
    ${models.map((model) => ofModel(report, model))}
  </section>`;
}

function ofModel(report: Report, model: ModelSimilarity): Markup {
  const name = modelName(report, model.modelId);
  return html`<section class="model">
    <h3>${name}</h3>
    ${totals(report, name, model)}
    <div class="charts">${curves(report, model)}</div>
    <p class="soft small">
      Means over the classes with enough ${naturalOfModel(report, model.modelId).many}. The same in
      figures:
      <a href="#layers-${model.modelId}">layer by layer</a>.
    </p>
    ${evidence(report, name, model)}
  </section>`;
}

/** Prototypes first, then what ought to fail. */
export const ordered = (all: readonly Total[]): Total[] => [
  ...all.filter(({ kind }) => kind === 'prototype'),
  ...all.filter(({ kind }) => kind !== 'prototype'),
];

function totals(report: Report, name: Markup, model: ModelSimilarity): Markup {
  const { totals: all, layers, leftOut } = model;
  const [first] = all;
  const { one, many } = naturalOfModel(report, model.modelId);
  const images = counted(first?.naturalImages ?? 0, one, many);
  return table({
    kind: 'figures',
    caption: html`${name}: ${layers.length} layers,
    ${counted(first?.classes ?? 0, 'class', 'classes')}, ${images} that count. In brackets: 95 %
    interval over the ${many}.
    ${leftOut.length > 0 && `${counted(leftOut.length, 'layer', 'layers')} could not be compared.`}`,
    columns: [
      { title: 'Input' },
      { title: 'Pooled', figures: true },
      { title: 'first / middle / last third', figures: true },
      { title: 'All activations', figures: true },
      { title: 'Spearman, % of layers', figures: true },
      { title: 'L1, % of layers', figures: true },
      { title: 'leave-one-out ρ / L1', figures: true },
    ],
    rows: ordered(all).map(totalRow),
  });
}

function totalRow({ kind, series, scores }: Total): Content[] {
  const title =
    kind === 'prototype'
      ? subjectName({ kind, series })
      : `control: ${subjectName({ kind, series })}`;
  if (!scores) return [title, 'insufficient evidence', '–', '–', '–', '–', '–'];
  const { full, pooled } = scores;
  const { first, middle, last, all, interval } = pooled.normalised;
  const thirds = [first, middle, last].map((value) => measured(value, undefined, 2).text);
  const loo = [full.leaveOneOutSpearman, full.leaveOneOutL1];
  return [
    kind === 'prototype' ? html`<strong>${title}</strong>` : title,
    measured(all, interval, 2),
    thirds.join(' / '),
    measured(full.normalised.all, undefined, 2),
    measured(full.spearman.percent, full.spearman.interval, 0),
    measured(full.l1.percent, full.l1.interval, 0),
    loo.map(({ percent }) => measured(percent, undefined, 0).text).join(' / '),
  ];
}

function curves(report: Report, model: ModelSimilarity): Content {
  const { naturalBands } = report;
  const { many } = naturalOfModel(report, model.modelId);
  const lines = (
    pick: (layer: ModelSimilarity['curves'][number]['layers'][number]) => number | null,
  ): Line[] =>
    ordered(model.totals).flatMap(({ series, kind }, stroke) => {
      const curve = model.curves.find((each) => each.series === series && each.kind === kind);
      const values = curve?.layers.map(pick) ?? [];
      return values.some((value) => value !== null)
        ? [{ name: subjectName({ series, kind }), stroke, values }]
        : [];
    });
  const natural: Line = {
    name: `${many}, mean`,
    stroke: 7,
    values: model.natural.map(({ full }) => full.spearman),
  };
  return [
    chart({
      title: 'Pooled similarity, layer by layer',
      lines: lines(({ pooled }) => pooled.normalised),
      levels: [
        [1, 'its own class'],
        [0, 'a stranger'],
      ],
      limits: [-3, 3],
    }),
    chart({
      title: 'Spearman’s ρ with the class’s mean, all activations',
      lines: [...lines(({ full }) => full.spearman), natural],
      among: many,
      band: naturalBands.find(({ modelId }) => modelId === model.modelId)?.spearman,
      levels: [[0, '']],
      limits: [-1, 1],
    }),
  ];
}

/** What the figures of each class rest on. */
function evidence(
  report: Report,
  name: Markup,
  { modelId, classes, totals: all }: ModelSimilarity,
): Markup {
  const { scores } = report;
  const { many, empty } = naturalOfModel(report, modelId);
  const series = ordered(all).filter(({ kind }) => kind === 'prototype' || kind === 'grey');
  const scoreOf = (classIndex: number, wanted: string) =>
    scores.find(
      (each) =>
        each.modelId === modelId && each.classIndex === classIndex && each.series === wanted,
    )?.scores;
  return table({
    kind: 'figures',
    caption: html`${name}, class by class: ${many}, and pooled similarity of the first prototype
    beside that of ${empty}. Fewer than 10 ${many} that count are insufficient evidence: no figure
    is given.`,
    columns: [
      { title: 'Class' },
      { title: many, figures: true },
      { title: 'n that count', figures: true },
      ...series.map((each) => ({ title: subjectName(each), figures: true })),
    ],
    rows: classes.map(({ classIndex, label, given, naturalImages, evidence: how }) => [
      named(label),
      given,
      how === 'insufficient' ? `${naturalImages}, insufficient` : naturalImages,
      ...series.map(({ series: wanted }) => {
        const normalised = scoreOf(classIndex, wanted)?.pooled.normalised;
        return measured(normalised?.all, normalised?.interval, 2);
      }),
    ]),
  });
}
