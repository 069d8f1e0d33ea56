// report.test.js: opens the reports that write_runs made in the folder XGRAD_RUNS, in Chromium, and
// checks what is drawn. Leaves screenshots in XGRAD_PICTURES, if that is set.
import assert from 'node:assert/strict';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {after, before, test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';

const runs = resolve(process.env.XGRAD_RUNS);
const pictures = process.env.XGRAD_PICTURES;
const profile = mkdtempSync(join(tmpdir(), 'xgrad-browser-'));
const desktop = {width: 1280, height: 960},
  phone = {width: 390, height: 844};
let browser;

before(async () => {
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    offline: true,
    headless: true,
    args: [
      '--no-sandbox',
      '--headless',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
});
after(async () => {
  await browser?.close();
  rmSync(profile, {recursive: true, force: true});
});

// Opens a report and runs f(page); it fails on any error, dialog or request but for the file.
async function withReport(file, f, {viewport = desktop, colorScheme = 'light'} = {}) {
  const page = await browser.newPage();
  const wrong = [];
  // isDrawn reads pixels, of which Chromium warns.
  page.on('console', (m) => {
    if (!m.text().includes('getImageData')) wrong.push(`${m.type()}: ${m.text()}`);
  });
  page.on('pageerror', (e) => wrong.push(String(e.stack)));
  page.on('dialog', (d) => {
    wrong.push(`dialog: ${d.message()}`);
    d.dismiss();
  });
  page.on('request', (r) => {
    if (!/^(file|data):/.test(r.url())) wrong.push(`request: ${r.url()}`);
  });
  await page.setViewportSize(viewport);
  await page.emulateMedia({colorScheme});
  await page.goto(pathToFileURL(join(runs, file)).href);
  await page.evaluate(() => {
    try {
      localStorage.clear();
    } catch {
      /* none */
    }
  });
  await page.reload();
  try {
    await f(page);
  } finally {
    await page.close();
  }
  assert.deepEqual(wrong, []);
}

const records = (run, kind, name) =>
  readFileSync(join(runs, run, 'log.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((r) => r.kind === kind && r.name === name);
const card = (page, name) =>
  page.locator('.card', {has: page.locator(`h3[title="${name}"]`)}).first();
const shown = async (page, name) => {
  await card(page, name).scrollIntoViewIfNeeded();
  await card(page, name).locator('canvas').first().waitFor();
  return card(page, name);
};
const setSmoothing = (page, value) => page.locator('#smoothing').fill(String(value));

// The pixel of the chart at a point: whether it has the colour of a series.
async function isDrawn(cardAt, x, y, series) {
  return cardAt.evaluate(
    (root, [px, py, index]) => {
      const u = root.card.uplot,
        ratio = devicePixelRatio;
      const left = Math.round(u.valToPos(px, 'x', true)),
        top = Math.round(u.valToPos(py, 'y', true));
      const hex = u.series[index].stroke(u, index);
      const wanted = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
      const reach = Math.ceil(2 * ratio);
      const {data} = u.ctx.getImageData(left - reach, top - reach, 2 * reach + 1, 2 * reach + 1);
      for (let i = 0; i < data.length; i += 4)
        if (wanted.every((c, k) => Math.abs(c - data[i + k]) < 40) && data[i + 3] > 200)
          return true;
      return false;
    },
    [x, y, series]
  );
}

const hasOverflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

for (const file of [
  'slow/report.html',
  'fast/report.html',
  'odd/report.html',
  'empty/report.html',
  'open/report.html',
  'both.html',
])
  for (const [size, viewport] of [
    ['desktop', desktop],
    ['phone', phone],
  ])
    for (const colorScheme of ['light', 'dark'])
      test(`${file} loads without errors, ${size}, ${colorScheme}`, () =>
        withReport(
          file,
          async (page) => {
            assert.equal(await hasOverflow(page), false);
            await page.evaluate(async () => {
              // so that every card has been drawn
              for (let y = 0; y < document.body.scrollHeight; y += 400) {
                scrollTo(0, y);
                await new Promise((done) => {
                  setTimeout(done, 30);
                });
              }
              scrollTo(0, 0);
            });
            assert.equal(await hasOverflow(page), false);
            if (pictures) {
              const name = `${file.replace(/\/report|\.html/g, '')}-${size}-${colorScheme}`;
              await page.screenshot({path: join(pictures, `${name}.png`)});
              await page.screenshot({path: join(pictures, `${name}-whole.png`), fullPage: true});
            }
          },
          {viewport, colorScheme}
        ));

test('curves are where the data say', () =>
  withReport('slow/report.html', async (page) => {
    await setSmoothing(page, 0);
    const loss = await shown(page, 'loss');
    await page.waitForTimeout(100);
    const data = await loss.evaluate((root) => root.card.uplot.data);
    const logged = records('slow', 'scalar', 'loss');
    assert.equal(data[0].length, logged.length);
    for (const [i, r] of logged.entries()) {
      assert.equal(data[0][i], r.step);
      assert.ok(Math.abs(data[1][i] - r.value) <= 1e-6 * Math.abs(r.value));
    }
    for (const r of logged.filter((_, i) => i % 25 === 0)) {
      assert.ok(await isDrawn(loss, r.step, r.value, 1), `step ${r.step} is drawn`);
      assert.ok(
        !(await isDrawn(loss, r.step, r.value + 0.8, 1)),
        `nothing is drawn above step ${r.step}`
      );
    }
  }));

test('a click in the legend hides a series, and another shows it', () =>
  withReport('both.html', async (page) => {
    await setSmoothing(page, 0);
    const loss = await shown(page, 'loss');
    await page.waitForTimeout(100);
    const last = records('fast', 'scalar', 'loss').at(-1);
    const entry = loss.locator('.u-series', {hasText: 'fast'}).locator('th');
    assert.ok(await isDrawn(loss, last.step, last.value, 2));
    await entry.click();
    await page.waitForTimeout(100);
    assert.ok(!(await isDrawn(loss, last.step, last.value, 2)));
    assert.equal(await loss.evaluate((root) => root.card.uplot.series[2].show), false);
    await setSmoothing(page, 0.3); // drawn anew, and still hidden
    await page.waitForTimeout(100);
    assert.deepEqual(
      await loss.evaluate((root) => root.card.uplot.series.slice(1).map((s) => s.show)),
      [true, false, true, false]
    );
    await entry.click();
    await page.waitForTimeout(100);
    assert.deepEqual(
      await loss.evaluate((root) => root.card.uplot.series.slice(1).map((s) => s.show)),
      [true, true, true, true]
    );
  }));

test('a click on a run hides it in all cards', () =>
  withReport('both.html', async (page) => {
    const images = page.locator('.card:not([hidden]) img');
    const loss = await shown(page, 'loss');
    const before = await images.count();
    await page.locator('.run', {hasText: 'fast'}).click();
    await page.waitForTimeout(100);
    assert.deepEqual(
      await loss
        .locator('.u-label')
        .allTextContents()
        .then((all) => all.filter((l) => /slow|fast/.test(l))),
      ['slow']
    );
    assert.equal(await images.count(), before / 2);
  }));

test('smoothing is the moving average without the bias of its start', () =>
  withReport('slow/report.html', async (page) => {
    await setSmoothing(page, 0.9);
    const loss = await shown(page, 'loss');
    await page.waitForTimeout(100);
    const smooth = await loss.evaluate((root) => root.card.uplot.data[2]);
    let sum = 0,
      weights = 0;
    for (const [i, r] of records('slow', 'scalar', 'loss').entries()) {
      sum = 0.9 * sum + 0.1 * r.value;
      weights = 0.9 * weights + 0.1;
      assert.ok(Math.abs(smooth[i] - sum / weights) < 1e-5);
    }
  }));

test('hovering tells the values', () =>
  withReport('slow/report.html', async (page) => {
    await setSmoothing(page, 0);
    const loss = await shown(page, 'loss');
    await page.waitForTimeout(100);
    const at = await loss.evaluate((root) => {
      const u = root.card.uplot,
        box = u.over.getBoundingClientRect();
      return {x: box.left + u.valToPos(100, 'x'), y: box.top + box.height / 2};
    });
    await page.mouse.move(at.x, at.y);
    await page.waitForTimeout(100);
    const legend = await loss.locator('.u-legend').innerText();
    const step = Number(/step (\d+)/.exec(legend)[1]);
    assert.ok(Math.abs(step - 100) <= 2, legend);
    const {value} = records('slow', 'scalar', 'loss')[step];
    assert.ok(legend.includes(String(Number(value.toPrecision(4)))), `${legend} has ${value}`);
  }));

test('log axes draw where logarithms say, and leave out what they cannot show', () =>
  withReport('odd/report.html', async (page) => {
    await setSmoothing(page, 0);
    await page.getByText('Log y').click();
    const special = await shown(page, 'special');
    await page.waitForTimeout(100);
    assert.ok(await isDrawn(special, 10, 10, 1));
    const middle = await special.evaluate((root) => {
      const u = root.card.uplot;
      return u.valToPos(5, 'y') - (u.valToPos(1, 'y') + u.valToPos(25, 'y')) / 2;
    });
    assert.ok(Math.abs(middle) < 1);
    assert.match(await special.locator('.note').innerText(), /1 point ≤ 0 not on the log axis/);
  }));

test('NaN and infinities break the line and are marked', () =>
  withReport('odd/report.html', async (page) => {
    await setSmoothing(page, 0);
    const special = await shown(page, 'special');
    await page.waitForTimeout(100);
    const values = await special.evaluate((root) => root.card.uplot.data[1]);
    assert.deepEqual(
      [20, 30, 40].map((i) => values[i]),
      [null, null, null]
    );
    assert.match(await special.locator('.note').innerText(), /NaN.*infinite/);
    const [low, high] = await special.evaluate((root) => {
      const {min, max} = root.card.uplot.scales.y;
      return [min, max];
    });
    const room = 0.03 * (high - low);
    assert.ok(await isDrawn(special, 20, low + room, 1), 'NaN');
    assert.ok(await isDrawn(special, 30, high - room, 1), 'infinity');
    assert.ok(await isDrawn(special, 40, low + room, 1), '-infinity');
  }));

test('a long series keeps its peak', () =>
  withReport('odd/report.html', async (page) => {
    await setSmoothing(page, 0);
    const many = await shown(page, 'many');
    const [x, y] = await many.evaluate((root) => root.card.uplot.data);
    assert.ok(x.length < 2100);
    assert.equal(y[x.indexOf(200000)], 7);
    await setSmoothing(page, 0.5);
    await page.waitForTimeout(100);
    assert.match(await many.locator('.u-legend').innerText(), /\(7\)/); // the last one that was recorded
  }));

test('time and clock are axes, too', () =>
  withReport('slow/report.html', async (page) => {
    await setSmoothing(page, 0);
    const loss = await shown(page, 'loss');
    const logged = records('slow', 'scalar', 'loss');
    await page.getByText('Time', {exact: true}).click();
    await page.waitForTimeout(100);
    const x = await loss.evaluate((root) => root.card.uplot.data[0]);
    assert.ok(x.every((t, i) => i === 0 || t >= x[i - 1]));
    assert.ok(x.at(-1) < 600);
    await page.getByText('Clock', {exact: true}).click();
    await page.waitForTimeout(100);
    const clock = await loss.evaluate((root) => root.card.uplot.data[0]);
    assert.ok(Math.abs(clock.at(-1) - logged.at(-1).time) < 0.1);
  }));

test('the switch turns dark into light, whatever the system prefers', async () => {
  const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const brightness = (rgb) =>
    rgb
      .match(/\d+/g)
      .slice(0, 3)
      .reduce((sum, c) => sum + Number(c), 0);
  for (const colorScheme of ['light', 'dark'])
    await withReport(
      'slow/report.html',
      async (page) => {
        const first = brightness(await background(page));
        assert.equal(first > 380, colorScheme === 'light');
        await page.locator('#theme').click();
        assert.equal(brightness(await background(page)) > 380, colorScheme !== 'light');
        await page.reload(); // it is kept
        assert.equal(brightness(await background(page)) > 380, colorScheme !== 'light');
      },
      {colorScheme}
    );
});

test('hostile texts are shown and nothing else', () =>
  withReport('odd/report.html', async (page) => {
    assert.equal(await page.title(), 'odd </title><script>alert(1)</script>');
    assert.equal(await page.locator('#title').innerText(), 'odd </title><script>alert(1)</script>');
    assert.equal(
      await page.locator('pre').innerText(),
      "</script><script>alert('text')</script><!-- <script>"
    );
    assert.equal(await page.locator('td', {hasText: '</td><script>'}).count(), 1);
    assert.equal(await page.locator('main b, main script, main iframe').count(), 0);
    await card(page, 'hostile').scrollIntoViewIfNeeded();
    await page.waitForTimeout(300);
  }));

test('images and histograms follow their sliders', () =>
  withReport('slow/report.html', async (page) => {
    const images = card(page, 'hidden.weight');
    await images.scrollIntoViewIfNeeded();
    const last = await images.locator('img').getAttribute('src');
    assert.match(await images.locator('.caption').innerText(), /step 300/);
    assert.equal(
      await images.locator('img').evaluate((i) => i.decode().then(() => i.naturalWidth)),
      6 * 9 + 1
    );
    await images.locator('input').fill('0');
    assert.match(await images.locator('.caption').innerText(), /step 0/);
    assert.notEqual(await images.locator('img').getAttribute('src'), last);

    const histogram = card(page, 'parameters/hidden.weight');
    await histogram.scrollIntoViewIfNeeded();
    await histogram.locator('canvas').first().waitFor();
    await histogram.locator('input').fill('0');
    const logged = records('slow', 'histogram', 'parameters/hidden.weight');
    const counts = await histogram.evaluate((root) => root.card.drawn.data[1]);
    assert.deepEqual(counts, logged[0].counts);
    const quantiles = await histogram.evaluate((root) => root.card.quantiles.data);
    assert.deepEqual(
      quantiles[0],
      logged.map((r) => r.step)
    );
    assert.ok(quantiles[4].every((q, i) => Math.abs(q - logged[i].quantiles[3]) < 1e-9));
  }));

test('the filter keeps what has the text', () =>
  withReport('slow/report.html', async (page) => {
    await page.locator('#filter').fill('LOSS');
    const names = await page.locator('.card:not([hidden]) h3').allTextContents();
    assert.deepEqual(names, ['loss']);
  }));

test('a group is split into a chart for each name, and joined again', () =>
  withReport('slow/report.html', async (page) => {
    await (await shown(page, 'accuracy')).getByText('split').click();
    await shown(page, 'train');
    assert.equal(await card(page, 'accuracy').count(), 0);
    await page.getByText('join').click();
    await shown(page, 'accuracy');
    assert.equal(await card(page, 'train').count(), 0);
  }));

test('the table has hyperparameters and last values side by side', () =>
  withReport('both.html', async (page) => {
    const row = page.locator('.table tr', {has: page.locator('th', {hasText: /^lr$/})});
    assert.deepEqual(await row.locator('td').allTextContents(), ['0.02', '0.1']);
    assert.equal(await row.getAttribute('class'), 'differs');
  }));

test('the page of a run that goes on can be read again by itself', () =>
  withReport('open/report.html', async (page) => {
    assert.match(await page.locator('#summary').innerText(), /running or killed/);
    const follow = page.getByText('reload every 30 s');
    await follow.click();
    assert.equal(await follow.getAttribute('aria-pressed'), 'true');
    await page.reload();
    assert.equal(await follow.getAttribute('aria-pressed'), 'true');
    await page.clock.install();
    await page.reload();
    const reloaded = page.waitForEvent('load');
    await page.clock.fastForward(31_000);
    await reloaded;
  }));

test('a long group is folded until it is opened or found', () =>
  withReport('odd/report.html', async (page) => {
    const group = page.locator('details', {
      has: page.getByRole('heading', {name: 'long', exact: true}),
    });
    assert.equal(await group.evaluate((d) => d.open), false);
    await page.locator('#filter').fill('part 17');
    assert.equal(await group.evaluate((d) => d.open), true);
    assert.deepEqual(await page.locator('.card:not([hidden]) h3').allTextContents(), ['part 17']);
    await (await shown(page, 'part 17')).locator('canvas').waitFor();
  }));
