// Opens the live page in Chromium, makes traffic, and checks what the page says of it. What is to be looked at comes as JSON from standard input.
// Ends the gateway at last, by the page's own button.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { chromium } from 'playwright-core';

const given = JSON.parse(readFileSync(0, 'utf8'));
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const patience = 30_000;

// Traffic: a dialogue of lines, each sent when the reply to the one before has come.
function open(port, { version = 'TLSv1.3', cipher } = {}) {
  const socket = tls.connect({ host: '127.0.0.1', port, servername: 'imap.example.test', rejectUnauthorized: false, minVersion: version, maxVersion: version, ciphers: cipher });
  let received = '';
  let wake = () => {};
  socket.on('data', data => { received += data; wake(); });
  socket.on('error', () => wake());
  socket.on('close', () => wake());
  const until = async text => {
    while (!received.includes(text)) {
      assert.ok(!socket.closed, `the gateway closed before ${text} came: ${received}`);
      await new Promise(resolve => { wake = resolve; });
    }
    received = received.slice(received.indexOf(text) + text.length);
  };
  const say = async (line, reply) => { socket.write(`${line}\r\n`); await until(reply); };
  const gone = () => new Promise(resolve => socket.closed ? resolve() : socket.on('close', resolve).resume());
  return { until, say, gone, socket };
}

async function imap(options) {
  const session = open(given.imaps, options);
  await session.until('* OK');
  await session.say('a LOGIN demo demo', 'a OK');
  return session;
}

async function end(session) {
  await session.say('z LOGOUT', 'z OK');
  session.socket.end();
  await session.gone();
}

async function pop3() {
  const session = open(given.pop3s);
  await session.until('+OK');
  await session.say('QUIT', '+OK');
  session.socket.end();
  await session.gone();
}

const plain = port => new Promise(resolve => net.connect(port, '127.0.0.1', function () { this.write('EHLO x\r\n'); }).on('error', () => {}).on('close', resolve).resume());

// What a browser complains of, and where it goes.
const problems = [];
const strangers = [];

async function visit(browser, options) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await context.addInitScript(() => document.addEventListener('securitypolicyviolation', event => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)));
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  page.on('console', message => ['error', 'warning'].includes(message.type()) && problems.push(message.text()));
  page.on('pageerror', error => problems.push(error.stack));
  page.on('request', request => { const url = request.url(); if (!url.startsWith(given.admin) && !url.startsWith('data:')) { strangers.push(url); } });
  const response = await page.goto(`${given.admin}/`);
  assert.equal(response.status(), 200);
  await page.locator('#state', { hasText: 'ready' }).waitFor();
  return page;
}

const text = (page, selector, wanted) => page.locator(selector).filter({ hasText: wanted }).first().waitFor();

// WCAG 2: text on what is behind it, 4.5 to 1, or 3 to 1 for large text.
const faint = page => page.evaluate(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const pixel = css => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = css; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const luminance = ([red, green, blue]) => [red, green, blue].map(value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4).reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = node => { for (; node; node = node.parentElement) { const back = pixel(getComputedStyle(node).backgroundColor); if (back[3] === 255) { return back; } } return [255, 255, 255]; };
  const found = [];
  for (const node of document.querySelectorAll('body *')) {
    if (![...node.childNodes].some(child => child.nodeType === Node.TEXT_NODE && child.textContent.trim()) || !node.checkVisibility({ visibilityProperty: true }) || node.closest('script, style, noscript, .skip')) {
      continue;
    }
    const style = getComputedStyle(node);
    const [front, back] = [luminance(pixel(style.color)), luminance(behind(node))];
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) {
      found.push(`${ratio.toFixed(2)} ${node.tagName} ${node.className}: ${node.textContent.slice(0, 40)}`);
    }
  }
  return found;
});

async function shoot(page, name, options = { fullPage: true }) {
  await page.screenshot({ path: path.join(given.screenshots, `${name}.png`), ...options });
}

// That an answer was a refusal is told in the console by the browser itself.
async function refusal(before, expected) {
  for (const until = Date.now() + patience; problems.length === before && Date.now() < until;) { await new Promise(resolve => setTimeout(resolve, 20)); }
  assert.match(problems.splice(before).join(), expected);
}

const browser = await chromium.launch({ executablePath, args: ['--disable-dev-shm-usage'] });
const page = await visit(browser, { colorScheme: 'light' });

// Values follow the traffic.
await text(page, '#connections-now', /^0$/);
const idle = await imap();
await text(page, '#connections-now', /^1$/);
await text(page, '#sessions-split', 'IMAP 1');
await text(page, '#listeners tr', /imaps.*listening/);
for (let round = 0; round < 12; round++) {
  await end(await imap(round % 3 === 0 ? { version: 'TLSv1.2', cipher: 'ECDHE-ECDSA-AES256-GCM-SHA384' } : {}));
}
await pop3();
await plain(given.submissions);
await text(page, '#failures tr', /Client does not speak TLS.*not_tls.*Users choose SSL\/TLS.*1/s);
await text(page, '#failures-now', /^[1-9]/);
await text(page, '#totals tr', /TLS 1\.3.*TLS_AES_256_GCM_SHA384.*%/s);
await text(page, '#totals tr', /TLS 1\.2.*TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384.*4/s);
await text(page, '#versions-legend li', /TLS 1\.3.*in all/);
await text(page, '#ciphers-legend li', 'TLS_AES_256_GCM_SHA384');
assert.ok(await page.locator('#versions canvas').count() === 1);
await text(page, '#slowest tr', /dovecot-imap.*ms \/ .*ms/s);
await text(page, '#recent tr', /imaps.*TLS 1\.2.*(session completed|without a goodbye)/s);

// State, with the reasons in words.
await text(page, '#backends tr', /127\.0\.0\.2:1.*unhealthy.*refuses connections/s);
await text(page, '#attention li.bad', /No server of legacy gets sessions/);
await text(page, '#certificates tr', /mail\.example\.test, imap\.example\.test.*days/s);
await text(page, '#attention li.warn', /certificate of old\.example\.test expires in 9 days/);

// Strangers' words are words.
await text(page, '#backends tr', given.markup.slice(0, 30));
await text(page, '#certificates tr', given.markup.slice(0, 30));
assert.equal(await page.locator('img').count(), 0);
assert.match(await page.title(), /^mail\.example\.test/);

// How far the migration is, and what holds it up, in figures; and which clients the configuration refuses.
await text(page, '#progress', /in the last day \d.*; a week ago 66\.6% of logins, 66\.6% of users; a month ago 33\.3% of logins, 33\.3% of users\.$/);
await text(page, '#migration-note', /Logins by day \(UTC\)/);
await text(page, '#transports-legend li', /STARTTLS.*in all/);
await text(page, '#login-versions-legend li', /TLS 1\.2.*in all/);
assert.equal(await page.locator('#transports canvas').count(), 1);
await text(page, '#movers tr', /submission.*1\.2/s);
await text(page, '#clients tr', /Windows XP.*offers at most TLS 1\.0; minimum is TLS 1\.2/s);
await text(page, '#what-if-locked', 'Results include user names. Unlock the page with the admin token.');
assert.ok(await page.locator('#what-if-form').isHidden());

// Without the token no client is named and nothing can be done.
assert.equal(await page.locator('#recent th', { hasText: 'Client' }).count(), 0);
assert.equal(await page.locator('#backends button').count(), 0);
assert.ok(await page.locator('#end').isHidden());
assert.doesNotMatch(await page.locator('#recent').innerText(), /127\.0\.0\.1(?!:\d)/);
assert.doesNotMatch(await page.locator('#recent').innerText(), /imap\.example\.test|demo/);
assert.doesNotMatch(await page.locator('main').innerText(), /users\.example|192\.0\.2|copier/);

assert.doesNotMatch(await page.locator('main').innerText(), /undefined|\bnull\b|NaN|\[object/);

// As people have it: light and dark, large and small.
assert.deepEqual(await faint(page), []);
await shoot(page, 'light');
const dark = await visit(browser, { colorScheme: 'dark' });
await text(dark, '#totals tr', 'TLS 1.3');
assert.deepEqual(await faint(dark), []);
await shoot(dark, 'dark');
await dark.context().close();
for (const colorScheme of ['light', 'dark']) {
  const phone = await visit(browser, { colorScheme, viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
  await text(phone, '#recent tr', 'imaps');
  assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page scrolls sideways on a phone');
  assert.equal(await phone.evaluate(() => innerWidth), 390);
  assert.deepEqual(await faint(phone), []);
  await shoot(phone, `phone-${colorScheme}`);
  await phone.context().close();
}

// By keyboard alone: past the link that skips the header to the token.
await page.bringToFront();
await page.keyboard.press('Tab');
assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
await page.keyboard.press('Tab');
await page.keyboard.press('Enter');
await page.keyboard.type('a token that is wrong');
const before = problems.length;
await page.keyboard.press('Enter');
await text(page, '#unlock-problem', 'not that of admin.tokenFile');
await refusal(before, /^Failed to load resource: .*401 \(Unauthorized\)$/);
await shoot(page, 'unlock', {});
await page.locator('#token').fill(given.token);
await page.keyboard.press('Enter');
await text(page, '#recent th', 'Client');
await text(page, '#recent tr', /imaps.*127\.0\.0\.1.*asked for imap\.example\.test/s);
assert.doesNotMatch(await page.locator('#recent').innerText(), /demo/);
assert.equal(await page.locator('#token').inputValue(), '');
assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, '']);

// Names, and a try of policies by keyboard: one with a mistake, then one that refuses two users.
await text(page, '#movers tr', 'bob@users.example');
await text(page, '#movers tr', given.markup.slice(0, 30));
assert.equal(await page.locator('img').count(), 0);
await page.getByLabel(/^Policies/).focus();
const typed = problems.length;
await page.keyboard.type('policies:\n  - { name: pilot, action: refuse, users: [/etc/passwd] }');
await page.keyboard.press('Tab');
await page.keyboard.press('Enter');
await text(page, '#what-if-problem', 'pasted:2: error: policies.0.users.0 "/etc/passwd" names a file, and no file is read here');
await refusal(typed, /^Failed to load resource: .*400 \(Bad Request\)$/);
await page.getByLabel(/^Policies/).fill('policies:\n  - { name: pilot, action: refuse, transport: starttls }');
await page.getByRole('button', { name: 'Replay' }).click();
await text(page, '#what-if-sum', /logins replayed: 2 users refused\.$/);
await text(page, '#what-if-users tr', /bob@users\.example.*refused.*192\.0\.2\.0\/24.*pasted:2 "pilot"/s);
await text(page, '#what-if-users tr', /copier.*refused/s);
assert.equal(await page.locator('#what-if-users tbody tr').count(), 2);
await text(page, '#what-if-notes li', /would hold logins/);
assert.equal(await page.locator('#what-if-problem').innerText(), '');
await page.locator('#what-if').screenshot({ path: path.join(given.screenshots, 'what-if.png') });
assert.deepEqual(await faint(page), []);
assert.doesNotMatch(await page.locator('main').innerText(), /undefined|\bnull\b|NaN|\[object/);
await page.setViewportSize({ width: 390, height: 844 });
assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page with an answer scrolls sideways on a phone');
await page.setViewportSize({ width: 1280, height: 900 });

// Locked, it forgets them.
await page.getByRole('button', { name: 'Lock' }).click();
await page.locator('#what-if-locked').waitFor();
assert.doesNotMatch(await page.locator('main').innerText(), /users\.example|192\.0\.2|copier/);
assert.doesNotMatch(await page.locator('#what-if-answer').textContent(), /users\.example|pilot|would hold logins/);
assert.equal(await page.locator('#policies').inputValue(), '');
await page.getByRole('button', { name: 'Unlock' }).click();
await page.locator('#token').fill(given.token);
await page.keyboard.press('Enter');
await page.locator('#what-if-form').waitFor();

// Commands, each confirmed.
const server = page.locator('#backends tr', { hasText: 'healthy' }).first();
await server.getByRole('button', { name: /^Drain/ }).click();
await page.getByRole('button', { name: 'Cancel' }).filter({ visible: true }).click();
assert.equal(await page.locator('#backends .pill', { hasText: 'drained' }).count(), 0);
await server.getByRole('button', { name: /^Drain/ }).click();
await page.locator('#confirm-yes').click();
await text(page, '#backends .pill', 'drained');
await text(page, '#attention li', /is drained; it gets no new sessions/);
await page.getByRole('button', { name: /^Resume/ }).click();
await page.locator('#backends .pill', { hasText: 'drained' }).waitFor({ state: 'detached' });
await shoot(page, 'unlocked');

await page.locator('#end-button').click();
await page.locator('#confirm-yes').click();
await page.locator('#drain').waitFor();
await text(page, '#state', 'draining');
await text(page, '#drain-left', /of 1 left/);
await shoot(page, 'draining', {});
const lost = problems.length;
await idle.gone();
await text(page, '#announce', 'The gateway has ended.');
await text(page, '#state', 'no connection');
problems.splice(lost, Infinity, ...problems.slice(lost).filter(problem => !/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/.test(problem)));

assert.deepEqual(problems, []);
assert.deepEqual(strangers, []);
await browser.close();
