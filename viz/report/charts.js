// charts.js: charts of lines, drawn by uPlot.

// An element with a class and children; text is never taken for HTML.
function element(tag, className = '', ...children) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  e.append(...children);
  return e;
}

const palette = [
  '#3b7dd8',
  '#e8743b',
  '#1a9e77',
  '#c2478b',
  '#8a63d2',
  '#b8860b',
  '#0f97ab',
  '#d64550',
];
const colorOf = (i) => palette[i] ?? `hsl(${Math.round(i * 137.5) % 360} 55% 50%)`;
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const faint = (color) => `color-mix(in srgb, ${color} 32%, ${css('--card')})`;

const timeIncrements = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200,
  14400, 28800, 86400, 172800, 432800, 864000,
];

function axisStyle() {
  const font = '12px system-ui, sans-serif';
  const grid = {stroke: css('--grid'), width: 1};
  return {stroke: css('--muted'), font, grid, ticks: {show: false}};
}

function xAxis(settings) {
  const axis = {...axisStyle(), space: 54, size: 30};
  if (settings.x === 'time') {
    axis.incrs = timeIncrements;
    axis.values = (u, splits, i, space, increment) => splits.map((s) => formatTick(s, increment));
  } else if (settings.x === 'step') {
    axis.incrs = [1, 2, 5]
      .flatMap((n) => Array.from({length: 16}, (_, k) => n * 10 ** k))
      .sort((a, b) => a - b);
    axis.values = (u, splits) => splits.map((s) => (s === null ? '' : shortNumber(s)));
  }
  return axis;
}

// 12000 is 12k.
function shortNumber(v) {
  const size = Math.abs(v);
  const [unit, name] =
    size >= 1e9 ? [1e9, 'G'] : size >= 1e6 ? [1e6, 'M'] : size >= 1e4 ? [1e3, 'k'] : [1, ''];
  return `${Number((v / unit).toPrecision(4))}${name}`.replace('-', '−');
}

function tickNumber(v) {
  if (v === null) return '';
  const size = Math.abs(v);
  if (size !== 0 && (size < 1e-3 || size >= 1e6))
    return v
      .toExponential(2)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e')
      .replace('-', '−');
  return String(Number(v.toPrecision(6))).replace('-', '−');
}

// Wide enough for its longest label.
function yAxis(space = 34) {
  const size = (u, values, axis, cycle) => {
    if (cycle > 1) return u.axes[axis]._size;
    const longest = (values ?? []).reduce((a, v) => (v && v.length > a ? v.length : a), 1);
    return Math.max(36, 14 + longest * 7);
  };
  return {...axisStyle(), size, space, values: (u, splits) => splits.map(tickNumber)};
}

// A log axis begins and ends a little beyond its values, and always has a label.
function logRange(u, min, max) {
  if (min === null || min <= 0) return [0.1, 10];
  const room = Math.max((max / min) ** 0.05, 1.05);
  return [min / room, max * room];
}
// The most labels that have room.
function logSplits(u, axis, min, max) {
  const decades = Math.log10(max / min);
  const room =
    axis === 0 ? u.bbox.width / devicePixelRatio / 52 : u.bbox.height / devicePixelRatio / 20;
  for (const [factors, gap] of logFactors) {
    if (decades / gap > room) continue;
    const splits = [];
    for (let e = Math.floor(Math.log10(min)); e <= Math.log10(max); ++e)
      for (const f of factors) splits.push(Number((f * 10 ** e).toPrecision(6)));
    return orLimits(splits, min, max);
  }
  const every = Math.ceil(decades / room),
    splits = [];
  for (let e = Math.ceil(Math.log10(min) / every) * every; e <= Math.log10(max); e += every)
    splits.push(10 ** e);
  return orLimits(splits, min, max);
}
// Factors of powers of ten, and the least distance of their logarithms.
const logFactors = [
  [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9],
  [1, 1.5, 2, 3, 4, 5, 7],
  [1, 2, 3, 5],
  [1, 2, 5],
  [1, 3],
  [1],
].map((f) => [f, Math.min(...f.map((x, i) => Math.log10((f[i + 1] ?? 10) / x)))]);
function orLimits(splits, min, max) {
  const inside = splits.filter((s) => s >= min && s <= max);
  return inside.length > 1
    ? inside
    : [min, max].map((v) => Number(v.toPrecision(3))).filter((s) => s >= min && s <= max);
}
const logAxis = {splits: logSplits, filter: (u, splits) => splits};

// The nearest index at which a series has a value.
function nearest(u, series, index) {
  const data = u.data[series];
  for (let d = 0; d < data.length; ++d) {
    if (data[index - d] != null) return index - d;
    if (data[index + d] != null) return index + d;
    if (index - d < 0 && index + d >= data.length) break;
  }
  return index;
}

// The legend has the last values while nothing is pointed at.
function showLast(u) {
  const last = u.data[0].length - 1;
  if (last >= 0)
    u.setLegend({idxs: u.series.map((_, i) => (i === 0 ? last : nearest(u, i, last)))}, false);
}

// A cross at (x, y), or a triangle that points up or down.
function drawMark(ctx, kind, x, y, size) {
  ctx.beginPath();
  if (Number.isNaN(kind)) {
    (ctx.moveTo(x - size, y - size), ctx.lineTo(x + size, y + size));
    (ctx.moveTo(x - size, y + size), ctx.lineTo(x + size, y - size));
    ctx.stroke();
    return;
  }
  const base = kind > 0 ? size : -size;
  (ctx.moveTo(x, y - base), ctx.lineTo(x - size, y + base), ctx.lineTo(x + size, y + base));
  ctx.fill();
}

// Marks where numbers are not finite: infinity at the upper edge, the others at the lower one.
function drawSpecial(u, lines) {
  const {ctx} = u,
    size = 4 * devicePixelRatio;
  const {left, top, width, height} = u.bbox;
  ctx.save();
  for (const line of lines) {
    if (!u.series[line.index].show) continue;
    ctx.fillStyle = ctx.strokeStyle = line.color;
    ctx.lineWidth = 1.5 * devicePixelRatio;
    for (const {x, y} of line.points.special) {
      const at = u.valToPos(x, 'x', true);
      if (at >= left && at <= left + width)
        drawMark(ctx, y, at, y > 0 ? top + size : top + height - size, size);
    }
  }
  ctx.restore();
}

// "0.25 (0.26)": smoothed and recorded.
function smoothedValue(u, v, faintIndex, index) {
  if (v == null || index == null) return '–';
  const at = nearest(u, faintIndex, u.legend.idxs?.[0] ?? index);
  return `${formatNumber(v)} (${formatNumber(u.data[faintIndex][at])})`;
}

// The tables and series of lines: all faint points, and over them the lines that the legend has.
function seriesOf(lines, settings, hidden) {
  const tables = [],
    series = [{value: (u, x) => (x == null ? '' : formatX[settings.x](x))}];
  const add = ({x, y}, options) => {
    tables.push([x, y]);
    return series.push({points: {show: x.length < 2 ? true : undefined}, ...options}) - 1;
  };
  const shows = (line) => !hidden.has(line.label);
  for (const line of lines)
    if (line.smooth)
      line.faint = add(line.points, {
        stroke: faint(line.color),
        width: 1,
        show: shows(line),
        class: 'faint',
        points: {show: false},
      });
  for (const line of lines)
    line.index = add(line.smooth ?? line.points, {
      label: line.label,
      stroke: line.color,
      width: 1.75,
      show: shows(line),
      value: (u, v, s, i) => (line.smooth ? smoothedValue(u, v, line.faint, i) : formatNumber(v)),
    });
  return {data: tables.length ? uPlot.join(tables) : [[]], series};
}

function scalesAndAxes(settings) {
  const logX = settings.logX && settings.x !== 'clock';
  const log = {distr: 3, range: logRange};
  return {
    scales: {
      x: {time: settings.x === 'clock', ...(logX ? log : {})},
      y: settings.logY ? log : {range: (u, min, max) => linearRange(min, max)},
    },
    axes: [
      {...xAxis(settings), ...(logX ? logAxis : {})},
      {...yAxis(), ...(settings.logY ? logAxis : {})},
    ],
  };
}

// A click in the legend, which knows the smoothed line alone.
function seriesChanged(u, i, changed, lines, hidden) {
  const line = lines.find((l) => l.index === i);
  if (!line || changed.show === undefined) return;
  hidden[changed.show ? 'delete' : 'add'](line.label);
  if (line.smooth) u.setSeries(line.faint, {show: changed.show});
}

// A chart of lines `{label, color, points, smooth}`. `hidden` is the set of labels that clicks have
// switched off.
function drawLines(box, lines, settings, hidden) {
  const {data, series} = seriesOf(lines, settings, hidden);
  const options = {
    width: Math.max(120, box.clientWidth),
    height: box.closest('.wide') ? 380 : 220,
    padding: [10, 18, 0, 0],
    series,
    ...scalesAndAxes(settings),
    legend: {markers: {width: 0, fill: (u, i) => u.series[i].stroke(u, i)}},
    cursor: {
      sync: {key: settings.x},
      dataIdx: (u, s, i) => (s === 0 ? i : nearest(u, s, i)),
      focus: {prox: 24},
      points: {size: 7},
    },
    focus: {alpha: 0.35},
    hooks: {
      draw: [(u) => drawSpecial(u, lines)],
      ready: [showLast],
      setCursor: [
        (u) => {
          if (u.cursor.left < 0) showLast(u);
        },
      ],
      setSeries: [(u, i, changed) => seriesChanged(u, i, changed, lines, hidden)],
    },
  };
  return new uPlot(options, data, box);
}

// Room above and below, and for a constant.
function linearRange(min, max) {
  if (min === null) return [0, 1];
  const room = max > min ? 0.06 * (max - min) : Math.abs(max) * 0.1 || 1;
  return [min >= 0 && min - room < 0 ? 0 : min - room, max + room];
}
