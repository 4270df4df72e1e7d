// Niceties only: every page is right without this file.

// « / » and Ctrl+K (⌘K) go to the search, as people who live in lists expect.
document.addEventListener('keydown', event => {
  const palette = event.key === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (!palette && (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select')) || event.target.closest('dialog[open]')) return;
  const search = document.querySelector('[data-shortcut="/"]');
  if (search) { event.preventDefault(); search.focus(); search.select(); }
});

// What is found is shown beneath the search as it is typed; arrows go through it, Enter opens, Escape closes. Without script the page of the search does.
for (const search of document.querySelectorAll('[data-palette]')) {
  const [form, panel] = [search.form, search.form.querySelector('.palette')];
  let asked = 0, waiting;
  const close = () => { panel.hidden = true; search.removeAttribute('aria-expanded'); };
  const show = async () => {
    const mine = ++asked;
    if (search.value.trim().length < 2) { close(); return; }
    const answer = await fetch(`${form.action}?${new URLSearchParams(new FormData(form))}`, { headers: { accept: 'text/html' } }).catch(() => null);
    if (mine !== asked || !answer?.ok || answer.redirected) return;
    const found = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(search.dataset.palette);
    if (mine !== asked || !found || document.activeElement !== search && !panel.contains(document.activeElement)) return;
    panel.replaceChildren(document.adoptNode(found));
    found.removeAttribute('id');
    panel.hidden = false;
    search.setAttribute('aria-expanded', 'true');
  };
  search.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(show, 150); });
  search.addEventListener('focus', () => { if (panel.childElementCount > 0 && search.value.trim().length > 1) { panel.hidden = false; search.setAttribute('aria-expanded', 'true'); } });
  form.addEventListener('keydown', event => {
    if (panel.hidden) return;
    const links = [search, ...panel.querySelectorAll('a')];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); links[(links.indexOf(document.activeElement) + step + links.length) % links.length].focus(); }
    if (event.key === 'Escape') { event.preventDefault(); search.focus(); close(); }
  });
  form.addEventListener('focusout', event => { if (!form.contains(event.relatedTarget)) close(); });
}

// What is wrong with a post takes the focus; in a dialog, the dialog is opened again as it was.
document.querySelector('[data-focus]')?.focus();
for (const dialog of document.querySelectorAll('dialog[open]')) {
  dialog.close();
  dialog.showModal();
  dialog.querySelector('[aria-invalid="true"]')?.focus();
}

// A form is sent once: a second click while the answer is awaited does nothing.
document.addEventListener('submit', event => {
  const form = event.target;
  if (form.method !== 'post' || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = 'yes';
  for (const button of form.querySelectorAll('button[type="submit"]')) button.setAttribute('aria-disabled', 'true');
  // A file leaves the page where it is: its button serves again.
  if ('download' in form.dataset) setTimeout(() => sendable(form), 2000);
});
const sendable = form => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll('[aria-disabled]')) button.removeAttribute('aria-disabled');
};
addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(sendable));

// Buttons that open a dialog, for browsers that do not know the command attribute yet.
if (!('commandForElement' in HTMLButtonElement.prototype)) {
  document.addEventListener('click', event => {
    const button = event.target.closest('button[commandfor]');
    const dialog = button && document.getElementById(button.getAttribute('commandfor'));
    if (!dialog) return;
    if (button.getAttribute('command') === 'show-modal') dialog.showModal(); else dialog.close();
  });
}

// A button that prints; without script the browser's own menu does.
document.querySelector('[data-print-page]')?.addEventListener('click', () => print());

// Choosing in a filter is enough; the button stays for those without script.
for (const select of document.querySelectorAll('form[method="get"] select[data-now]')) {
  select.addEventListener('change', () => select.form.requestSubmit());
}

// « @ » in a comment shows who may be named; choosing one writes the name. Without script the boxes below do.
for (const form of document.querySelectorAll('form[data-mentions]')) {
  const [text, list] = [form.querySelector('textarea'), form.querySelector('details')];
  if (!list) continue;
  const plain = name => name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const begun = () => /(?:^|[\s(])@([^@\n]{0,40})$/.exec(text.value.slice(0, text.selectionStart));
  text.addEventListener('input', () => {
    const at = begun();
    const fits = [...list.querySelectorAll('[data-name]')].filter(one => !(one.hidden = at && !plain(one.dataset.name).startsWith(plain(at[1]))));
    if (at && fits.length > 0) list.open = true; else for (const one of list.querySelectorAll('[data-name]')) one.hidden = false;
  });
  list.addEventListener('change', event => {
    const [at, name] = [begun(), event.target.closest('[data-name]').dataset.name];
    if (!event.target.checked || !at) return;
    const from = text.selectionStart - at[1].length;
    text.setRangeText(name + ' ', from, text.selectionStart, 'end');
    text.focus();
    text.dispatchEvent(new Event('input'));
  });
}

// The chosen tab is in sight, however narrow the screen.
for (const tab of document.querySelectorAll('.tabs [aria-current]')) {
  tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 16;
}

// A list of time left, told again every second.
const tick = () => {
  for (const left of document.querySelectorAll('[data-until]')) {
    const seconds = Math.max(0, Math.round((Date.parse(left.dataset.until) - Date.now()) / 1000));
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds % 3600 / 60)];
    const day = document.documentElement.lang === 'fr' ? 'j' : 'd';
    left.textContent = (hours >= 24 ? `${Math.floor(hours / 24)} ${day} ${hours % 24} h` : hours > 0 ? `${hours} h ${String(minutes).padStart(2, '0')}` : `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`).replaceAll(' ', '\u00a0');
  }
};
if (document.querySelector('[data-until]')) { tick(); setInterval(tick, 1000); }

// Live parts hold no truth: a change tells us to read the page again, and only what differs is replaced.
const live = document.querySelector('[data-live]');
if (live) {
  const lost = document.querySelector('[data-lost]');
  let reading = false, again = false;
  const busy = part => part.contains(document.activeElement) && document.activeElement.matches('input, textarea') || part.querySelector('dialog[open], .ways details[open]');
  const read = async () => {
    if (reading) { again = true; return; }
    reading = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const part of document.querySelectorAll('[data-version]')) {
        const next = fresh.getElementById(part.id);
        if (next && next.dataset.version !== part.dataset.version && !busy(part)) part.replaceWith(document.adoptNode(next));
      }
      tick();
    } finally {
      reading = false;
      if (again) { again = false; setTimeout(read, 250); }
    }
  };
  const stream = new EventSource(live.dataset.live);
  stream.addEventListener('changed', read);
  stream.addEventListener('open', () => { if (lost) lost.hidden = true; });
  stream.addEventListener('error', () => { if (lost) lost.hidden = false; });
  stream.addEventListener('ended', () => { stream.close(); if (lost) lost.hidden = true; read(); });
}
