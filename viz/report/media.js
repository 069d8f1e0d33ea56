// media.js: cards of images, texts and graphs, and the table of the runs.

class ImageCard extends Card {
  constructor(name, run, image) {
    super(name);
    this.run = run;
    this.entries = image.entries;
    this.image = element('img');
    this.caption = element('p', 'caption');
    this.body.append(this.image);
    this.slider = stepSlider(this.entries, (i) => this.choose(i));
    this.root.append(element('footer', '', this.slider, this.caption));
  }
  draw() {
    this.choose(Number(this.slider.value));
  }
  choose(i) {
    const entry = this.entries[i];
    this.image.src = `data:image/png;base64,${entry.value}`;
    this.image.alt = `${this.name} at step ${entry.step}`;
    this.caption.textContent = `step ${formatNumber(entry.step)}`;
  }
}

class TextCard extends Card {
  constructor(name, run, text) {
    super(name);
    this.run = run;
    for (const entry of [...text.entries].reverse())
      this.body.append(
        element(
          'div',
          'entry',
          element('p', 'caption', `step ${formatNumber(entry.step)}`),
          element('pre', '', entry.value)
        )
      );
  }
  draw() {}
}

// An SVG file as an image runs no scripts and loads nothing.
class GraphCard extends Card {
  constructor(name, run, graph) {
    super(name, 'wide');
    this.run = run;
    this.svg = graph.value;
    this.frame = element('div', 'graph');
    this.body.append(this.frame);
    this.tool('fit', 'Fit to the page, or show at full size', (button) => {
      const fits = this.frame.classList.toggle('full');
      button.textContent = fits ? 'full' : 'fit';
    });
  }
  draw() {
    const image = element('img');
    image.alt = `Graph ${this.name}`;
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(this.svg)}`;
    this.frame.replaceChildren(image);
  }
}

const statusText = {finished: 'finished', failed: 'failed', open: 'running or killed'};

function lastValue(series) {
  const values = series.points.value;
  return formatNumber(numberOf(values[values.length - 1]));
}

// Rows: what the runs are, their hyperparameters, and their last numbers; a column for each run.
function tableRows(runs) {
  const rows = [
    {group: 'Run', name: 'status', cells: runs.map((r) => statusText[r.status] ?? r.status)},
    {name: 'started', cells: runs.map((r) => formatDate(r.started))},
    {name: 'duration', cells: runs.map((r) => formatDuration(r.last - r.started))},
  ];
  const addNamed = (group, list, text, filter = () => true) => {
    const names = [...new Set(runs.flatMap((r) => r[list].map((x) => x.name)))].filter(filter);
    names.forEach((name, i) =>
      rows.push({
        group: i ? undefined : group,
        name,
        cells: runs.map((r) => {
          const found = r[list].find((x) => x.name === name);
          return found ? text(found) : '–';
        }),
      })
    );
  };
  addNamed('Hyperparameters', 'hparams', (h) =>
    typeof h.value === 'number' ? formatNumber(h.value) : String(h.value)
  );
  addNamed(
    'Last values',
    'scalars',
    lastValue,
    (name) => !/^(gradient|parameter) [a-z ]+\//.test(name)
  );
  return rows;
}

function runTable(runs) {
  const body = element('tbody');
  const head = element('tr', '', element('th'));
  for (const run of runs) head.append(element('th', '', dot(run.color), run.name));
  for (const row of tableRows(runs)) {
    if (row.group)
      body.append(
        element(
          'tr',
          'group',
          Object.assign(element('th', '', row.group), {colSpan: runs.length + 1})
        )
      );
    const differs =
      new Set(row.cells).size > 1 && row.name !== 'started' && row.name !== 'duration';
    body.append(
      element(
        'tr',
        differs ? 'differs' : '',
        element('th', '', row.name),
        ...row.cells.map((c) => element('td', '', c))
      )
    );
  }
  const table = element(
    'table',
    '',
    ...(runs.length > 1 ? [element('thead', '', head)] : []),
    body
  );
  return element('div', 'table', table);
}

function dot(color) {
  const mark = element('span', 'dot');
  mark.style.background = color;
  return mark;
}
