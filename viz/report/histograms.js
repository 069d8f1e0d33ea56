// histograms.js: cards of distributions: quantiles over the steps, and the bins of one step.

const bands = [
  [7, 1, 0.12],
  [6, 2, 0.2],
  [5, 3, 0.3],
]; // series of quantiles, and how opaque

function drawQuantiles(box, entries, color, settings, choose) {
  const level = (i) => entries.map((e) => numberOf(e.quantiles[i]));
  const data = [entries.map((e) => e.step), ...[0, 1, 2, 3, 4, 5, 6].map(level)];
  const mix = (part) => `color-mix(in srgb, ${color} ${part * 100}%, transparent)`;
  const u = new uPlot(
    {
      width: Math.max(120, box.clientWidth),
      height: 130,
      padding: [8, 18, 0, 0],
      scales: {x: {time: false}, y: {range: (self, min, max) => linearRange(min, max)}},
      axes: [xAxis({x: 'step'}), yAxis(24)],
      series: [
        {},
        ...data
          .slice(1)
          .map((_, i) => ({
            stroke: i === 3 ? color : mix(0.35),
            width: i === 3 ? 1.75 : 0.5,
            points: {show: false},
          })),
      ],
      bands: bands.map(([high, low, part]) => ({series: [high, low], fill: mix(part)})),
      legend: {show: false},
      cursor: {y: false, drag: {x: false}, points: {show: false}},
    },
    data,
    box
  );
  u.over.addEventListener('click', () => u.cursor.idx != null && choose(u.cursor.idx));
  return u;
}

// "0.1 to 0.2: 35".
function binText(middle, width, count) {
  const [from, to] = [middle - width / 2, middle + width / 2].map(formatNumber);
  return `${from} to ${to}: ${formatNumber(count)}`;
}

function drawBins(box, entry, range, color) {
  const n = entry.counts.length,
    width = (entry.high - entry.low) / n;
  const x = entry.counts.map((_, i) => entry.low + (i + 0.5) * width);
  return new uPlot(
    {
      width: Math.max(120, box.clientWidth),
      height: 150,
      padding: [8, 18, 0, 0],
      scales: {x: {time: false, range}, y: {range: (u, min, max) => [0, Math.max(1, max) * 1.05]}},
      axes: [
        {...axisStyle(), size: 30, space: 56, values: (u, splits) => splits.map(tickNumber)},
        {...yAxis(), values: (u, splits) => splits.map(shortNumber)},
      ],
      series: [
        {},
        {
          fill: color,
          width: 0,
          points: {show: false},
          paths: uPlot.paths.bars({size: [0.92, 100, 1]}),
        },
      ],
      legend: {show: false},
      cursor: {y: false, drag: {x: false}, points: {show: false}},
      hooks: {
        setCursor: [
          (u) => {
            const i = u.cursor.left < 0 ? null : u.cursor.idx;
            box.title = i == null ? '' : binText(x[i], width, entry.counts[i]);
          },
        ],
      },
    },
    [x, entry.counts],
    box
  );
}

// The same limits for all steps, and some room for one value.
function rangeOf(entries) {
  const filled = entries.filter((e) => e.counts.length);
  const low = Math.min(...filled.map((e) => numberOf(e.low))),
    high = Math.max(...filled.map((e) => numberOf(e.high)));
  return high > low ? [low, high] : linearRange(low, high);
}

// A slider over the entries of a name, and what is chosen.
function stepSlider(entries, changed) {
  const slider = element('input');
  Object.assign(slider, {
    type: 'range',
    min: 0,
    max: entries.length - 1,
    value: entries.length - 1,
  });
  slider.setAttribute('aria-label', 'Step');
  slider.oninput = () => changed(Number(slider.value));
  slider.hidden = entries.length < 2;
  return slider;
}

class HistogramCard extends Card {
  constructor(name, run, histogram, settings) {
    super(name);
    Object.assign(this, {run, settings, entries: histogram.entries});
    this.chosen = this.entries.length - 1;
    this.slider = stepSlider(this.entries, (i) => this.choose(i));
    this.caption = element('p', 'caption');
    this.root.append(element('footer', '', this.slider, this.caption));
  }
  draw() {
    this.quantiles?.destroy();
    const filled = this.entries.filter((e) => e.counts.length);
    this.over = element('div', 'chart');
    this.bins = element('div', 'chart');
    this.body.replaceChildren(...(filled.length > 1 ? [this.over] : []), this.bins);
    if (filled.length > 1)
      this.quantiles = this.over.uplot = drawQuantiles(
        this.over,
        filled,
        this.run.color,
        this.settings,
        (i) => this.choose(this.entries.indexOf(filled[i]))
      );
    this.choose(this.chosen);
  }
  choose(i) {
    this.chosen = i;
    this.slider.value = i;
    const entry = this.entries[i];
    this.drawn?.destroy();
    this.drawn = this.bins.uplot = entry.counts.length
      ? drawBins(this.bins, entry, rangeOf(this.entries), this.run.color)
      : null;
    this.caption.textContent = [
      `step ${formatNumber(entry.step)}`,
      ...(entry.counts.length
        ? [`mean ${formatNumber(numberOf(entry.mean))}`, `std ${formatNumber(numberOf(entry.std))}`]
        : []),
      ...(entry.notFinite ? [`${formatNumber(entry.notFinite)} not finite`] : []),
    ].join(' · ');
  }
}
