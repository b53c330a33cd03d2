/** The style sheet that every report carries inside itself: screen in light and dark, 360 px and up, and paper. */
import { tokenRules } from './tokens.ts'

/** Widths in pixels that each figure is drawn at; the page shows the widest that fits, so that text is never scaled. */
export const drawnWidths = [300, 440, 680, 900] as const

const showWidest = drawnWidths
  .map((width, i) => {
    const next = drawnWidths[i + 1]
    const range = [i ? `(min-width:${width}px)` : '', next ? `(max-width:${next - 0.01}px)` : '']
      .filter(Boolean)
      .join(' and ')
    return `@container drawing ${range}{.drawing>.w${width}{display:block}}
@container drawing (min-width:${width}px){.drawing>.w${width}.last{display:block}}`
  })
  .join('\n')

const tones = [
  'accent',
  'muted',
  'ink',
  'approve',
  'review',
  'decline',
  'up',
  'down',
  'none',
  'moderate',
  'major',
  's1',
  's2',
  's3',
  's4',
]

/** What the marks and texts of a drawing need, on a page or alone. */
export const drawingStyle = `svg text{font-size:14px;fill:var(--ink);font-variant-numeric:tabular-nums}
svg text.m{fill:var(--muted)}
svg text.b{font-weight:650}
svg text.e{text-anchor:end}
svg text.c{text-anchor:middle}
svg text.h{paint-order:stroke;stroke:var(--surface);stroke-width:4px;stroke-linejoin:round}
svg text.k{fill:var(--c);font-weight:650}
${tones.map((tone) => `.t-${tone}{--c:var(--${tone})}`).join('')}
.f{fill:var(--c)}.f2{fill:var(--c);fill-opacity:.75}.band{fill:var(--c);fill-opacity:.16}
.s{stroke:var(--c);stroke-width:2;fill:none;stroke-linejoin:round;stroke-linecap:round}
.dash{stroke-dasharray:5 4;stroke-linecap:butt}.w{stroke-width:3}
.rule{stroke:var(--line);stroke-width:1;fill:none}.axis{stroke:var(--control);stroke-width:1;fill:none}
.mark{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:5 4;fill:none}
.ring{fill:none;stroke:var(--c);stroke-width:2}
.hollow{fill:var(--surface);stroke:var(--c);stroke-width:2}`

export const style = `${tokenRules}
*,*::before,*::after{box-sizing:border-box}
html{font:16px/1.5 "Source Sans 3",system-ui,-apple-system,"Segoe UI",Roboto,"Open Sans","Noto Sans","Liberation Sans",sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink)}
h1,h2,h3,p,dl,dd,ol,ul,figure{margin:0;padding:0}
h1,h2,h3{text-wrap:balance}
p,li,figcaption{text-wrap:pretty}
a{color:var(--accent);text-underline-offset:.2em}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:12px;top:-60px;background:var(--accent);color:var(--accent-ink);padding:10px 16px;z-index:2}
.skip:focus{top:8px}
.bar{background:var(--surface);border-bottom:1px solid var(--line)}
.bar>div{max-width:1280px;margin:auto;padding:12px;display:flex;flex-wrap:wrap;gap:2px 20px;align-items:baseline}
.bar b{font-weight:700}
.bar span{color:var(--muted)}
.bar :is(span,a){font-size:.882rem}
.made{background:var(--review-bg);color:var(--review);border-bottom:1px solid var(--line)}
.made p{max-width:1280px;margin:auto;padding:8px 12px;display:flex;gap:8px;font-size:.882rem}
.made strong{font-weight:650}
.frame{max-width:1280px;margin:auto;padding:16px 12px 48px;display:grid;grid-template-columns:minmax(0,1fr)}
.frame>*+*{margin-top:16px}
.lead{padding:8px 0}
.lead h1{font-size:1rem;font-weight:650;color:var(--muted);line-height:1.3;margin-bottom:8px}
.lead [lang=fr]{font-size:1.35rem;line-height:1.3;font-weight:650;max-width:46em;text-wrap:balance}
.lead [lang=en]{margin-top:8px;color:var(--muted);max-width:68ch}
.card{background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:16px 12px;min-width:0;scroll-margin-top:12px}
.card>h2{font-size:1.235rem;line-height:1.3;font-weight:650;margin-bottom:12px}
.card>*+*{margin-top:16px}
.card>h2+*{margin-top:0}
.card h3{font-size:1rem;font-weight:650}
.card>p,.card li,.columns>div>p{max-width:68ch}
.card ul,.card ol{padding-left:1.2em}
.card li+li{margin-top:4px}
.columns{display:grid;grid-template-columns:minmax(0,1fr);gap:24px}
.columns>div{min-width:0}
.columns>div>*+*{margin-top:16px}
.small,.note{font-size:.882rem;color:var(--muted)}
code{font:.882em ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--sunk);border-radius:4px;padding:.1em .35em;overflow-wrap:anywhere}
nav.contents{font-size:.882rem}
nav.contents ol{list-style:none;padding:0}
nav.contents a{display:block;padding:7px 0;color:var(--ink);text-decoration:none;line-height:1.35}
nav.contents a:hover{color:var(--accent);text-decoration:underline}
nav.contents summary,details.numbers>summary,details.more>summary{cursor:pointer;min-height:44px;display:flex;align-items:center;gap:8px;color:var(--accent)}
summary::before{content:"";width:.45em;height:.45em;border:solid currentColor;border-width:0 2px 2px 0;transform:rotate(-45deg);flex:none}
details[open]>summary::before{transform:rotate(45deg)}
summary::-webkit-details-marker{display:none}
nav.contents .wide{display:none}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:16px 24px}
.figures dt{font-size:.882rem;color:var(--muted)}
.figures dd.value{font-size:1.647rem;line-height:1.2;font-weight:650;color:var(--c,var(--ink))}
.figures dd.small{line-height:1.35}
figure>figcaption strong{display:block;font-weight:650}
figure>figcaption span{display:block;font-size:.882rem;color:var(--muted)}
.drawing{container:drawing/inline-size;margin-top:8px;overflow:hidden}
.drawing>svg{display:none;max-width:100%;height:auto}
.drawing>.one{display:block}
${showWidest}
details.numbers{font-size:.882rem}
${drawingStyle}
.icon{width:1.15em;height:1.15em;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;vertical-align:-.2em}
.badge{display:inline-flex;align-items:center;gap:.35em;color:var(--c);font-weight:650;white-space:nowrap}
.callout{display:flex;gap:10px;border-radius:6px;padding:12px;background:var(--sunk)}
.callout>.icon{margin-top:.2em}
.callout.t-approve{background:var(--approve-bg)}.callout.t-review{background:var(--review-bg)}.callout.t-decline{background:var(--decline-bg)}
.callout>.icon,.callout strong{color:var(--c,inherit)}
.scroll{overflow-x:auto;max-width:100%;position:relative}
table{border-collapse:collapse;width:100%;font-size:.882rem;line-height:1.4}
caption{text-align:left;font-weight:650;font-size:1rem;padding-bottom:6px}
th,td{text-align:left;padding:7px 12px 7px 0;border-bottom:1px solid var(--line);vertical-align:top}
th:last-child,td:last-child{padding-right:0}
thead .n{white-space:normal}
thead th{font-weight:650;color:var(--muted);vertical-align:bottom;border-bottom-color:var(--control)}
tbody th{font-weight:400;background:var(--surface)}
tr:target>*{background:var(--review-bg)}
tr.strong th,tr.strong td{font-weight:650}
.n{text-align:right;white-space:nowrap}
.nw{white-space:nowrap}
thead button{font:inherit;color:inherit;background:none;border:0;padding:4px 0;margin:-4px 0;cursor:pointer;text-align:inherit}
thead button::after{content:"";display:inline-block;width:.4em;height:.4em;margin-left:.45em;border:solid transparent;border-width:0 2px 2px 0}
thead button:hover{color:var(--accent);text-decoration:underline}
th[aria-sort=ascending] button::after{border-color:currentColor;transform:rotate(-135deg)}
th[aria-sort=descending] button::after{border-color:currentColor;transform:rotate(45deg) translate(-.15em,-.15em)}
.name{display:block;font-weight:650}
td .note,th .note{display:block;margin-top:2px}
td .of{display:block}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,25rem),1fr));gap:32px}
.grid.three{grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr));gap:32px 15px}
.stack>*+*{margin-top:12px}
.stack h3{display:flex;gap:8px;align-items:center}
.evidence summary{cursor:pointer;color:var(--accent);padding:4px 0;display:inline-flex;align-items:center;gap:8px}
.evidence[open]{background:var(--sunk);border-radius:6px;padding:4px 12px 12px;margin-top:4px}
.evidence dl{display:grid;gap:2px;margin-top:8px}
.evidence dl>div{display:flex;justify-content:space-between;gap:16px;border-bottom:1px solid var(--line)}
.evidence dt{color:var(--muted)}
.spark{width:132px;height:34px;display:block}
.tools{display:flex;flex-wrap:wrap;gap:8px 24px;align-items:end;background:var(--sunk);border-radius:6px;padding:12px}
.tools[hidden]{display:none}
.tools label{max-width:100%;display:flex;align-items:center;gap:8px;min-height:44px;font-size:.882rem}
.tools input[type=search],.tools select{font:inherit;min-height:44px;padding:0 10px;border:1px solid var(--control);border-radius:6px;background:var(--surface);color:var(--ink);width:11rem;min-width:0;flex:0 1 auto}
.tools input[type=checkbox]{width:20px;height:20px;accent-color:var(--accent)}
.tools output{font-size:.882rem;color:var(--muted);min-height:44px;display:flex;align-items:center}
footer{font-size:.882rem;color:var(--muted)}
footer p{max-width:68ch}
footer p+p{margin-top:8px}
@media (max-width:719.98px){
table.fold thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
table.fold,table.fold tbody,table.fold caption{display:block}
table.fold tr{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:4px 12px;padding:12px 0;border-bottom:1px solid var(--line)}
table.fold th,table.fold td{display:block;padding:0;border:0;text-align:left;white-space:normal}
table.fold th,table.fold .full{grid-column:1/-1;font-weight:650;overflow-wrap:anywhere}
table.fold .full>:not(.name){font-weight:400}
table.fold td::before{content:attr(data-label);display:block;color:var(--muted);font-weight:400;font-size:.9em}
table.fold td:empty{display:none}
table.fold tr[hidden]{display:none}
.scroll table:not(.fold) tbody th:first-child,.scroll table:not(.fold) thead th:first-child{position:sticky;left:0;background:var(--surface);min-width:6.5rem;max-width:46vw;overflow-wrap:break-word}
.scroll table.narrow:not(.fold) :is(thead,tbody) th:first-child{min-width:0}
.scroll table:not(.fold) :is(th,td){padding-right:8px}
.scroll table:not(.fold) :is(th,td):last-child{padding-right:0}
}
@media (min-width:720px){
html{font-size:17px}
.bar>div,.made p{padding-left:24px;padding-right:24px}
.frame{padding:24px 24px 48px}
.frame>*+*{margin-top:24px}
.lead [lang=fr]{font-size:1.647rem}
.card{padding:24px}
}
@media (min-width:900px){.columns.even{grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:32px}}
@media (min-width:1200px){
.frame{grid-template-columns:212px minmax(0,1fr);column-gap:40px}
.frame>*{grid-column:2}
.frame>nav.contents{grid-column:1;grid-row:1/span 99;position:sticky;top:24px;align-self:start;margin:0;max-height:calc(100vh - 48px);overflow:auto;padding:8px 0}
nav.contents .wide{display:block}
nav.contents details{display:none}
.columns{grid-template-columns:minmax(0,7fr) minmax(0,5fr);gap:32px}
.columns.even{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
}
@media (forced-colors:active){.card,.tools,.callout{border:1px solid CanvasText}.f,.f2{fill:CanvasText}.s{stroke:CanvasText}}
@media print{
@page{margin:14mm}
html{font-size:10pt}
body{background:#fff}
.skip,nav.contents,.tools,details.numbers{display:none}
.frame{display:block;padding:0;max-width:none}
.frame>*+*{margin-top:12pt}
.card{border:0;border-top:1px solid #000;border-radius:0;padding:8pt 0 0}
.card>h2,figcaption{break-after:avoid}
figure,tr,.figures>div{break-inside:avoid}
thead{display:table-header-group}
.scroll{overflow:visible}
.f,.f2,.band,.badge,.callout{print-color-adjust:exact;-webkit-print-color-adjust:exact}
a{color:inherit;text-decoration:none}
details.more::details-content{display:block;content-visibility:visible}
}`
