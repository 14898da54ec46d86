import { figure } from '../../api/figure.ts';
import { glossary, type Definition } from '../../api/glossary.ts';
import { mediumOf } from '../../api/medium.ts';
import { subjectName } from '../../api/names.ts';
import type { Report } from '../../api/report.ts';
import type { ModelSimilarity } from '../../api/similarity.ts';
import { modelName, naturalOf, naturalOfModel, type Context } from './context.ts';
import { html, named, type Markup } from './markup.ts';
import { ordered } from './similarity.ts';
import { table } from './table.ts';

export const limits = ({ report }: Context): Markup =>
  html`<section id="limits">
    <h2>What the method cannot show</h2>
    <ul class="limits">
      ${report.limits.map((limit) => html`<li>${limit}</li>`)}
    </ul>
  </section>`;

export const reproduction = ({ report }: Context): Markup =>
  html`<section id="reproduction">
    <h2>How to make it again</h2>
    <p>
      Save these lines as <code>audit.yaml</code>, beside the model files and
      ${naturalOf(report).many} whose SHA-256 and fingerprint stand under
      <a href="#models">models and ${naturalOf(report).many}</a>.
    </p>
    <pre>${report.reproduction.configuration}</pre>
    <p>Then, with Eidoscope ${report.engines[0]?.versions.eidoscope ?? report.eidoscope}:</p>
    <pre>${report.reproduction.commands.join('\n')}</pre>
    <p>
      On the same kind of processor, with the same versions and number of threads, every prototype
      comes out with the same SHA-256, which stand in <code>prototypes.csv</code> and
      <code>report.json</code>. The manifest beside this page holds the SHA-256 of every file of the
      report; <code>eidoscope verify</code> compares them. A manifest is no signature: whoever may
      write to the folder can change both.
    </p>
  </section>`;

export const words = ({ report }: Context): Markup =>
  html`<section id="glossary">
    <h2>Glossary</h2>
    ${mediumOf(report.models) !== 'images' && html`<p>What is said of images here holds for rows of a table.</p>`}
    <dl class="glossary">
      ${Object.values(glossary).map(
        ({ title, text, formula }: Definition) =>
          html`<div>
            <dt>${title}</dt>
            <dd>${text}${formula !== undefined && html` <code>${formula}</code>`}</dd>
          </div>`,
      )}
    </dl>
  </section>`;

/** What the curves draw, in figures. */
export const layers = ({ report }: Context): Markup | undefined =>
  report.similarity.models.length === 0
    ? undefined
    : html`<section id="layers" class="new-page">
        <h2>Layer by layer</h2>
        ${report.similarity.models.map((model) => layerTables(report, model))}
      </section>`;

function layerTables(report: Report, model: ModelSimilarity): Markup {
  const name = modelName(report, model.modelId);
  const { many } = naturalOfModel(report, model.modelId);
  const series = ordered(model.totals);
  const curveOf = (each: { series: string; kind: string }) =>
    model.curves.find(({ series: own, kind }) => own === each.series && kind === each.kind);
  const columns = series.map((each) => ({ title: subjectName(each), figures: true }));
  const band = report.naturalBands.find(({ modelId }) => modelId === model.modelId)?.spearman;
  return html`<div id="layers-${model.modelId}">
    ${table({
      kind: 'figures layers',
      caption: html`${name}: pooled similarity by layer, mean over the classes.`,
      columns: [{ title: 'Layer' }, ...columns],
      rows: model.layers.map((layer, place) => [
        named(layer),
        ...series.map((each) => figure(curveOf(each)?.layers[place].pooled.normalised, 2)),
      ]),
    })}
    ${table({
      kind: 'figures layers',
      caption: html`${name}: Spearman’s ρ with the class’s mean by layer, all activations, mean over
      the classes; for ${many} their mean and 5 to 95 %.`,
      columns: [{ title: 'Layer' }, { title: many, figures: true }, ...columns],
      rows: model.layers.map((layer, place) => [
        named(layer),
        html`${figure(model.natural[place].full.spearman, 2)}
          <span class="interval"
            >[${figure(band?.[place][0], 2)}, ${figure(band?.[place][1], 2)}]</span
          >`,
        ...series.map((each) => figure(curveOf(each)?.layers[place].full.spearman, 2)),
      ]),
    })}
  </div>`;
}
