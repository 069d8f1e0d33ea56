// cards.js: the cards that the page is made of, and those of scalars.

// A card that draws itself when it comes into view, and again when something has changed.
class Card {
  constructor(name, className = '') {
    this.name = name;
    this.title = element('h3', '', name);
    this.title.title = name;
    this.tools = element('div', 'tools');
    this.note = element('p', 'note');
    this.body = element('div', 'body');
    this.root = element(
      'section',
      `card ${className}`,
      element('header', '', this.title, this.tools),
      this.body,
      this.note
    );
    this.root.card = this;
    this.visible = this.stale = false;
  }
  tool(text, title, action) {
    const button = element('button', 'quiet', text);
    button.type = 'button';
    button.title = title;
    button.onclick = () => action(button);
    this.tools.append(button);
    return button;
  }
  refresh() {
    this.stale = true;
    if (this.visible) this.drawIfStale();
  }
  drawIfStale() {
    if (!this.stale) return;
    this.stale = false;
    this.draw();
  }
  resize() {
    const width = this.body.clientWidth;
    for (const u of this.body.querySelectorAll('.chart'))
      if (u.uplot && width > 0 && u.uplot.width !== u.clientWidth)
        u.uplot.setSize({width: Math.max(120, u.clientWidth), height: u.uplot.height});
  }
}

// Scalars: `sources` is a list of {label, color, run, series}.
class ScalarCard extends Card {
  constructor(name, sources, settings) {
    super(name);
    Object.assign(this, {sources, settings, hidden: new Set(), ownLog: null});
    this.logButton = this.tool('log', 'Logarithmic y axis of this chart', () => {
      this.ownLog = !this.logY();
      this.refresh();
    });
    this.tool('⤢', 'Wide or narrow', () => {
      this.root.classList.toggle('wide');
      this.refresh();
    });
  }
  logY() {
    return this.ownLog ?? this.settings.logY;
  }
  draw() {
    const settings = {...this.settings, logY: this.logY()};
    this.logButton.setAttribute('aria-pressed', settings.logY);
    const shown = this.sources.filter((s) => !this.settings.hiddenRuns.has(s.run));
    const lines = shown.map((s) => ({
      label: s.label,
      color: s.color,
      ...lineOf(s.series, s.run, settings),
    }));
    this.uplot?.destroy();
    const box = element('div', 'chart');
    this.body.replaceChildren(box);
    this.uplot = box.uplot = drawLines(box, lines, settings, this.hidden);
    this.tellNotes(lines);
  }
  tellNotes(lines) {
    const special = lines.flatMap((l) => l.points.special);
    const nan = special.filter((p) => Number.isNaN(p.y)).length;
    const left = lines.reduce((sum, l) => sum + l.points.left, 0);
    const notes = [];
    if (nan) notes.push('× NaN');
    if (special.length > nan) notes.push('▲▼ infinite');
    if (left) notes.push(`${left} point${left === 1 ? '' : 's'} ≤ 0 not on the log axis`);
    this.note.textContent = notes.join(' · ');
  }
}
