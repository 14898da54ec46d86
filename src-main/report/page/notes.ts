import { isBlank } from '../../api/review.ts';
import type { ReportFinding } from '../../api/report.ts';
import { findingId, moment, verdict, type Context } from './context.ts';
import { html, named, type Content, type Markup } from './markup.ts';

const readings: Readonly<Record<string, string>> = {
  blind: 'read blind first',
  revealed: 'names were shown before it was read',
};

/** All findings, the worst first. What was cleared without a word is listed shortly. */
export function notes(context: Context): Markup {
  const { findings } = context.report;
  const brief = findings.filter(isBrief);
  return html`<section id="findings">
    <h2>Findings</h2>
    ${findings.length === 0 && html`<p>Nothing was written down yet.</p>`}
    ${findings.map((finding, place) =>
      isBrief(finding) ? undefined : note(context, finding, place + 1),
    )}
    ${brief.length > 0 && briefly(brief)}
  </section>`;
}

const isBrief = ({ state, severity, note: words }: ReportFinding): boolean =>
  state === 'cleared' && isBlank({ state: 'unreviewed', severity, note: words });

function note(
  { album }: Context,
  { state, severity, note: words, reading, reviewedAt, pictures }: ReportFinding,
  number: number,
): Markup {
  const letter = (place: number): Content =>
    pictures.length > 1 && html`<strong>${'ABCD'[place]}</strong> `;
  const how = readings[reading];
  return html`<article class="note" id="${findingId(number)}">
    <h3><span class="number">${number}</span> ${verdict(state, severity)} ${subject(pictures)}</h3>
    <div class="note-body">
      <div class="evidence">
        ${pictures.map(
          ({ image, description }, place) =>
            html`<figure>
              ${album.whole(image, description)}
              <figcaption>${letter(place)}${named(description)}</figcaption>
            </figure>`,
        )}
      </div>
      <div class="words">
        ${words ? html`<p class="said">${words}</p>` : html`<p class="soft">No words were written.</p>`}
        <p class="soft small">${moment(reviewedAt)}${how && `, ${how}`}</p>
      </div>
    </div>
  </article>`;
}

const subject = (pictures: ReportFinding['pictures']): Content =>
  pictures.length === 1 ? named(pictures[0].description) : `Comparison of ${pictures.length}`;

const briefly = (brief: readonly ReportFinding[]): Markup =>
  html`<h3>Cleared without a note</h3>
    <ul class="brief">
      ${brief.map(
        ({ pictures }) =>
          html`<li>${named(pictures.map(({ description }) => description).join(' — '))}</li>`,
      )}
    </ul>`;
