/** The page's style: one column on a phone, two on a desk, light and dark as the reader prefers. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #f6f7f9; --card: #fff; --ink: #16202c; --quiet: #5b6875; --line: #e3e7ec; --empty: #e9edf1;
  --c1: #2f6fde; --c2: #12936f; --c3: #d9822b; --c4: #a34fc4; --c5: #d1435b; --c6: #1d9bb5; --c7: #8a8f2b; --c8: #7b8794; }
@media (prefers-color-scheme: dark) { :root { --ground: #0f141a; --card: #18202a; --ink: #e6ebf1; --quiet: #97a5b4; --line: #2a3541; --empty: #26303b;
  --c1: #6ea3ff; --c2: #3fc79b; --c3: #f0a558; --c4: #c98be3; --c5: #f07b90; --c6: #5cc8de; --c7: #bcc25a; --c8: #8c99a8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 56px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 17px; margin: 0 0 14px; }
.folder { color: var(--quiet); margin: 4px 0 24px; overflow-wrap: anywhere; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 12px; margin: 0 0 16px; padding: 0; }
.numbers div, section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.numbers div { padding: 14px 16px; }
.numbers dt { color: var(--quiet); font-size: 13px; }
.numbers dd { margin: 2px 0 0; font-size: 22px; font-weight: 650; font-variant-numeric: tabular-nums; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; }
section { padding: 18px 20px 20px; margin: 0 0 16px; min-width: 0; }
.two section { margin: 0; } .two { margin-bottom: 16px; }
.share { display: grid; grid-template-columns: 190px 1fr; gap: 20px; align-items: center; }
svg { display: block; }
.ring { width: 190px; height: 190px; }
.arc { fill: none; stroke-width: 26; } .arc.empty { stroke: var(--empty); }
.centre { font-size: 21px; font-weight: 650; text-anchor: middle; fill: var(--ink); } .unit { font-size: 13px; text-anchor: middle; fill: var(--quiet); }
.arc.c1 { stroke: var(--c1) } .arc.c2 { stroke: var(--c2) } .arc.c3 { stroke: var(--c3) } .arc.c4 { stroke: var(--c4) }
.arc.c5 { stroke: var(--c5) } .arc.c6 { stroke: var(--c6) } .arc.c7 { stroke: var(--c7) } .arc.c8 { stroke: var(--c8) }
.c1 { fill: var(--c1); background: var(--c1) } .c2 { fill: var(--c2); background: var(--c2) } .c3 { fill: var(--c3); background: var(--c3) }
.c4 { fill: var(--c4); background: var(--c4) } .c5 { fill: var(--c5); background: var(--c5) } .c6 { fill: var(--c6); background: var(--c6) }
.c7 { fill: var(--c7); background: var(--c7) } .c8 { fill: var(--c8); background: var(--c8) }
circle.arc { fill: none; }
.dot { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 8px; }
.columns { width: 100%; height: auto; max-height: 260px; }
.columns .bar { fill: var(--c1); } .columns .value { font-size: 12px; text-anchor: middle; fill: var(--ink); }
.columns .label { font-size: 11px; text-anchor: middle; fill: var(--quiet); }
.hbar { width: 100%; height: 8px; border-radius: 4px; overflow: hidden; } .track { fill: var(--empty); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 500; color: var(--quiet); font-size: 13px; }
th, td { padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
td.n, th.n { text-align: right; white-space: nowrap; padding-right: 0; padding-left: 10px; }
td.name { overflow-wrap: anywhere; } td.wide { min-width: 90px; width: 30%; vertical-align: middle; }
ul.files { margin: 0; padding: 0; list-style: none; overflow-wrap: anywhere; }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, monospace; overflow-wrap: anywhere; }
.path { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, monospace; }
.quiet { color: var(--quiet); } p { margin: 0 0 10px; } p:last-child { margin-bottom: 0; }
pre { margin: 0; padding: 10px 12px; background: var(--ground); border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 760px) { .two { grid-template-columns: 1fr; } .share { grid-template-columns: 1fr; justify-items: center; } .share table { width: 100%; }
  main { padding: 20px 12px 40px; } section { padding: 16px 14px; } td.wide { display: none; } th.wide { display: none; } }
`
