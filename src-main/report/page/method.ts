import { capital, mediumOf, mediumWords, type Medium } from '../../api/medium.ts';
import { batchInWords } from '../../api/batch.ts';
import type { Report } from '../../api/report.ts';
import { modelName, profileName, type Context } from './context.ts';
import { html, listed, type Content, type Markup } from './markup.ts';
import { facts, table } from './table.ts';

type Profile = Report['method']['profiles'][number];

const OF_IMAGES =
  'Starting from noise, an image is optimised until the model’s logit of a class is high, under random affine maps and a penalty on differences of neighbouring pixels.';
const OF_ROWS =
  'Starting near the middle of the bounds, a row is optimised until the model’s logit of a class is high; it never leaves the bounds of its features.';

/** Controls that are made in any case. */
const ALWAYS: Readonly<Record<Medium, string>> = {
  images: 'noise, grey',
  rows: 'a row at random, permuted rows, the middle row, the mean row',
  both: 'noise and grey; of tables a row at random, permuted rows, the middle and the mean row',
};

/** Every parameter; what differs from the profile's default stands out. */
export function method({ report }: Context): Markup {
  const { layers, natural, controls, seed, prototypes, classes, profiles } = report.method;
  const { similarity } = report;
  const medium = mediumOf(report.models);
  const { many } = mediumWords[medium];
  const always = ALWAYS[medium];
  return html`<section id="method">
    <h2>Method</h2>
    <p>
      Prototype Generation (Tagade and Rumbelow 2023, arXiv 2309.17144).
      ${medium !== 'rows' && OF_IMAGES} ${medium !== 'images' && OF_ROWS} Similarity to ${many} is
      measured afterwards; it never steers the optimisation.
    </p>
    ${facts([
      ['Classes asked for', classes],
      ['Prototypes a class and profile', String(prototypes)],
      ['Seed', String(seed)],
      ['Layers compared', layers],
      [
        `${capital(many)} that count`,
        natural === 'predicted'
          ? 'those that the model itself predicts as the class'
          : 'all that were given for the class',
      ],
      ['Controls', controls ? `${always}, another class’s prototype, plain maximisation` : always],
      ...similarity.models
        .slice(0, 1)
        .map(
          ({ resamples }) =>
            ['Intervals', `95 %, bootstrap over ${many}, ${resamples} resamples`] as const,
        ),
      ...report.engines.flatMap((group) => [
        engineFact(group.engine, group.versions, group.prototypes),
        ...group.batches.map(
          (batch) =>
            [
              html`Prototypes a run, ${modelName(report, batch.modelId)}`,
              batchInWords(batch),
            ] as const,
        ),
      ]),
    ])}
    ${options(report, profiles)}
  </section>`;
}

function engineFact(
  engine: Report['engines'][number]['engine'],
  versions: Readonly<Record<string, string>>,
  made: number,
): readonly [Content, Content] {
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const promise = engine.deterministic
    ? 'deterministic'
    : 'not deterministic: no promise of equal bytes';
  return [
    `Engine, ${made} prototypes`,
    `${engine.id} ${engine.version}, ${engine.provider}, ${engine.device}, ${engine.threads} threads, ${engine.precision === 'float32' ? 'single precision' : 'reduced precision (TF32 or half)'}, ${promise}; ${programs.join(', ')}${engine.fallback === undefined ? '' : `. ${engine.fallback}`}`,
  ];
}

function options(report: Report, profiles: readonly Profile[]): Markup {
  const all = report.models.length;
  const [first] = profiles;
  return table({
    kind: 'options',
    caption: html`Every option. <strong class="differs">Marked</strong> where it is not what the
      profile chooses by itself, which then stands in brackets. “Fixed” defaults are the paper’s,
      all others ours.`,
    columns: [
      { title: 'Option' },
      { title: 'Default is' },
      ...profiles.map(({ profile, models }) => ({
        title: [
          profileName(profile),
          models.length < all && [html`<br />`, listed(models.map((id) => modelName(report, id)))],
        ],
      })),
    ],
    rows: (first?.options ?? []).map(({ name, source, unit, description }, place) => [
      html`<code>${name}</code> <span class="soft">${description}${unit && ` In: ${unit}.`}</span>`,
      source,
      ...profiles.map((profile) => valueOf(profile.options[place])),
    ]),
  });
}

const text = (value: unknown): string =>
  value === undefined
    ? '–'
    : Array.isArray(value)
      ? value.join(', ')
      : JSON.stringify(value).replaceAll('"', '');

const valueOf = ({ value, default: usual, differs }: Profile['options'][number]): Content =>
  differs
    ? html`<strong class="differs">${text(value)}</strong>
        <span class="soft">(${text(usual)})</span>`
    : text(value);
