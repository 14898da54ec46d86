import { counted } from '../../api/figure.ts';
import type { Report, ReportModel } from '../../api/report.ts';
import { modelName, type Context } from './context.ts';
import { html, listed, named, type Content, type Markup } from './markup.ts';
import { facts, table } from './table.ts';

/** The models and photographs of the audit, with what tells them from all others. */
export function subjects({ report }: Context): Markup {
  return html`<section id="models">
    <h2>Models and photographs</h2>
    ${report.models.map(modelFacts)} ${report.imageSets.map((set) => setFacts(report, set))}
    ${left(report)}
  </section>`;
}

const hash = (sha256: string): Markup => html`<code class="hash">${sha256}</code>`;

function modelFacts(model: ReportModel): Markup {
  const { files, logits, cut, classes, notes } = model;
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
  </section>`;
}

function takes({ input, preprocessing, preprocessingFrom }: ReportModel): [string, Content][] {
  const { mean, std, range, order, resize } = preprocessing;
  if (input.layout === 'table')
    return [['Input', `rows of a table with ${input.channels} columns, batch ${input.batch}`]];
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

function setFacts({ naturalImages, models }: Report, set: Report['imageSets'][number]): Markup {
  const users = models.filter(({ imageSetId }) => imageSetId === set.id);
  const counted = (id: number, label: string): Content => {
    const found = naturalImages.find((each) => each.modelId === id && each.label === label);
    return found ? `${found.naturalImages} of ${found.given}` : '–';
  };
  return html`<section class="model">
    <h3>Photographs: ${named(set.name)}</h3>
    ${facts([
      ['Photographs', String(set.images)],
      ['Fingerprint', hash(set.fingerprint)],
    ])}
    ${table({
      kind: 'figures',
      caption:
        'Photographs of each class, and how many of them each model itself takes for the class.',
      columns: [
        { title: 'Class' },
        { title: 'photographs', figures: true },
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
          ${counted(skipped.length, 'photograph', 'photographs')} could not be read for
          ${modelName(report, modelId)}:
          ${listed(skipped.slice(0, 10).map(({ name }) => named(name)))}${skipped.length > 10 && ' …'}.
        </p>`,
    );
}
