// points.js: from the recorded numbers to the lines of a chart.

// NaN and infinities are strings in JSON.
const numberOf = (x) => (typeof x === 'string' ? Number(x) : x);

const xOf = {
  step: (columns, i) => columns.step[i],
  time: (columns, i) => columns.time[i],
  clock: (columns, i, run) => run.started + columns.time[i],
};

// The points of columns, in the order of x. `y` is null where the number is not finite, which
// breaks the line, and where a log axis has no place for it, which is counted.
function pointsOf(columns, run, settings) {
  const points = {x: [], y: [], special: [], left: 0};
  const order = columns.step.map((_, i) => i);
  const x = order.map((i) => xOf[settings.x](columns, i, run));
  if (settings.x !== 'step') order.sort((a, b) => x[a] - x[b]);
  for (const i of order) {
    const y = numberOf(columns.value[i]);
    if (settings.logX && settings.x !== 'clock' && x[i] <= 0) {
      ++points.left;
      continue;
    }
    if (!Number.isFinite(y)) points.special.push({x: x[i], y});
    const hidden = settings.logY && y <= 0 && Number.isFinite(y);
    if (hidden) ++points.left;
    points.x.push(x[i]);
    points.y.push(Number.isFinite(y) && !hidden ? y : null);
  }
  return points;
}

// The exponential moving average, without the bias of its start.
function smoothed(y, weight) {
  let sum = 0,
    weights = 0;
  return y.map((v) => {
    if (v === null) return null;
    sum = sum * weight + v * (1 - weight);
    weights = weights * weight + (1 - weight);
    return sum / weights;
  });
}

// A series as a line: the recorded points, and the smoothed ones of the same or of their means.
// A few points are not smoothed.
const leastToSmooth = 20;
function lineOf(series, run, settings) {
  const points = pointsOf(series.points, run, settings);
  if (settings.smoothing === 0 || points.x.length < leastToSmooth) return {points, smooth: null};
  const source = series.means ? pointsOf(series.means, run, settings) : points;
  return {points, smooth: {x: source.x, y: smoothed(source.y, settings.smoothing)}};
}

// Numbers, times and dates as text.
function formatNumber(v) {
  if (v === null || v === undefined) return '–';
  if (!Number.isFinite(v)) return Number.isNaN(v) ? 'NaN' : v > 0 ? '∞' : '−∞';
  const size = Math.abs(v);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e7)
      ? v.toExponential(3).replace('e+', 'e')
      : Number.isInteger(v)
        ? v.toLocaleString('en')
        : String(Number(v.toPrecision(4)));
  return text.replace('-', '−');
}

function formatDuration(seconds) {
  const s = Math.round(seconds);
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
}

// For axes: 90 is 1:30, 5400 is 1h30.
function formatTick(seconds, increment) {
  if (seconds < 60 && increment < 60) return `${Number(seconds.toFixed(2))} s`;
  if (seconds >= 3600 || increment >= 3600) {
    const minutes = Math.round(seconds / 60);
    const rest = minutes % 60;
    return `${Math.floor(minutes / 60)} h${rest ? ` ${rest}` : ''}`;
  }
  const rest = Math.round(seconds % 60);
  return rest || increment < 60
    ? `${Math.floor(seconds / 60)}:${String(rest).padStart(2, '0')}`
    : `${Math.floor(seconds / 60)} min`;
}

const formatDate = (seconds) =>
  new Date(seconds * 1000).toLocaleString(undefined, {dateStyle: 'medium', timeStyle: 'short'});

const formatX = {
  step: (x) => `step ${formatNumber(x)}`,
  time: formatDuration,
  clock: formatDate,
};
