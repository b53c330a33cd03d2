/** The one script of a report, 2 kB: sorting by the headers, and filtering, of tables that are complete without it. */

/**
 * Sorting: a table[data-sort] gets a button in each th[data-sort]; rows go by the numbers or texts in data-v of their cells.
 * Filtering: a form.tools[data-for=ID] is shown, and hides rows of table ID: by the text of its search field against data-name,
 * by each ticked checkbox NAME (rows need data-NAME="1"), by each select NAME (rows need data-NAME equal). The state is kept in the address.
 * Links: the details in the element that the address names are opened.
 */
export const script = `const open=()=>{const name=location.hash.slice(1),row=name&&name[0]!=='?'?document.getElementById(decodeURIComponent(name)):null;row?.querySelectorAll('details').forEach(d=>d.open=true)}
open();addEventListener('hashchange',open)
for(const table of document.querySelectorAll('table[data-sort]')){
const heads=[...table.tHead.rows[0].cells],body=table.tBodies[0]
heads.forEach((head,i)=>{if(!('sort'in head.dataset))return
const button=document.createElement('button');button.type='button';button.append(...head.childNodes);head.append(button)
button.onclick=()=>{const down=head.ariaSort?head.ariaSort==='ascending':head.dataset.sort==='n'
heads.forEach(other=>other.removeAttribute('aria-sort'));head.ariaSort=down?'descending':'ascending'
const key=row=>row.cells[i].dataset.v??'',n=head.dataset.sort==='n'
body.append(...[...body.rows].sort((a,b)=>{const x=key(a),y=key(b)
if(x===''||y==='')return (x==='')-(y==='')
return (n?x-y:x.localeCompare(y,document.documentElement.lang))*(down?-1:1)}))}})}
for(const form of document.querySelectorAll('form.tools[data-for]')){
const table=document.getElementById(form.dataset.for),out=form.querySelector('output'),fields=[...form.elements].filter(e=>e.name)
const on=e=>e.type==='checkbox'?e.checked:e.value.trim()!==''
const show=()=>{let n=0
for(const row of table.tBodies[0].rows){const ok=fields.every(e=>!on(e)||(e.type==='checkbox'?row.dataset[e.name]==='1':e.type==='search'?row.dataset.name.toLowerCase().includes(e.value.trim().toLowerCase()):row.dataset[e.name]===e.value))
row.hidden=!ok;n+=ok}
out.textContent=n+' '+(n===1?form.dataset.one:form.dataset.many)+' shown'}
const state=()=>fields.filter(on).map(e=>e.name+'='+encodeURIComponent(e.type==='checkbox'?1:e.value.trim())).join('&')
const keep=()=>{const s=state();history.replaceState(null,'',s?'#?'+s:location.pathname.split('/').pop()+location.search)}
form.oninput=()=>{show();try{keep()}catch{}}
form.onsubmit=event=>event.preventDefault()
if(location.hash.startsWith('#?'))for(const [name,value] of new URLSearchParams(location.hash.slice(2))){const e=form.elements[name];if(e)e.type==='checkbox'?e.checked=true:e.value=value}
form.hidden=false;show()}`
