/** How the page is printed: light, on A4, with page numbers, and nothing torn apart that belongs together. */
export const printRules = `
@page {
  size: A4; margin: 20mm 18mm 18mm;
  @top-left { font: 7.5pt Inter, sans-serif; color: #585858; }
  @top-right { font: 7.5pt Inter, sans-serif; color: #585858; }
  @bottom-left { content: 'Made with Eidoscope. A prototype is a hypothesis, not evidence of harm.'; font: 7.5pt Inter, sans-serif; color: #585858; }
  @bottom-right { content: counter(page) ' / ' counter(pages); font: 7.5pt Inter, sans-serif; color: #585858; }
}
@media print {
  :root { color-scheme: light; }
  html { font-size: 9.5pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav, footer { display: none; }
  main { max-width: none; padding: 0; }
  .opening { padding-top: 0; }
  h1 { font-size: 22pt; }
  .question { font-size: 10.5pt; margin-bottom: 5mm; }
  .opening .facts > div { padding: 0.28rem 0; }
  .opening + #summary h2 { margin-top: 7mm; }
  h2 { margin-top: 12mm; }
  h1, h2, h3, caption { break-after: avoid; }
  .new-page { break-before: page; }
  .new-page > h2:first-child { margin-top: 0; }
  section > h2 + p, section > h3 + p { break-before: avoid; }
  p { break-inside: avoid; }
  section > h2 + p { break-after: avoid; }
  p, li { orphans: 3; widows: 3; }
  .note, figure, .chart, .charts, tr, .facts > div, .glossary > div, .worst li, .limits li, .care, .counts { break-inside: avoid; }
  .note-body { break-inside: avoid; }
  .short:not(.gallery) { break-inside: avoid; }
  tbody tr:first-child, tbody tr:nth-child(2), tbody tr:last-child { break-before: avoid; }
  p:has(+ pre), p:has(+ table):not(.charts + p) { break-after: avoid; }
  thead { display: table-header-group; }
  a { color: inherit; text-decoration: none; }
  table { font-size: 8pt; }
  .gallery .prototype img { max-width: 21mm; }
  .roomy .prototype img { width: 21mm; }
  caption { break-inside: avoid; }
  .charts + p { break-before: avoid; }
  #similarity .model + .model { break-before: page; }
  .evidence figure { width: 38mm; }
  .charts { gap: 8mm; }
  pre { font-size: 8pt; }
}
`;
