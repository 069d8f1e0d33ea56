// page.js: the page around the cards: settings, runs, sections.

const report = JSON.parse(document.getElementById('data').textContent);
report.runs.forEach((run, i) => {
  run.color = colorOf(i);
});
const $ = (id) => document.getElementById(id);

// Settings outlive the page where the browser lets files keep something.
const settings = {
  smoothing: 0.6,
  x: 'step',
  logY: false,
  logX: false,
  theme: '',
  follow: false,
  filter: '',
  hiddenRuns: new Set(),
};
const kept = ['smoothing', 'x', 'logY', 'logX', 'theme', 'follow'];
try {
  const old = JSON.parse(localStorage.getItem('xgrad-report') ?? '{}');
  for (const key of kept) if (typeof old[key] === typeof settings[key]) settings[key] = old[key];
} catch {
  /* there is no storage */
}
function keepSettings() {
  try {
    localStorage.setItem(
      'xgrad-report',
      JSON.stringify(Object.fromEntries(kept.map((k) => [k, settings[k]])))
    );
  } catch {
    /* there is no storage */
  }
}

// "loss/train" is in the group "loss".
const groupOf = (name) => (name.indexOf('/') > 0 ? name.slice(0, name.indexOf('/')) : '');
const shortName = (name) => (groupOf(name) ? name.slice(name.indexOf('/') + 1) : name);

const cards = [];
const watcher = new IntersectionObserver(
  (entries) => {
    for (const {target, isIntersecting} of entries) {
      target.card.visible = isIntersecting;
      if (isIntersecting) target.card.drawIfStale();
    }
  },
  {rootMargin: '300px'}
);
const sizes = new ResizeObserver((entries) => entries.forEach(({target}) => target.card.resize()));

function addCard(card, grid) {
  cards.push(card);
  grid.append(card.root);
  card.stale = true;
  watcher.observe(card.root);
  sizes.observe(card.root);
}

// Longer sections begin folded.
const mostUnfolded = 24;
// @param before  the section that it follows; by default the last one.
function section(title, count, before = null) {
  const grid = element('div', 'grid');
  const summary = element(
    'summary',
    '',
    element('h2', '', title),
    ...(count > 1 ? [element('span', 'count', String(count))] : [])
  );
  const details = element('details', 'section', summary, grid);
  details.open = count <= mostUnfolded;
  if (before) before.after(details);
  else $('main').append(details);
  return grid;
}

// What a chart of some names shows: a line for each name and run.
function sourcesOf(names) {
  const several = report.runs.length > 1;
  return names.flatMap((name, n) =>
    report.runs.flatMap((run, r) => {
      const series = run.scalars.find((s) => s.name === name);
      if (!series) return [];
      const label =
        names.length === 1
          ? several
            ? run.name
            : shortName(name)
          : shortName(name) + (several ? ` · ${run.name}` : '');
      return [
        {label, color: names.length === 1 ? run.color : colorOf(n + names.length * r), run, series},
      ];
    })
  );
}

function scalarCard(name, names, grid, group) {
  const card = new ScalarCard(name, sourcesOf(names), settings);
  card.names = names;
  addCard(card, grid);
  card.group = group;
  return card;
}

function removeGroup(group) {
  for (const card of cards.filter((c) => c.group === group)) card.root.remove();
  cards.splice(0, cards.length, ...cards.filter((c) => c.group !== group));
}

// A group is one chart among the others of `grid`, or a section with a chart for each name.
function joinGroup(group, names, grid) {
  const card = scalarCard(group, names, grid, group);
  card.tool('split', 'A chart for each name', () => {
    removeGroup(group);
    splitGroup(group, names, grid);
    applyFilter();
  });
}

function splitGroup(group, names, grid) {
  const own = section(group, names.length, grid.parentElement);
  for (const name of names) scalarCard(shortName(name), [name], own, group);
  if (names.length < 2) return;
  const button = element('button', 'quiet', 'join');
  button.type = 'button';
  button.title = 'One chart for all names';
  button.onclick = () => {
    removeGroup(group);
    own.parentElement.remove();
    joinGroup(group, names, grid);
    applyFilter();
  };
  own.parentElement.querySelector('summary').append(button);
}

const byName = (a, b) => a.localeCompare(b, 'en', {numeric: true});

// Groups begin as one chart if there is one run and they are small.
function addScalars() {
  const names = [...new Set(report.runs.flatMap((r) => r.scalars.map((s) => s.name)))];
  if (!names.length) return;
  const groups = new Map([['', []]]);
  for (const name of names) groups.set(groupOf(name), [...(groups.get(groupOf(name)) ?? []), name]);
  const grid = section('Scalars', 0);
  for (const name of groups.get('')) scalarCard(name, [name], grid, '');
  groups.delete('');
  for (const members of groups.values()) members.sort(byName);
  const small = (members) => report.runs.length === 1 && members.length <= 8;
  for (const [group, members] of groups) if (small(members)) joinGroup(group, members, grid);
  for (const [group, members] of [...groups].reverse())
    if (!small(members)) splitGroup(group, members, grid);
}

// Cards of one run each, the same names side by side.
function addByRun(title, list, make) {
  const names = [...new Set(report.runs.flatMap((r) => r[list].map((x) => x.name)))].sort(byName);
  if (!names.length) return;
  const grid = section(title, names.length);
  for (const name of names)
    for (const run of report.runs)
      for (const found of run[list].filter((x) => x.name === name)) {
        const card = make(name, run, found);
        if (report.runs.length > 1) card.title.prepend(dot(run.color));
        if (report.runs.length > 1) card.title.append(element('small', '', run.name));
        card.names = [name];
        addCard(card, grid);
      }
}

function applyFilter() {
  const wanted = settings.filter.toLowerCase();
  for (const card of cards) {
    const named = card.names.some((n) => n.toLowerCase().includes(wanted));
    card.root.hidden = !named || (card.run && settings.hiddenRuns.has(card.run));
  }
  for (const details of document.querySelectorAll('main > details.section')) {
    details.hidden = !details.querySelector('.card:not([hidden]), .table');
    if (wanted && !details.hidden) details.open = true;
  }
}

function refreshAll() {
  keepSettings();
  for (const card of cards) card.refresh();
}

function showRuns() {
  const {runs} = report;
  const whole =
    runs.length === 1
      ? [
          statusText[runs[0].status] ?? runs[0].status,
          `started ${formatDate(runs[0].started)}`,
          formatDuration(runs[0].last - runs[0].started),
          `${formatNumber(runs[0].records)} records`,
        ]
      : [
          `${formatNumber(runs.reduce((sum, r) => sum + r.records, 0))} records`,
          `the last one ${formatDate(Math.max(...runs.map((r) => r.last)))}`,
        ];
  const damaged = runs.reduce((sum, r) => sum + r.damaged, 0);
  if (damaged) whole.push(`${formatNumber(damaged)} damaged lines of the log left out`);
  $('title').textContent = document.title = report.title;
  $('summary').textContent = whole.join(' · ');
  $('runs').hidden = runs.length < 2;
  for (const run of runs) {
    const button = element('button', 'run', dot(run.color), run.name);
    button.type = 'button';
    button.title = `Show or hide ${run.name} (${run.folder})`;
    button.setAttribute('aria-pressed', 'true');
    button.onclick = () => {
      const hide = !settings.hiddenRuns.has(run);
      settings.hiddenRuns[hide ? 'add' : 'delete'](run);
      button.setAttribute('aria-pressed', String(!hide));
      applyFilter();
      refreshAll();
    };
    $('runs').append(button);
  }
}

// The page of a run that goes on is replaced from time to time, and can be read again as often.
const secondsToReload = 30;
function offerToFollow() {
  if (!report.runs.some((r) => r.status === 'open')) return;
  let waiting = 0;
  const button = element('button', 'quiet', `reload every ${secondsToReload} s`);
  button.type = 'button';
  const apply = () => {
    button.setAttribute('aria-pressed', settings.follow);
    clearTimeout(waiting);
    if (settings.follow) waiting = setTimeout(() => location.reload(), secondsToReload * 1000);
  };
  button.onclick = () => {
    settings.follow = !settings.follow;
    keepSettings();
    apply();
  };
  $('summary').append(' ', button);
  apply();
}

const isDark = () =>
  (settings.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) ===
  'dark';
function applyTheme() {
  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
  $('theme').textContent = isDark() ? '☀' : '☾';
}

function connectControls() {
  const showSmoothing = () => {
    $('smoothing-value').textContent = settings.smoothing.toFixed(2);
  };
  $('smoothing').value = settings.smoothing;
  showSmoothing();
  let waiting = 0;
  $('smoothing').oninput = () => {
    settings.smoothing = Number($('smoothing').value);
    showSmoothing();
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(refreshAll);
  };
  $('filter').oninput = () => {
    settings.filter = $('filter').value;
    applyFilter();
  };
  for (const radio of document.getElementsByName('x')) {
    radio.checked = radio.value === settings.x;
    radio.onchange = () => {
      settings.x = radio.value;
      refreshAll();
    };
  }
  for (const [id, key] of [
    ['log-y', 'logY'],
    ['log-x', 'logX'],
  ]) {
    $(id).checked = settings[key];
    $(id).onchange = () => {
      settings[key] = $(id).checked;
      refreshAll();
    };
  }
  $('controls').onsubmit = (event) => event.preventDefault();
  $('theme').onclick = () => {
    settings.theme = isDark() ? 'light' : 'dark';
    applyTheme();
    refreshAll();
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    applyTheme();
    refreshAll();
  });
}

applyTheme();
showRuns();
offerToFollow();
connectControls();
addScalars();
addByRun('Images', 'images', (name, run, x) => new ImageCard(name, run, x));
addByRun('Histograms', 'histograms', (name, run, x) => new HistogramCard(name, run, x, settings));
addByRun('Texts', 'texts', (name, run, x) => new TextCard(name, run, x));
addByRun('Graph', 'graphs', (name, run, x) => new GraphCard(name, run, x));
section(report.runs.length > 1 ? 'Runs' : 'Run', 0).replaceWith(runTable(report.runs));
if (!cards.length) $('main').prepend(element('p', 'empty', 'Nothing has been recorded yet.'));
applyFilter();
