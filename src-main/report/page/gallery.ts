import { figure } from '../../api/figure.ts';
import { capital } from '../../api/medium.ts';
import type { Report, ReportModel, ReportPrototype } from '../../api/report.ts';
import {
  describe,
  modelName,
  naturalOf,
  naturalOfModel,
  profileName,
  profilesOf,
  stateName,
  verdict,
  type Context,
} from './context.ts';
import { html, named, type Content, type Markup } from './markup.ts';
import { table } from './table.ts';

/** Columns of prototypes that still stand beside each other on a page. */
const MOST_COLUMNS = 4;

/** Columns up to which legends stand beside their pictures. */
const ROOMY = 3;

const STABLE =
  '“Stable” tells how alike the model sees prototypes that differ in their random start alone: 1 is the same, 0 is as two unrelated inputs.';

interface Column {
  readonly model: ReportModel;
  readonly profile: string;
}

/** Classes by models and profiles, with photographs of the class beside them. */
export function gallery(context: Context): Markup {
  const { report } = context;
  return html`<section id="gallery" class="new-page">
    <h2>Gallery</h2>
    <p>
      One line a class. ${capital(naturalOf(report).many)} are those with the highest logit among
      those that the model itself takes for the class.
      ${
        profilesOf(report).length > 1 &&
        html`<em>Recognisable</em> and <em>natural path</em> are two answers to the same question:
          look at both.`
      }
      ${
        report.models.some(({ features }) => features) &&
        'The picture of a row is a bar for each feature, filled up to its value between the bounds.'
      }
    </p>
    ${chunks(report).map((columns) => sheet(context, columns))}
  </section>`;
}

/** All profiles of a model stay together. */
function chunks(report: Report): Column[][] {
  const profiles = profilesOf(report);
  const most = Math.max(1, Math.floor(MOST_COLUMNS / Math.max(1, profiles.length)));
  const columns = report.models.map((model) => profiles.map((profile) => ({ model, profile })));
  return Array.from({ length: Math.ceil(columns.length / most) }, (_, chunk) =>
    columns.slice(chunk * most, (chunk + 1) * most).flat(),
  );
}

function sheet(context: Context, columns: readonly Column[]): Markup {
  const { report } = context;
  const prototypes = report.prototypes.filter(({ control }) => !control);
  const classes = new Map(prototypes.map(({ classIndex, label }) => [classIndex, label]));
  const [{ model: first }] = columns;
  const { many } = naturalOfModel(report, first.id);
  const rows = [...classes]
    .sort(([a], [b]) => a - b)
    .map(([classIndex, label]) => [
      [named(label), html`<span class="index">${classIndex}</span>`],
      photographs(context, first, classIndex),
      ...columns.map(({ model, profile }) =>
        cell(
          context,
          prototypes.filter(
            (each) =>
              each.classIndex === classIndex &&
              each.modelId === model.id &&
              each.profile === profile,
          ),
        ),
      ),
    ]);
  return table({
    kind: columns.length <= ROOMY ? 'gallery roomy' : 'gallery',
    caption: html`Prototypes by class, model and profile, with logit and pooled similarity (1 is as
    similar as the class’s ${many} are to each other, 0 as a stranger).
    ${prototypes.some(({ stability }) => stability !== undefined) && STABLE} ${capital(many)} as
    ${modelName(report, first.id)} sees them, with their number n.`,
    columns: [
      { title: 'Class' },
      { title: capital(many) },
      ...columns.map(({ model, profile }) => ({
        title: html`${named(model.name)}<br />${profileName(profile)}`,
      })),
    ],
    rows,
  });
}

function photographs({ report, album }: Context, model: ReportModel, classIndex: number): Content {
  const found = report.naturalImages.find(
    (each) => each.modelId === model.id && each.classIndex === classIndex,
  );
  if (!found) return html`<span class="soft">none</span>`;
  const shown = found.exemplars.filter(({ image }) => image !== undefined);
  return [
    html`<span class="exemplars">
      ${shown.map(({ image }, i) =>
        album.small(
          image,
          `${capital(naturalOfModel(report, model.id).one)} ${i + 1} of “${found.label}”, as the model sees it`,
        ),
      )}
    </span>`,
    html`<span class="legend-line">
      n = ${found.naturalImages} of
      ${found.given}${found.evidence === 'insufficient' && ', insufficient'}
    </span>`,
  ];
}

const cell = (context: Context, found: readonly ReportPrototype[]): Content =>
  found.map((prototype) => html`<span class="prototype">${tile(context, prototype)}</span>`);

function tile({ report, album }: Context, prototype: ReportPrototype): Content {
  const { image, state, reason, logit, label, seenAs, features, review, severity } = prototype;
  const { stability } = prototype;
  if (image === undefined) return html`<span class="soft">${reason ?? stateName(state)}</span>`;
  return [
    album.small(image, describe(report, prototype)),
    html`<span class="legend">
      <span class="legend-line">${figure(logit, 1)} · ${pooled(report, prototype)}</span>
      ${stability !== undefined && html`<span class="legend-line">stable ${figure(stability, 2)}</span>`}
      ${features && html`<span class="legend-line">${rowWords(features)}</span>`}
      ${
        seenAs !== undefined &&
        seenAs !== label &&
        html`<span class="legend-line elsewhere">seen as ${named(seenAs)}</span>`
      }
      <span class="legend-line">${verdict(review, severity)}</span>
    </span>`,
  ];
}

/** Features that are told in words below a picture; the table of features has all. */
const MOST_FEATURES = 12;

function rowWords(features: NonNullable<ReportPrototype['features']>): Content {
  const shown = features.slice(0, MOST_FEATURES).map(({ name, value, unit, category }, place) => {
    const words = category ?? `${Number(value.toPrecision(4))}${unit ? ` ${unit}` : ''}`;
    return [place > 0 && '; ', named(name), ' ', named(words)];
  });
  const more = features.length - MOST_FEATURES;
  return [...shown, more > 0 && `; and ${more} more`];
}

function pooled({ scores }: Report, prototype: ReportPrototype): string {
  const { modelId, classIndex, profile, prototypeIndex } = prototype;
  const score = scores.find(
    (each) =>
      each.modelId === modelId &&
      each.classIndex === classIndex &&
      each.series === profile &&
      each.ordinal === prototypeIndex,
  );
  return figure(score?.scores?.pooled.normalised.all, 2);
}
