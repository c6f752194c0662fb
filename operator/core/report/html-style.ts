// SPDX-License-Identifier: Apache-2.0
/** The style of the HTML report: light and dark by the reader's setting, plain on paper. It loads nothing. */

export const LIGHT = {
  paper: '#ffffff', panel: '#f6f7f9', ink: '#1b1f24', muted: '#5b6571', rule: '#d5dae0', good: '#12703f', doubt: '#8a5a00', bad: '#b3261e',
  s0: '#1f6fb4', s1: '#d3600b', s2: '#15845a', s3: '#8350b5', s4: '#c4343d', s5: '#0b8594', s6: '#857313', s7: '#bd3f8b',
}
const DARK: typeof LIGHT = {
  paper: '#15181c', panel: '#1d2126', ink: '#e6e9ed', muted: '#a0a9b4', rule: '#3a4149', good: '#5fcf92', doubt: '#e7b24c', bad: '#ff8a80',
  s0: '#6cb2f5', s1: '#ff9f57', s2: '#5ac996', s3: '#c09af0', s4: '#ff8088', s5: '#4fc8d5', s6: '#d3c253', s7: '#f08cc6',
}

const variables = (theme: typeof LIGHT) => Object.entries(theme).map(([name, colour]) => `--${name}:${colour}`).join(';')

const STYLE = `
:root{color-scheme:light dark;${variables(LIGHT)}}
@media (prefers-color-scheme:dark){:root{${variables(DARK)}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1240px;padding:24px 28px 64px;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{font-size:26px;line-height:1.25;margin:0 0 4px}
h2{font-size:19px;margin:40px 0 8px;padding-bottom:4px;border-bottom:1px solid var(--rule)}
h3{font-size:15px;margin:20px 0 6px}
p{margin:6px 0}
nav{margin:10px 0 0;font-size:13px}
nav a{margin-right:14px;color:inherit;text-underline-offset:3px}
.muted,figcaption,.notes{color:var(--muted);font-size:13px}
.banner{margin:16px 0;padding:12px 16px;border-left:5px solid;background:var(--panel);border-radius:3px;font-size:16px}
.good{border-color:var(--good)}.doubt{border-color:var(--doubt)}.bad{border-color:var(--bad)}
.tag{font-weight:600;white-space:nowrap}
.tag.valid,.tag.passed{color:var(--good)}.tag.suspect,.tag.insufficient{color:var(--doubt)}.tag.invalid,.tag.failed{color:var(--bad)}
.scroll{overflow-x:auto;margin:8px 0}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:4px 9px;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
thead th{border-bottom:2px solid var(--rule);vertical-align:bottom;white-space:nowrap}
th small{display:block;font-weight:400;color:var(--muted)}
td.n,th.n{text-align:right}
td.n,.sortable td{white-space:nowrap}
.trials :is(td,th):nth-last-child(-n+8){text-align:right}
.trials .lost td{text-align:left}
td.best{font-weight:650}
td small{display:block;font-weight:400;color:var(--muted)}
.effects tbody th{font-weight:400;white-space:nowrap}
.effects thead th{white-space:normal}
.said{margin:8px 0;padding-left:20px;max-width:76em}
.said li{margin:3px 0}
.figure,.together{break-inside:avoid}
td.text{min-width:22em}
tbody tr:hover{background:var(--panel)}
th[tabindex]{cursor:pointer}
th:focus-visible{outline:2px solid var(--s0);outline-offset:-2px}
th[aria-sort=ascending]::before{content:"▲ "}
th[aria-sort=descending]::before{content:"▼ "}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:8px 0;padding:0;list-style:none;font-size:13px}
.legend .sign{display:inline-block;width:1.3em;font-size:14px}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(320px,1fr));gap:14px 18px}
.figures>.wide{grid-column:span 2}
figure{margin:10px 0;break-inside:avoid}
figure.small{margin:0}
figure h3{margin:0 0 2px;font-size:14px}
svg.plot{font-size:12px;display:block;max-width:100%;height:auto;overflow:visible}
svg.plot text{white-space:pre}
code{font:13px/1.5 ui-monospace,monospace}
pre{margin:8px 0;padding:12px 14px;background:var(--panel);border-radius:3px;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;font-size:13.5px}
dt{color:var(--muted)}
dd{margin:0;grid-column:2;overflow-wrap:anywhere}
@media (max-width:640px){body{padding:16px 14px 40px}dl{grid-template-columns:1fr}dd{grid-column:1;margin-bottom:6px}}
@media print{
:root{${variables(LIGHT)}}
@page{size:A4 landscape;margin:12mm}
body{max-width:none;padding:0;font-size:11px}
nav{display:none}
h2,h3,.lead,.legend{break-after:avoid}
.figure .legend{break-after:auto}
pre{break-inside:avoid}
h2{margin-top:20px}
h1{font-size:20px}h2{font-size:15px}
table{font-size:9.5px;width:100%}
th,td{padding:2px 5px}
td.text{min-width:0}
thead{display:table-header-group;break-inside:avoid}
tr{break-inside:avoid}
.scroll{overflow:visible}
.banner{font-size:13px}
.figures{grid-template-columns:repeat(3,1fr)}
figure.wide svg{max-width:72%}
a{text-decoration:none}
}
`.trim()

/** Readers' machines have these; a page that opens offline brings none along. Chinese needs more air between lines, and has no slanted or bold letters to spare. */
const OF_LANGUAGE: Readonly<Record<string, string>> = {
  'zh-Hans': `
body{font-family:system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC",sans-serif;line-height:1.7}
.said li{margin:5px 0}
.effects thead th,thead th{line-height:1.4}`,
}

export const styleIn = (tag: string): string => `${STYLE}${OF_LANGUAGE[tag] ?? ''}`
