// Writes a page of KaTeX and a page of MathML of all formulas in golden/, each of which judges itself in a browser.

import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import katex from 'katex';

const folder = process.argv[2];
const files = readdirSync('golden').sort();
const read = (ending) =>
  files.filter((file) => file.endsWith(ending)).map((file) => [file, readFileSync(join('golden', file), 'utf8')]);

// What KaTeX would only warn of is an error here: unknown symbols, and what real LaTeX would refuse.
const strict = (code, message) => { throw new Error(`${code}: ${message}`); };
const faults = [];
const typeset = read('.tex').map(([file, text]) => {
  try {
    const html = katex.renderToString(text, { displayMode: true, strict, throwOnError: true, output: 'html' });
    return `<section id="${file}">${html}</section>`;
  } catch (error) {
    faults.push(`${file}: ${error.message}`);
    return '';
  }
});
const marked = read('.mml').map(([file, text]) => `<section id="${file}">${text}</section>`);
if (faults.length > 0 || typeset.length === 0 || typeset.length !== marked.length) {
  console.error(faults.join('\n') || `${typeset.length} formulas in LaTeX, ${marked.length} in MathML`);
  process.exit(1);
}

// Every symbol has a place on the page, and no element is one the browser does not know.
const judge = `
  const faults = [];
  const known = ['math','mrow','mi','mn','mo','mtext','mspace','mfrac','msqrt','mroot','msub','msup','msubsup','munder',
    'mover','munderover','mtable','mtr','mtd','mstyle','mpadded','mphantom'];
  for (const section of document.querySelectorAll('section')) {
    if (section.getBoundingClientRect().width < 20) faults.push(section.id + ': nothing to see');
    for (const math of section.querySelectorAll('math')) {
      const xml = new DOMParser().parseFromString(new XMLSerializer().serializeToString(math), 'application/xml');
      if (xml.querySelector('parsererror')) faults.push(section.id + ': not well formed');
    }
    for (const element of section.querySelectorAll('math, math *')) {
      if (!known.includes(element.localName)) faults.push(section.id + ': unknown ' + element.localName);
      const box = element.getBoundingClientRect();
      const isInvisible = /^[\\u2061-\\u2064\\s]*$/.test(element.textContent);
      if (['mi', 'mn', 'mo'].includes(element.localName) && !isInvisible && (box.width <= 0 || box.height <= 0))
        faults.push(section.id + ': no place for ' + element.textContent);
    }
    for (const element of section.querySelectorAll('.katex-error')) faults.push(section.id + ': ' + element.title);
  }
  document.documentElement.dataset.verdict = faults.length === 0 ? 'good' : faults.slice(0, 20).join('; ');
`;
// Scripts at the end run when everything before them is laid out, once fonts are there.
const page = (body, head) => `<!doctype html><meta charset="utf-8">${head}<style>section { margin: 1em; }
section + section { border-top: 1px solid #ccc; } math { font-size: 120%; }</style>
${body.join('\n')}
<script>document.fonts.ready.then(() => {${judge}});</script>`;
cpSync('node_modules/katex/dist', join(folder, 'katex'), { recursive: true });
writeFileSync(join(folder, 'katex.html'), page(typeset, '<link rel="stylesheet" href="katex/katex.min.css">'));
writeFileSync(join(folder, 'mathml.html'), page(marked, ''));
console.log(`${typeset.length} formulas in each notation`);
