// What is wrong with the page for somebody who reads badly, uses the keyboard, or a screen reader.
(() => {
  const wrong = [];
  const shown = (e) => { const r = e.getBoundingClientRect(); const s = getComputedStyle(e);
    return r.width > 0 && r.height > 0 && s.visibility !== 'hidden' && s.display !== 'none'; };
  const words = (e) => e.outerHTML.slice(0, 120);

  // every control has a name
  document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]').forEach((e) => {
    if (!shown(e)) return;
    const label = e.id && document.querySelector('label[for="' + CSS.escape(e.id) + '"]');
    const name = (e.getAttribute('aria-label') || (label && label.textContent) || (e.labels && e.labels[0] && e.labels[0].textContent)
      || (['INPUT', 'SELECT', 'TEXTAREA'].includes(e.tagName) ? '' : e.textContent) || e.getAttribute('title') || '').trim();
    if (!name) wrong.push('no name: ' + words(e));
  });
  document.querySelectorAll('svg[role=img], img').forEach((e) => {
    if (!(e.getAttribute('aria-label') || e.getAttribute('alt'))) wrong.push('no description: ' + words(e));
  });
  const ids = new Map();
  document.querySelectorAll('[id]').forEach((e) => ids.set(e.id, (ids.get(e.id) || 0) + 1));
  ids.forEach((n, id) => { if (n > 1) wrong.push('id twice: ' + id); });
  if (document.querySelectorAll('h1').length !== 1) wrong.push('not one h1');
  if (!document.documentElement.lang) wrong.push('no language');
  if (!document.title) wrong.push('no title');

  // contrast of text, WCAG AA
  const rgb = (text) => { const m = text.match(/[\d.]+/g).map(Number); return { r: m[0], g: m[1], b: m[2], a: m.length > 3 ? m[3] : 1 }; };
  const over = (top, under) => ({ r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a), b: top.b * top.a + under.b * (1 - top.a), a: 1 });
  const light = (c) => { const f = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * f(c.r) + 0.7152 * f(c.g) + 0.0722 * f(c.b); };
  const ground = (e) => { const layers = [];
    for (let each = e; each; each = each.parentElement) { const c = rgb(getComputedStyle(each).backgroundColor); if (c.a > 0) { layers.push(c); if (c.a === 1) break; } }
    let c = { r: 255, g: 255, b: 255, a: 1 };
    layers.reverse().forEach((layer) => { c = over(layer, c); });
    return c; };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || !shown(e) || ['SCRIPT', 'STYLE', 'OPTION'].includes(e.tagName)) continue;
    const style = getComputedStyle(e);
    const svg = e instanceof SVGElement;
    const under = ground(e);
    const colour = over(rgb(svg ? style.fill : style.color), under);
    const a = light(colour), b = light(under);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) wrong.push('contrast ' + ratio.toFixed(2) + ': ' + texts.currentNode.textContent.trim().slice(0, 40) + ' in ' + words(e));
  }

  // nothing sideways
  const page = document.scrollingElement;
  if (page.scrollWidth > page.clientWidth) {
    const wide = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > page.clientWidth + 1 && !e.closest('.scroll, .plot, .skip'));
    wrong.push('scrolls sideways: ' + page.scrollWidth + ' > ' + page.clientWidth + ' ' + wide.slice(0, 3).map(words).join(' | '));
  }
  return wrong;
})()
