/** How the page looks. Greys are neutral, for pictures are judged here; strokes are Okabe and Ito's palette. */
export const screenRules = `
:root {
  --ground: #ffffff; --sunken: #f4f4f4; --line: #dcdcdc; --edge: #8c8c8c;
  --ink: #1a1a1a; --soft: #585858; --accent: #0b5cad;
  --concern: #9c3c00; --cleared: #00674c; --band: rgb(0 0 0 / 10%);
  --s0: #0072b2; --s1: #b34700; --s2: #007a59; --s3: #9b4a7f; --s4: #6d6500; --s5: #5b5b5b; --s6: #a3152c;
  --s7: #1a1a1a;
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 Inter, system-ui, 'Segoe UI', sans-serif; font-feature-settings: 'tnum' 0;
}
main, footer { max-width: 62rem; margin: 0 auto; padding: 0 2rem; }
footer { padding: 3rem 2rem; color: var(--soft); font-size: 0.8125rem; }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; overflow-wrap: anywhere; }
h1 { margin: 0.2em 0 0.4em; font-size: 2.5rem; font-weight: 600; letter-spacing: -0.022em; }
h2 { margin: 4rem 0 0.75rem; padding-top: 1rem; border-top: 2px solid var(--ink); font-size: 1.5rem; font-weight: 600; letter-spacing: -0.012em; }
h3 { margin: 2.25rem 0 0.5rem; font-size: 1.0625rem; font-weight: 600; }
p { max-width: 44rem; margin: 0 0 0.9rem; text-wrap: pretty; overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: 0.15em; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code, pre { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 0.86em; overflow-wrap: anywhere; }
pre { max-width: 44rem; margin: 0 0 0.9rem; padding: 1rem 1.25rem; background: var(--sunken); border-radius: 6px; white-space: pre-wrap; line-height: 1.45; }
bdi { overflow-wrap: anywhere; }
.soft, .interval, .index { color: var(--soft); }
.small { font-size: 0.8125rem; }
.interval { font-size: 0.86em; white-space: nowrap; }
.index { margin-left: 0.4em; font-size: 0.8em; font-weight: 400; }
nav { position: fixed; top: 0; left: 0; width: 14rem; padding: 2rem 1.5rem; font-size: 0.8125rem; }
nav ol { margin: 0; padding: 0; list-style: none; }
nav a { display: block; padding: 0.3rem 0; color: var(--soft); text-decoration: none; }
nav a:hover { color: var(--accent); text-decoration: underline; }
@media screen and (max-width: 92rem) {
  nav { position: static; width: auto; max-width: 62rem; margin: 0 auto; padding: 1.5rem 2rem 0; }
  nav ol { display: flex; flex-wrap: wrap; gap: 0 1.25rem; }
}
.opening { padding-top: 4.5rem; }
.kind { margin: 0; color: var(--soft); font-weight: 600; letter-spacing: 0.01em; }
.question { max-width: 44rem; margin: 0 0 2rem; font-size: 1.1875rem; line-height: 1.45; white-space: pre-line; }
.facts { margin: 0 0 1.5rem; }
.facts > div { display: grid; grid-template-columns: 11rem 1fr; gap: 0 1.25rem; padding: 0.4rem 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--soft); overflow-wrap: anywhere; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.hash { display: block; font-size: 0.78em; }
.counts { display: flex; flex-wrap: wrap; gap: 0.5rem 3rem; margin: 1.25rem 0; padding: 0; list-style: none; color: var(--soft); }
.counts strong { display: block; color: var(--ink); font-size: 1.75rem; font-weight: 600; line-height: 1.1; font-variant-numeric: tabular-nums; }
.care { padding: 0.9rem 1.25rem; background: var(--sunken); border-radius: 6px; }
.worst { margin: 0 0 1.5rem; padding: 0; list-style: none; }
.worst li { display: grid; grid-template-columns: 7.5rem 1fr; gap: 1rem; align-items: start; padding: 0.6rem 0; border-bottom: 1px solid var(--line); }
.worst .excerpt { display: block; color: var(--soft); overflow-wrap: anywhere; }
.thumbs { display: flex; flex-wrap: wrap; gap: 0.25rem; }
.thumbs img { width: 3.25rem; }
.verdict { display: inline-block; font-weight: 600; white-space: nowrap; }
.sign { width: 0.72em; height: 0.72em; fill: currentColor; }
.concern { color: var(--concern); }
.cleared { color: var(--cleared); }
.open { color: var(--soft); font-weight: 400; }
img { display: block; height: auto; image-rendering: pixelated; background: var(--sunken); }
.no-picture { display: inline-block; color: var(--soft); font-size: 0.75rem; }
.note { margin: 0 0 2rem; padding-top: 0.75rem; border-top: 1px solid var(--line); }
.note h3 { margin: 0 0 0.9rem; }
.note .number { color: var(--soft); font-variant-numeric: tabular-nums; margin-right: 0.35em; }
.note-body { display: flex; flex-wrap: wrap; gap: 1.5rem; }
.evidence { display: flex; flex-wrap: wrap; gap: 0.75rem; }
.evidence figure { width: 11.5rem; margin: 0; }
.evidence img { width: 100%; }
.evidence figcaption { padding-top: 0.4rem; color: var(--soft); font-size: 0.8125rem; line-height: 1.35; }
.words { flex: 1 1 18rem; min-width: 0; }
.said { white-space: pre-line; }
.brief { columns: 2; column-gap: 2rem; padding-left: 1.1rem; font-size: 0.875rem; }
table { width: 100%; margin: 1.25rem 0 2rem; border-collapse: collapse; font-size: 0.8125rem; line-height: 1.4; }
caption { padding-bottom: 0.6rem; text-align: left; color: var(--soft); font-size: 0.875rem; text-wrap: pretty; overflow-wrap: anywhere; }
th, td { padding: 0.4rem 0.75rem 0.4rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
thead th { vertical-align: bottom; color: var(--soft); font-weight: 600; border-bottom-color: var(--edge); }
tbody th { font-weight: 400; }
.figure { text-align: right; font-variant-numeric: tabular-nums; }
tbody .figure { white-space: nowrap; }
.gallery { table-layout: fixed; }
.gallery thead th:nth-child(1) { width: 13%; }
.gallery thead th:nth-child(2) { width: 23%; }
.gallery tbody th { font-weight: 600; overflow-wrap: anywhere; }
.gallery td { padding-top: 0.6rem; padding-bottom: 0.6rem; }
.gallery .prototype { display: block; margin-bottom: 0.5rem; }
.gallery .prototype img { width: 100%; max-width: 8rem; }
.roomy .prototype { display: flex; gap: 0.75rem; }
.roomy .prototype img { flex: none; width: 8rem; }
.exemplars { display: flex; gap: 2px; }
.exemplars img { width: calc((100% - 4px) / 3); min-width: 0; }
.legend-line { display: block; padding-top: 0.2rem; color: var(--soft); font-size: 0.75rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.elsewhere { color: var(--concern); }
.options td, .options th { overflow-wrap: anywhere; }
.options tbody th { width: 46%; }
.differs { color: var(--concern); font-weight: 600; }
.charts { display: grid; grid-template-columns: 1fr 1fr; gap: 2rem; }
@media screen and (max-width: 44rem) {
  .charts, .pair-tables { grid-template-columns: 1fr; }
  .facts > div { grid-template-columns: 1fr; }
  table { display: block; overflow-x: auto; }
  .gallery { display: table; }
}
.chart { margin: 0.5rem 0 1rem; }
.chart svg { display: block; width: 100%; }
.chart text { fill: var(--soft); font-size: 9px; }
.chart .grid { stroke: var(--line); stroke-width: 0.75; }
.chart .level { stroke: var(--edge); stroke-width: 1; stroke-dasharray: 1 2; }
.chart .band { fill: var(--band); }
.chart path { fill: none; stroke-width: 1.6; stroke-linejoin: round; stroke-linecap: round; }
.chart figcaption { font-size: 0.8125rem; }
.chart .legend { display: flex; flex-wrap: wrap; gap: 0.15rem 1rem; margin: 0.35rem 0 0; padding: 0; list-style: none; color: var(--soft); }
.chart .legend li { display: flex; align-items: center; gap: 0.4rem; }
.chart .swatch { width: 28px; flex: none; }
.swatch-band { width: 22px; height: 10px; background: var(--band); }
.stroke-0 { stroke: var(--s0); } .mark-0 { fill: var(--s0); }
.stroke-1 { stroke: var(--s1); stroke-dasharray: 6 3; } .mark-1 { fill: var(--s1); }
.stroke-2 { stroke: var(--s2); stroke-dasharray: 2 3; } .mark-2 { fill: var(--s2); }
.stroke-3 { stroke: var(--s3); stroke-dasharray: 7 3 1.5 3; } .mark-3 { fill: var(--s3); }
.stroke-4 { stroke: var(--s4); stroke-dasharray: 4 2; } .mark-4 { fill: var(--s4); }
.stroke-5 { stroke: var(--s5); stroke-dasharray: 1 2.5; } .mark-5 { fill: var(--s5); }
.stroke-6 { stroke: var(--s6); stroke-dasharray: 9 3; } .mark-6 { fill: var(--s6); }
.stroke-7 { stroke: var(--s7); } .mark-7 { fill: var(--s7); }
.limits li { max-width: 44rem; margin-bottom: 0.5rem; }
.glossary > div { display: grid; grid-template-columns: 11rem 1fr; gap: 0 1.25rem; padding: 0.5rem 0; border-bottom: 1px solid var(--line); font-size: 0.875rem; }
.glossary dt { font-weight: 600; }
.glossary dd { margin: 0; }
.glossary code { color: var(--soft); white-space: nowrap; }
.layers td, .layers th { padding-top: 0.2rem; padding-bottom: 0.2rem; }
.layers thead th:first-child { width: 20%; }
.pair-tables { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2.5rem; }
.pairs .thumbs { flex-wrap: nowrap; }
.pairs .thumbs img { width: 2.25rem; }
.pairs tbody th { width: 40%; }
`;

/** Where the machine is dark, so is the page. A page that stands for paper goes without. */
export const darkRules = `
:root { color-scheme: light dark; }
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #161616; --sunken: #202020; --line: #383838; --edge: #757575;
    --ink: #ededed; --soft: #a9a9a9; --accent: #82bbf6;
    --concern: #f5a36b; --cleared: #5fd3ae; --band: rgb(255 255 255 / 14%);
    --s0: #56b4e9; --s1: #f0803c; --s2: #3cc9a0; --s3: #dd94c0; --s4: #e6da52; --s5: #a6a6a6; --s6: #ff8f9f;
    --s7: #ededed;
  }
}
`;
