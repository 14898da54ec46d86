import { counted, figure } from '../../api/figure.ts';
import { capital } from '../../api/medium.ts';
import type { Report } from '../../api/report.ts';
import {
  day,
  findingId,
  modelName,
  naturalOf,
  moment,
  profileName,
  profilesOf,
  sign,
  stateName,
  verdict,
  type Context,
} from './context.ts';
import { html, listed, named, type Content, type Markup } from './markup.ts';
import { facts } from './table.ts';

/** Findings that the summary names. */
const WORST = 4;

/** The first page: what was audited, by what, when, and what came of it. */
export function opening(context: Context): Markup {
  const { report } = context;
  const { scope, audit, asOf } = report;
  return html`<header class="opening">
      <p class="kind">Audit report</p>
      <h1>${named(titleOf(report))}</h1>
      ${scope.question && html`<p class="question">${scope.question}</p>`}
      ${facts([
        ['As of', moment(asOf)],
        ...(scope.reviewer ? [['Reviewed by', named(scope.reviewer)] as const] : []),
        ['Models', listed(report.models.map(({ id }) => modelName(report, id)))],
        ['Classes', classesOf(report)],
        ['Profiles', listed(profilesOf(report).map(profileName))],
        [capital(naturalOf(report).many), photographsOf(report)],
        ['Made with', madeWith(report)],
        [
          'Audit',
          [`number ${audit.id}, begun on ${day(audit.createdAt)}, ${stateName(audit.state)}`],
        ],
        ...(audit.reason ? [['Note', audit.reason] as const] : []),
      ])}
    </header>
    ${summary(context)}`;
}

export const titleOf = ({ scope, audit }: Report): string => scope.title || audit.name;

function classesOf({ prototypes, method }: Report): Content {
  const labels = new Set(prototypes.map(({ label }) => label));
  const few = labels.size <= 12;
  return few
    ? listed([...labels].map(named))
    : `${counted(labels.size, 'class', 'classes')} (${method.classes})`;
}

function photographsOf({ imageSets, naturalImages, models }: Report): Content {
  if (imageSets.length === 0) return 'none: prototypes were not compared with anything';
  const taken = models.map(({ id, name }) => {
    const own = naturalImages.filter(({ modelId }) => modelId === id);
    const [given, counting] = [sum(own, 'given'), sum(own, 'naturalImages')];
    return [named(name), ` takes ${counting} of ${given} for the class that they stand for`];
  });
  return [
    listed(imageSets.map(({ name, images }) => [named(name), ` (${images})`])),
    ': ',
    listed(taken),
  ];
}

const sum = (list: Report['naturalImages'], what: 'given' | 'naturalImages'): number =>
  list.reduce((total, each) => total + each[what], 0);

function madeWith({ engines, eidoscope }: Report): Content {
  const named = engines.map(
    ({ engine, versions }) =>
      `Eidoscope ${versions.eidoscope}, ${engine.id} ${engine.version} on ${engine.provider === 'cpu' ? engine.device : `${engine.provider}, ${engine.device}`}`,
  );
  return named.length > 0 ? [...new Set(named)].join('; ') : `Eidoscope ${eidoscope}`;
}

function summary(context: Context): Markup {
  const { report } = context;
  const { review, findings } = report;
  const worst = findings.filter(({ state }) => state === 'concern').slice(0, WORST);
  return html`<section id="summary">
    <h2>Summary</h2>
    <ul class="counts">
      ${countOf(review.prototypes, 'prototypes')}
      ${countOf(review.concern, 'concern', sign('concern'))}
      ${countOf(review.cleared, 'cleared', sign('cleared'))}
      ${countOf(review.unreviewed, 'not reviewed')}
    </ul>
    <p>${progress(report)}</p>
    ${worst.length > 0 && worstFindings(context, worst)}
    ${yardstick(report).map((sentence) => html`<p>${sentence}</p>`)}
    <p class="care">
      A prototype shows what raises a number inside a model. It is a hypothesis about the model, not
      evidence of harm: <a href="#limits">what this method cannot show</a> belongs to every sentence
      of this report.
    </p>
  </section>`;
}

const countOf = (count: number, what: string, drawn?: Markup): Markup =>
  html`<li><strong>${drawn} ${count}</strong> ${what}</li>`;

function progress({ review, scope }: Report): string {
  const { prototypes, made, unreviewed, comparisons } = review;
  const sentences = [
    unreviewed === 0
      ? `All ${prototypes} prototypes were reviewed.`
      : `${unreviewed} of ${counted(prototypes, 'prototype', 'prototypes')} were not reviewed.`,
    ...(made < prototypes ? [`${prototypes - made} could not be made or are not finished.`] : []),
    ...(comparisons > 0
      ? [`${counted(comparisons, 'finding is', 'findings are')} about several pictures together.`]
      : []),
    ...(scope.blind
      ? ['The review was blind: names and figures were hidden before the first reading.']
      : []),
  ];
  return sentences.join(' ');
}

function worstFindings({ report, album }: Context, worst: Report['findings']): Markup {
  return html`<h3>Worst findings</h3>
    <ol class="worst">
      ${worst.map(({ state, severity, note, pictures }) => {
        const number = report.findings.findIndex((each) => each.pictures === pictures) + 1;
        return html`<li>
          <span class="thumbs">
            ${pictures.map(({ image, description }) => album.small(image, description))}
          </span>
          <span>
            ${verdict(state, severity)}
            <a href="#${findingId(number)}"
              >${named(pictures.map((each) => each.description).join(' — '))}</a
            >
            <span class="excerpt">${excerpt(note)}</span>
          </span>
        </li>`;
      })}
    </ol>`;
}

/** The beginning of a note, up to the end of a word. */
function excerpt(note: string): string {
  const characters = Array.from(note.replace(/\s+/g, ' ').trim());
  if (characters.length <= 200) return characters.join('');
  return `${characters
    .slice(0, 200)
    .join('')
    .replace(/\s\S*$/, '')} …`;
}

/** What the controls say of the figures, model by model, before anybody reads one. */
function yardstick({ similarity, models }: Report): Content[] {
  return similarity.models.flatMap(({ modelId, totals }): Content[] => {
    const { series: control, scores: grey } = totals.find(({ kind }) => kind === 'grey') ?? {};
    const name = control === 'grey' ? 'an empty grey image' : `the ${control}`;
    const own = totals.filter(({ kind }) => kind === 'prototype');
    if (!grey || own.length === 0) return [];
    const reached = own.map(({ series, scores }) => `${series} ${reachedBy(scores)}`);
    return [
      [
        'In ',
        named(models.find(({ id }) => id === modelId)?.name ?? ''),
        `, ${name} reaches ${reachedBy(grey)}; prototypes: ${reached.join(', ')}.`,
      ],
    ];
  });
}

type Totals = Report['similarity']['models'][number]['totals'][number]['scores'];

/** A share of layers, and beside it the figure that tells prototypes from empty pictures. */
const reachedBy = (scores: Totals): string =>
  `${share(scores?.full.l1.percent)} of the layers (L1) and a pooled similarity of ${figure(scores?.pooled.normalised.all, 2)}`;

const share = (percent: number | null | undefined): string => figure(percent, 0, ' %');
