import { counted } from '../../api/figure.ts';
import { capital, wordsOf } from '../../api/medium.ts';
import type { Report, ReportModel } from '../../api/report.ts';
import { modelName, naturalOf, naturalOfModel, type Context } from './context.ts';
import { html, listed, named, type Content, type Markup } from './markup.ts';
import { facts, table } from './table.ts';

/** The models and photographs of the audit, with what tells them from all others. */
export function subjects({ report }: Context): Markup {
  return html`<section id="models">
    <h2>Models and ${naturalOf(report).many}</h2>
    ${report.models.map(modelFacts)} ${report.imageSets.map((set) => setFacts(report, set))}
    ${left(report)}
  </section>`;
}

const hash = (sha256: string): Markup => html`<code class="hash">${sha256}</code>`;

function modelFacts(model: ReportModel): Markup {
  const { files, logits, cut, classes, notes, features } = model;
  return html`<section class="model">
    <h3>${named(model.name)}</h3>
    ${facts([
      ...files.map(
        ({ path, bytes, sha256 }) =>
          [
            html`File ${named(path)}`,
            [`${bytes.toLocaleString('en')} bytes, SHA-256 `, hash(sha256)],
          ] as const,
      ),
      ...takes(model),
      ['Logits', [named(logits), cut !== undefined && `; ${cut} was cut off behind them`]],
      ['Classes', String(classes)],
      ...notes.map((text) => ['Note', text] as const),
    ])}
    ${features && featureTable(model.name, features)}
  </section>`;
}

function takes({ input, preprocessing, preprocessingFrom }: ReportModel): [string, Content][] {
  const { mean, std, range, order, resize } = preprocessing;
  if (input.layout === 'table')
    return [
      ['Input', `rows of a table with ${input.channels} columns, batch ${input.batch}`],
      ['Features', `described ${preprocessingFrom === 'sidecar' ? 'beside the model' : 'by hand'}`],
    ];
  return [
    [
      'Input',
      `${input.channels} × ${input.height} × ${input.width} (channels, height, width), ${input.layout}, batch ${input.batch}`,
    ],
    [
      'Preprocessing',
      `(${order} in 0–${range} − [${mean.join(', ')}]) / [${std.join(', ')}]; photographs are resized to ${resize} pixels on the shorter side. Found in: ${preprocessingFrom}`,
    ],
  ];
}

/** What a row is made of, and between which bounds. */
function featureTable(model: string, features: NonNullable<ReportModel['features']>): Markup {
  return table({
    kind: 'figures',
    caption: html`Features of ${named(model)}. A prototype never leaves their bounds.`,
    columns: ['Feature', 'Bounds', 'Unit', 'Mean and deviation'].map((title) => ({ title })),
    rows: features.map(({ name, unit, min, max, integer, categories, mean, std }) => [
      named(name),
      categories
        ? ['one of ', listed(categories.map(named))]
        : `${min} to ${max}${integer ? ', whole' : ''}`,
      unit === undefined ? '–' : named(unit),
      mean === undefined && std === undefined ? '–' : `${mean ?? 0}, ${std ?? 1}`,
    ]),
  });
}

function setFacts({ naturalImages, models }: Report, set: Report['imageSets'][number]): Markup {
  const { many } = wordsOf(set);
  const users = models.filter(({ imageSetId }) => imageSetId === set.id);
  const counted = (id: number, label: string): Content => {
    const found = naturalImages.find((each) => each.modelId === id && each.label === label);
    return found ? `${found.naturalImages} of ${found.given}` : '–';
  };
  return html`<section class="model">
    <h3>${capital(many)}: ${named(set.name)}</h3>
    ${facts([
      [capital(many), String(set.images)],
      ['Fingerprint', hash(set.fingerprint)],
    ])}
    ${table({
      kind: 'figures',
      caption: `${capital(many)} of each class, and how many of them each model itself takes for the class.`,
      columns: [
        { title: 'Class' },
        { title: many, figures: true },
        ...users.map(({ name }) => ({ title: named(name), figures: true })),
      ],
      rows: Object.entries(set.counts).map(([label, count]) => [
        named(label),
        count,
        ...users.map(({ id }) => counted(id, label)),
      ]),
    })}
  </section>`;
}

/** Photographs that could not be read. */
function left(report: Report): Content {
  return report.similarity.models
    .filter(({ skipped }) => skipped.length > 0)
    .map(
      ({ modelId, skipped }) =>
        html`<p class="small">
          ${counted(skipped.length, naturalOfModel(report, modelId).one, naturalOfModel(report, modelId).many)}
          could not be read for ${modelName(report, modelId)}:
          ${listed(skipped.slice(0, 10).map(({ name }) => named(name)))}${skipped.length > 10 && ' …'}.
        </p>`,
    );
}
