'use strict';

// What the gateway sends goes into the page as text and never as markup: server greetings, certificate names and server names are strangers' words.

const $ = id => document.getElementById(id);

function element(name, className, ...children) {
  const node = document.createElement(name);
  if (className) {
    node.className = className;
  }
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}

function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

function button(text, label, onClick) {
  const node = element('button', '', text);
  node.type = 'button';
  if (label) {
    node.setAttribute('aria-label', label);
  }
  node.addEventListener('click', onClick);
  return node;
}

// Draws anew only what changed, so that focus, selection and scroll positions stay.
function draw(node, value, paint) {
  const signature = JSON.stringify(value ?? null);
  if (node.drawn !== signature) {
    node.drawn = signature;
    node.replaceChildren();
    paint(node, value);
  }
}

// Brings the children of a node in line with a list, by key.
function list(node, items, key, create, update) {
  const known = node.known ??= new Map();
  const keys = new Set();
  let place = node.firstChild;
  for (const item of items) {
    const name = key(item);
    keys.add(name);
    let child = known.get(name);
    if (!child) {
      known.set(name, child = create(item));
    }
    if (child === place) {
      place = place.nextSibling;
    } else {
      node.insertBefore(child, place);
    }
    update(child, item);
  }
  for (const [name, child] of known) {
    if (!keys.has(name)) {
      child.remove();
      known.delete(name);
    }
  }
}

// A table of columns { title, value(row), paint(cell, value), number, tight, width, hidden }. Roles are named: a phone's layout takes those of the elements away.
function table(host, columns, rows, key, empty) {
  const shown = columns.filter(column => !column.hidden);
  const form = shown.map(column => column.title).join('|');
  if (host.form !== form) {
    host.form = form;
    const head = element('tr', '', ...shown.map(column => {
      const cell = element('th', column.number ? 'number' : '', column.title);
      cell.scope = 'col';
      cell.style.width = column.width ?? '';
      return cell;
    }));
    head.setAttribute('role', 'row');
    [...head.children].forEach(cell => cell.setAttribute('role', 'columnheader'));
    host.body = element('tbody');
    host.table = element('table', '', element('thead', '', head), host.body);
    host.table.setAttribute('role', 'table');
    host.nothing = element('p', 'empty', empty);
    [...host.table.children].forEach(group => group.setAttribute('role', 'rowgroup'));
    const title = host.closest('section').getAttribute('aria-labelledby');
    host.table.setAttribute('aria-labelledby', host.dataset.title ?? title);
    host.replaceChildren(host.table, host.nothing);
  }
  host.table.hidden = rows.length === 0;
  host.nothing.hidden = rows.length > 0;
  list(host.body, rows, key,
    () => {
      const row = element('tr', '', ...shown.map(column => {
        const cell = element('td', column.number ? 'number' : column.tight ? 'tight' : '');
        cell.dataset.label = column.title;
        cell.setAttribute('role', 'cell');
        return cell;
      }));
      row.setAttribute('role', 'row');
      return row;
    },
    (row, item) => shown.forEach((column, index) => {
      const cell = row.children[index];
      const value = column.value(item) ?? '';
      cell.classList.toggle('blank', value === '');
      draw(cell, value, value === '' ? () => {} : column.paint
        ? (node, painted) => node.append(wrap(column.paint, painted))
        : (node, painted) => node.append(element('bdi', '', String(painted))));
    }));
}

// One child a cell: on a phone a cell is a grid of its label and this.
function wrap(paint, value) {
  const box = element('div');
  paint(box, value);
  return box;
}

const count = number => number.toLocaleString();

const many = (number, noun) => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;

function milliseconds(value) {
  return value === undefined || value === null ? '' : value < 10 ? `${value.toFixed(1)} ms` : value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

function seconds(value) {
  const whole = Math.round(value);
  return value < 1 ? `${Math.round(1000 * value)} ms` : value < 10 ? `${value.toFixed(1)} s` : value < 100 ? `${whole} s` : value < 5400 ? `${Math.round(value / 60)} min` : value < 172800 ? `${Math.round(value / 3600)} h` : `${Math.round(value / 86400)} days`;
}

function bytes(value) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

function clock(iso) {
  const at = new Date(iso);
  const time = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
  return at.toDateString() === new Date().toDateString() ? time : `${day(iso)}, ${time}`;
}

const day = iso => new Date(iso).toLocaleDateString([], { day: 'numeric', month: 'short', year: 'numeric' });
