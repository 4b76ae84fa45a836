'use strict';

// Stacked areas over time.

const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const hour = moment => new Date(moment * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });

const rate = value => value === 0 ? '0/s' : value < 10 ? `${value.toFixed(1)}/s` : `${Math.round(value)}/s`;

const date = moment => new Date(moment * 1000).toLocaleDateString([], { day: 'numeric', month: 'short', timeZone: 'UTC' });

// How figures are written: those of a quarter of an hour, and those of days, whose point in time is their end.
const perSecond = { name: 'seconds', latest: 'now', tick: hour, axis: split => `${+split.toFixed(2)}/s`, value: rate, at: moment => clock(moment * 1000), least: 0.4 };
const perDay = { name: 'days', latest: 'today', tick: date, axis: split => split % 1 === 0 ? count(split) : '', value: count, at: (moment, first) => date(Math.max(moment - 1, first)), least: 4 };

class Plot {
  constructor(host, legend, nothing) {
    this.host = host;
    this.nothing = nothing;
    this.legend = legend;
    this.hovered = null;
    host.setAttribute('role', 'img');
    new ResizeObserver(() => this.plot && this.plot.width !== this.width() && this.plot.setSize({ width: this.width(), height: 190 })).observe(host);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.form = null;
      this.show(this.times, this.series, this.unit);
    });
  }

  width() {
    return Math.max(200, this.host.clientWidth);
  }

  // Series are { label, color, data, total, line }: a line is not stacked.
  show(times, series, unit = perSecond) {
    if (!times) {
      return;
    }
    this.unit = unit;
    this.times = times;
    this.series = series;
    const stacked = series.filter(one => !one.line);
    const sums = [];
    stacked.reduce((below, one, index) => sums[index] = below.map((value, step) => value + one.data[step]), times.map(() => 0));
    // The highest first, so that those below are painted over it. A line is drawn only where there is something.
    const data = [times, ...sums.toReversed(), ...series.filter(one => one.line).map(one => one.data.map((value, step, all) => value || all[step - 1] || all[step + 1] ? value : null))];
    const form = [unit.name, ...series.map(one => one.label + one.color)].join('|');
    if (this.form === form) {
      this.plot.setData(data);
    } else {
      this.form = form;
      this.plot?.destroy();
      this.plot = new uPlot(this.options(stacked, series.filter(one => one.line)), data, this.host);
    }
    this.host.setAttribute('aria-label', series.length === 0 ? this.nothing : series.map(one => `${one.label}: ${unit.value(one.data.at(-1))} ${unit.latest}, ${count(one.total)} in all`).join('; '));
    this.write();
  }

  options(stacked, lines) {
    const axis = { stroke: color('--quiet'), grid: { stroke: color('--grid'), width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif' };
    return {
      width: this.width(),
      height: 190,
      padding: [8, 6, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      scales: { x: { time: true }, y: { range: (_, low, high) => [0, Math.max((high ?? 0) * 1.1, this.unit.least)] } },
      axes: [
        { ...axis, size: 26, space: 70, values: (_, splits) => splits.map(this.unit.tick) },
        { ...axis, size: 52, space: 34, values: (_, splits) => splits.map(this.unit.axis) },
      ],
      series: [
        {},
        ...stacked.toReversed().map(one => ({ fill: color(one.color), width: 0, points: { show: false }, paths: uPlot.paths.stepped({ align: -1 }) })),
        ...lines.map(one => ({ stroke: color(one.color), width: 1.5, dash: [5, 3], points: { show: false }, paths: uPlot.paths.stepped({ align: -1 }) })),
      ],
      hooks: {
        setCursor: [plot => {
          this.hovered = plot.cursor.left >= 0 ? plot.cursor.idx : null;
          this.write();
        }],
      },
    };
  }

  write() {
    list(this.legend, this.series, one => one.label,
      one => {
        const swatch = element('i');
        return element('li', '', swatch, element('span', '', one.label), element('b'), element('span', 'quiet'));
      },
      (item, one) => {
        item.firstChild.style.background = `var(${one.color})`;
        setText(item.children[2], this.unit.value(one.data[this.hovered ?? one.data.length - 1] ?? 0));
        setText(item.children[3], this.hovered === null ? `${count(one.total)} in all` : `at ${this.unit.at(this.times[this.hovered], this.times[0])}`);
      });
  }
}
