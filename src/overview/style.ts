/**
 * The style of the overview: only colours of the theme, so that themes switch without work. One accent is what hurts:
 * what is healthy is pale. The patterns are in `pictures.ts`.
 */
export const STYLE = `
body { margin: 0 auto; padding: 1.2em 2em 3em; max-width: 92em; color: var(--vscode-foreground); background: var(--vscode-editor-background); font: var(--vscode-font-size, 13px)/1.5 var(--vscode-font-family, sans-serif); --line: var(--vscode-contrastBorder, var(--vscode-widget-border, var(--vscode-panel-border, #8884))); --quiet: var(--vscode-descriptionForeground, var(--vscode-foreground)); }
h1 { font-size: 1.6em; font-weight: 600; margin: 0 0 0.5em; }
h2 { font-size: 1.1em; font-weight: 600; margin: 0 0 0.2em; color: var(--vscode-foreground); }
p { margin: 0.4em 0; }
a { color: var(--vscode-textLink-foreground); }
a:focus-visible, summary:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 1px; }
nav ul, .notices, .tiles, .rows, .key { list-style: none; margin: 0; padding: 0; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.4em; margin-bottom: 1.2em; }
nav a { display: block; max-width: 24em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding: 0.1em 0.9em; border: 1px solid var(--line); border-radius: 1em; color: var(--vscode-foreground); text-decoration: none; }
nav a:hover { background: var(--vscode-list-hoverBackground); }
nav a[aria-current] { color: var(--vscode-button-foreground); background: var(--vscode-button-background); border-color: var(--vscode-contrastActiveBorder, transparent); }
.notices { margin-bottom: 1.2em; }
.notices li { padding: 0.5em 1em; margin-bottom: 0.4em; border: 1px solid var(--line); border-left: 3px solid var(--vscode-charts-blue); border-radius: 3px; overflow-wrap: anywhere; }
.notices li.problem { border-left-color: var(--vscode-charts-yellow); }
.actions a { display: inline-block; margin: 0.6em 0.6em 0 0; padding: 0.3em 1.1em; border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px; color: var(--vscode-button-foreground); background: var(--vscode-button-background); text-decoration: none; }
.actions a:hover { background: var(--vscode-button-hoverBackground); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30em), 1fr)); gap: 1.2em; }
figure { margin: 0; padding: 1em 1.3em 0.8em; min-width: 0; border: 1px solid var(--line); border-radius: 6px; }
figure.wide { grid-column: 1 / -1; }
figcaption { margin-bottom: 0.9em; color: var(--quiet); }
figcaption p { margin: 0; }
figcaption a { color: inherit; text-decoration: underline; text-underline-offset: 0.2em; }
figcaption a:hover { color: var(--vscode-textLink-foreground); }
svg { display: block; overflow: visible; }
svg.patterns { position: absolute; }
.bar a { cursor: pointer; }
.tiles { display: flex; flex-wrap: wrap; gap: 0.4em 0.6em; margin: 0.9em 0 0 -0.7em; }
.tiles a { display: grid; grid-template-columns: auto 1fr; gap: 0 0.6em; align-items: center; padding: 0.2em 0.9em 0.3em 0.7em; border-radius: 4px; color: var(--vscode-foreground); text-decoration: none; }
.tiles strong { font-size: 1.45em; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; }
.tiles small { grid-column: 2; font-size: 1em; color: var(--quiet); }
.rows { display: grid; grid-template-columns: minmax(0, max-content) minmax(5em, 1fr) max-content; margin: 0 -0.5em; }
.rows li { display: contents; }
.row { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; gap: 0.9em; align-items: center; padding: 0.08em 0.5em; border-radius: 4px; color: var(--vscode-foreground); text-decoration: none; }
a.row:hover, .tiles a:hover { background: var(--vscode-list-hoverBackground); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
.row .name { max-width: 20em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.row .value { text-align: right; color: var(--quiet); font-variant-numeric: tabular-nums; white-space: nowrap; }
.key { display: flex; flex-wrap: wrap; gap: 0.2em 1.2em; margin-top: 0.7em; color: var(--quiet); }
.key a { color: inherit; text-decoration: none; }
.key a:hover { color: var(--vscode-textLink-foreground); text-decoration: underline; }
.key li { display: flex; align-items: center; gap: 0.5em; }
.scale { display: flex; justify-content: space-between; color: var(--quiet); border-top: 1px solid var(--line); padding-top: 0.2em; }
details { margin-top: 0.8em; color: var(--quiet); }
summary { cursor: pointer; width: max-content; max-width: 100%; }
.scroll { overflow-x: auto; margin-top: 0.5em; }
table { border-collapse: collapse; color: var(--vscode-foreground); font-variant-numeric: tabular-nums; }
th, td { padding: 0.15em 1.2em 0.15em 0; text-align: right; font-weight: 400; border-bottom: 1px solid var(--line); white-space: nowrap; }
thead th { color: var(--quiet); }
tr > :first-child { text-align: left; max-width: 24em; overflow: hidden; text-overflow: ellipsis; }
.error { --mark: var(--vscode-charts-red, currentColor); }
.warning, .lacks { --mark: var(--vscode-charts-yellow, currentColor); }
.paused, .sends { --mark: var(--vscode-charts-blue, currentColor); }
.unknown { --mark: var(--vscode-disabledForeground, currentColor); }
.healthy { --mark: var(--vscode-charts-green, currentColor); }
.mark { fill: var(--mark); stroke: var(--mark); stroke-width: 1; }
.mark.healthy { fill-opacity: 0.28; }
.mark.sends { fill-opacity: 0.55; }
.mark.warning { fill: url(#stripes); }
.mark.paused { fill: url(#lines); }
.mark.unknown { fill: url(#dots); }
.mark.lacks { fill: url(#gaps); }
.figure { fill: var(--mark); }
.ground { fill: var(--mark); fill-opacity: 0.18; }
.bar a:hover .mark { stroke-width: 2; }
.vscode-high-contrast .mark.healthy, .vscode-high-contrast-light .mark.healthy { fill-opacity: 0; }
.vscode-high-contrast .ground, .vscode-high-contrast-light .ground { fill-opacity: 0; }
@media (max-width: 36em) { body { padding: 0.8em 1em 2em; } figure { padding: 0.8em 0.9em 0.6em; } .row .name { max-width: 11em; } }
`;
