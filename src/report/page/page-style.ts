/** The style of a report: readable from 320 pixels on, light and dark, and on paper. */
export const pageStyle = `
:root { color-scheme: light dark; --page: #ffffff; --card: #f6f8fa; --ink: #1f2328;
  --pale: #57606a; --line: #d0d7de; --mark: #ddf4ff; --warn: #fff1e5; --edge: #bc4c00; }
@media (prefers-color-scheme: dark) { :root { --page: #0d1117; --card: #161b22; --ink: #e6edf3;
  --pale: #9ea7b3; --line: #30363d; --mark: #12304d; --warn: #3a2410; --edge: #f0883e; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 1.25rem; margin: 36px 0 8px; }
h3 { font-size: 1rem; margin: 16px 0 4px; }
p { margin: 6px 0; max-width: 75ch; }
.pale, figcaption p { color: var(--pale); }
.finding { font-size: 1.15rem; }
.facts { display: grid; gap: 12px; margin: 20px 0 0;
  grid-template-columns: repeat(auto-fit, minmax(min(150px, 100%), 1fr)); }
.facts div { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  padding: 10px 14px; }
.facts dt { color: var(--pale); font-size: .875rem; }
.facts dd { margin: 0; font-size: 1.35rem; font-weight: 600; }
.facts small { display: block; color: var(--pale); font-size: .8125rem; font-weight: 400; }
.facts .lost { background: var(--warn); border-color: var(--edge); }
.warning { margin: 14px 0 0; padding: 8px 14px; background: var(--warn);
  border-left: 4px solid var(--edge); border-radius: 4px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 10px; border-bottom: 1px solid var(--line); text-align: right;
  overflow-wrap: normal; }
thead th { vertical-align: bottom; color: var(--pale); font-weight: 600; }
tbody th { font-weight: 400; text-align: left; }
tbody td, tbody th { white-space: nowrap; }
th.text, td.text { text-align: left; }
td.text { min-width: 14rem; white-space: normal; }
thead th:first-child { text-align: left; }
.kept th, .kept td { background: var(--mark); font-weight: 600; }
.charts { columns: 340px auto; column-gap: 16px; }
figure { break-inside: avoid; margin: 0 0 16px; padding: 12px; border: 1px solid var(--line); border-radius: 8px; }
figcaption strong { display: block; line-height: 1.35; }
figcaption p { margin: 2px 0 6px; font-size: .8125rem; line-height: 1.4; }
figure svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
.dark { display: none; }
@media (prefers-color-scheme: dark) { .light { display: none; } .dark { display: block; } }
.pairs { margin: 6px 0; font-size: .875rem; }
.pairs div { display: grid; grid-template-columns: min(200px, 32%) 1fr; gap: 12px;
  padding: 3px 0; border-bottom: 1px solid var(--line); }
.pairs dt { color: var(--pale); }
.pairs dd { margin: 0; }
@media (max-width: 480px) { th, td { padding: 3px 5px; font-size: .8125rem; } }
@media print { :root { color-scheme: light; --page: #ffffff; --card: #ffffff; --ink: #000000;
  --pale: #444444; --line: #bbbbbb; --mark: #eeeeee; --warn: #ffffff; --edge: #000000; }
  main { max-width: none; padding: 0; } .light { display: block; } .dark { display: none; }
  figure, tr, .facts div { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .wide { overflow: visible; } .charts { columns: 2; } }
`
