import { figure } from '../../api/figure.ts';
import { wordsOf } from '../../api/medium.ts';
import { purposeOf, stateNames } from '../../api/names.ts';
import type { Report, ReportFinding, ReportModel, ReportPrototype } from '../../api/report.ts';
import { html, named, type Content, type Markup } from './markup.ts';
import type { Album } from './pictures.ts';

/** What every part of the page is made from. */
export interface Context {
  readonly report: Report;
  readonly album: Album;
}

/** What the models of the report are compared with. */
export const naturalOf = ({ models }: Report) => wordsOf(...models);

/** What one of them is compared with. */
export const naturalOfModel = (report: Report, id: number | undefined) =>
  wordsOf(modelOf(report, id) ?? {});

const modelOf = ({ models }: Report, id: number | undefined): ReportModel | undefined =>
  models.find((model) => model.id === id);

export const modelName = (report: Report, id: number | undefined): Markup =>
  named(modelOf(report, id)?.name ?? 'a model that is no longer there');

/** The day of a moment, in words that no country reads otherwise. */
export function day(time: string): string {
  const date = new Date(time);
  const month = date.toLocaleString('en', { month: 'long', timeZone: 'UTC' });
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()}`;
}

/** Day and minute, in UTC. */
export const moment = (time: string): string => `${day(time)}, ${time.slice(11, 16)} UTC`;

export const profileName = (profile: string): Content => {
  const purpose = purposeOf(profile);
  return purpose ? [profile, html` <span class="soft">(${purpose})</span>`] : profile;
};

/** The profiles whose prototypes are to be judged, in the order in which they were asked for. */
export const profilesOf = ({ prototypes, method }: Report): string[] => {
  const judged = new Set(
    prototypes.filter(({ control }) => !control).map(({ profile }) => profile),
  );
  return [...new Set(method.profiles.map(({ profile }) => profile))].filter((profile) =>
    judged.has(profile),
  );
};

/** Signs of their own form, drawn: not every typeface has them. */
const signs = {
  concern: html`<svg class="sign" viewBox="0 0 10 10" aria-hidden="true">
    <path d="M5 1 9.5 9h-9z" />
  </svg>`,
  cleared: html`<svg class="sign" viewBox="0 0 10 10" aria-hidden="true">
    <path d="m.8 5.6 1.3-1.3 2 2L8.2 1.6l1.3 1.2-5.3 6z" />
  </svg>`,
};

export const sign = (state: keyof typeof signs): Markup => signs[state];

/** What a reviewer thinks, in words and a sign: nothing is told by colour alone. */
export function verdict(state: ReportFinding['state'], severity: number | null): Markup {
  const grade = severity === null ? '' : ` ${severity}`;
  if (state === 'unreviewed') {
    return html`<span class="verdict open"
      >${severity === null ? 'not reviewed' : `remark${grade}`}</span
    >`;
  }
  return html`<span class="verdict ${state}">${signs[state]} ${state}${grade}</span>`;
}

/** Where a finding has its own place on the page. */
export const findingId = (number: number): string => `finding-${number}`;

/** A figure with its interval, which never stands without it where there is one. */
export function measured(
  value: number | null | undefined,
  interval: readonly [number | null, number | null] | null | undefined,
  digits: number,
): Markup {
  if (value === null || value === undefined) return html`–`;
  if (!interval) return html`${figure(value, digits)}`;
  const [low, high] = interval.map((end) => figure(end, digits));
  return html`${figure(value, digits)} <span class="interval">[${low}, ${high}]</span>`;
}

/** What a prototype's picture shows, for those who do not see it. */
export function describe(report: Report, prototype: ReportPrototype): string {
  const { label, profile, modelId, prototypeIndex, seenAs } = prototype;
  const which = prototypeIndex > 0 ? `, number ${prototypeIndex + 1}` : '';
  const seen = seenAs !== undefined && seenAs !== label ? `; the model sees “${seenAs}”` : '';
  return `Prototype of “${label}” for ${modelOf(report, modelId)?.name}, profile ${profile}${which}${seen}`;
}

export const stateName = (state: string): string => stateNames[state] ?? state;
