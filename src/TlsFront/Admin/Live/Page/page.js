'use strict';

const now = { status: null, gateway: null, probes: [], times: [], handshakes: null, failures: [], connections: [], migration: null, clients: null };
const versionColors = { 'TLS 1.3': '--c1', 'TLS 1.2': '--c2', 'TLS 1.1': '--c3', 'TLS 1.0': '--c5', 'SSL 3.0': '--c7' };
const cipherColors = ['--c1', '--c2', '--c5', '--c3', '--c6', '--c7', '--c8'];
const versions = new Plot($('versions'), $('versions-legend'), 'No handshakes yet');
const ciphers = new Plot($('ciphers'), $('ciphers-legend'), 'No handshakes yet');
const granted = () => now.gateway?.commands === 'granted';
let connection = 'connecting';

function pill(tone, text) {
  return element('span', `pill ${tone}`, text);
}

function tell(words) {
  setText($('announce'), words);
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => setText($('announce'), ''), 8000);
}

// The header.

function showHeader() {
  const status = now.status;
  if (!status) {
    return;
  }
  setText($('host'), status.hostName);
  document.title = `${status.hostName} - TlsFront`;
  setText($('about'), `TlsFront ${status.version}, ${status.engine} engine, running since ${clock(status.started)}`);
  const [tone, words] = connection !== 'open' ? ['bad', connection === 'lost' ? 'no connection' : 'connecting']
    : { ready: ['good', 'ready'], starting: ['warn', 'starting'], draining: ['warn', 'draining'] }[status.state] ?? ['idle', status.state];
  $('state').className = `pill ${tone}`;
  setText($('state'), words);
  document.body.classList.toggle('stale', connection === 'lost');
  const access = $('access');
  access.hidden = !now.gateway || now.gateway.commands === 'off' || (granted() && !stream.token);
  setText(access, stream.token ? 'Lock' : 'Unlock');
  setText($('footer'), !now.gateway ? '' : granted() ? 'You may give commands.'
    : now.gateway.commands === 'token' ? 'Read-only; unlock it with the admin token.' : 'Read-only: there is no admin.tokenFile.');
  $('end').hidden = !granted() || status.state === 'draining';
}

// What an operator should do something about.

function worries() {
  const found = [];
  const add = (tone, text) => found.push({ tone, text });
  const { status, gateway, failures } = now;
  if (status.state === 'starting') {
    add('warn', 'The gateway starts: its first probes have not ended.');
  }
  for (const backend of status.backends) {
    const serving = backend.destinations.filter(one => one.health !== 'unhealthy' && !one.drained);
    if (serving.length === 0) {
      add('bad', `No server of ${backend.name} gets sessions: its clients are not served.`);
    }
    for (const one of backend.destinations) {
      if (one.health === 'unhealthy') {
        add(serving.length === 0 ? 'bad' : 'warn', `${backend.name}: ${one.address} is unhealthy: ${one.trouble ?? 'no reason is known'}`);
      }
      if (one.drained) {
        add('warn', `${backend.name}: ${one.address} is drained; it gets no new sessions until it is resumed.`);
      }
    }
    if (backend.queued > 0) {
      add('warn', `${backend.name}: ${many(backend.queued, 'session')} waiting for a free place.`);
    }
  }
  for (const one of gateway.certificates) {
    const name = one.names[0] ?? one.source;
    if (one.daysLeft < 0) {
      add('bad', `The certificate of ${name} expired on ${day(one.notAfter)}; clients refuse it.`);
    } else if (one.daysLeft < 14) {
      add(one.daysLeft < 3 ? 'bad' : 'warn', `The certificate of ${name} expires in ${many(one.daysLeft, 'day')} and was not renewed.`);
    }
    if (one.notPresentedBy.length > 0) {
      add('bad', `${one.notPresentedBy.join(', ')} presents another certificate than ${one.source}: a renewal was not taken over.`);
    }
    if (one.daysLeft >= 0) {
      one.warnings.forEach(words => add('warn', `${name}: ${words}.`));
    }
  }
  if (status.configuration?.succeeded === false) {
    add('bad', `The last reload ${reloadOutcome(status.configuration)}. See Configuration below.`);
  }
  if (status.configuration?.needsRestart.length > 0) {
    add('warn', `Takes a restart: ${status.configuration.needsRestart.join(', ')}`);
  }
  if (status.connections > 0.8 * status.limits.connections) {
    add('warn', `${count(status.connections)} of ${count(status.limits.connections)} connections are taken.`);
  }
  for (const full of (status.listeners ?? []).filter(one => one.limit && one.connections > 0.8 * one.limit)) {
    add('warn', `${count(full.connections)} of ${count(full.limit)} connections of ${full.name} are taken.`);
  }
  const ours = /^(backend_|no_local_port|limit_(listener_)?connections$|tls_no_certificate|internal_error)/;
  for (const one of failures.filter(failure => failure.recent > 0 && ours.test(failure.reason))) {
    add('warn', `${many(one.recent, 'connection')} failed in the last 15 minutes: ${one.words}.`);
  }
  return found;
}

function showAttention() {
  if (!now.status || !now.gateway) {
    return;
  }
  const found = worries();
  const soonest = now.gateway.certificates.map(one => one.daysLeft).sort((one, other) => one - other)[0];
  if (found.length === 0) {
    found.push({ tone: 'good', text: `Nothing. Every server answers${soonest === undefined ? '' : `, and every certificate is good for ${many(soonest, 'day')} or more`}.` });
  }
  $('attention').querySelector('.quiet')?.remove();
  list($('attention'), found, one => `${one.tone} ${one.text}`, one => element('li', one.tone, element('bdi', '', one.text)), () => {});
}

// Figures.

function showTiles() {
  const { status, gateway, handshakes, failures } = now;
  if (status) {
    setText($('connections-now'), count(status.connections));
    setText($('connections-limit'), `of ${count(status.limits.connections)}`);
    $('connections-gauge').style.width = `${Math.min(100, 100 * status.connections / status.limits.connections)}%`;
  }
  if (gateway) {
    const sessions = Object.entries(gateway.sessions);
    setText($('sessions-now'), count(sessions.reduce((sum, [, open]) => sum + open, 0)));
    list($('sessions-split'), sessions, ([protocol]) => protocol,
      ([protocol]) => element('li', '', `${protocol.toUpperCase()} `, element('b')), (item, [, open]) => setText(item.lastChild, count(open)));
  }
  if (handshakes) {
    const minute = 60 / handshakes.stepSeconds;
    const last = handshakes.succeeded.flatMap(series => series.counts.slice(-minute)).reduce((sum, value) => sum + value, 0);
    setText($('rate-now'), (last / 60).toLocaleString([], { maximumFractionDigits: last < 600 ? 1 : 0 }));
  }
  setText($('failures-now'), count(failures.reduce((sum, one) => sum + one.recent, 0)));
}

function showPlots() {
  const { handshakes } = now;
  const step = handshakes.stepSeconds;
  const end = Date.parse(handshakes.end) / 1000;
  const times = handshakes.failed.map((_, index) => end - (handshakes.failed.length - 1 - index) * step);
  const perSecond = counts => counts.map(value => value / step);
  const sum = group => ({
    data: perSecond(handshakes.failed.map((_, index) => group.reduce((total, series) => total + series.counts[index], 0))),
    total: group.reduce((total, series) => total + series.total, 0),
  });
  const byVersion = Object.keys(versionColors).map(label => [label, handshakes.succeeded.filter(series => series.version === label)]).filter(([, group]) => group.length > 0);
  versions.show(times, [
    ...byVersion.map(([label, group]) => ({ label, color: versionColors[label], ...sum(group) })),
    { label: 'failed', color: '--c4', line: true, data: perSecond(handshakes.failed), total: handshakes.failedTotal },
  ]);
  const names = [...new Set(handshakes.succeeded.map(series => series.cipher))];
  const groups = names.slice(0, cipherColors.length).map(name => [name, handshakes.succeeded.filter(series => series.cipher === name)]);
  if (names.length > cipherColors.length) {
    groups[groups.length - 1] = ['others', handshakes.succeeded.filter(series => !names.slice(0, cipherColors.length - 1).includes(series.cipher))];
  }
  ciphers.show(times, groups.map(([label, group], index) => ({ label, color: cipherColors[index], ...sum(group) })));
  const all = handshakes.succeeded.reduce((total, series) => total + series.total, 0);
  table($('totals'), [
    { title: 'Version', value: series => series.version, tight: true },
    { title: 'Cipher suite', value: series => series.cipher, paint: (cell, value) => cell.append(element('code', '', value)) },
    { title: 'Handshakes', number: true, value: series => count(series.total) },
    { title: 'Share', number: true, value: series => `${(100 * series.total / all).toFixed(1)} %` },
  ], handshakes.succeeded, series => `${series.version} ${series.cipher}`, 'No handshakes yet.');
  setText($('groups'), all === 0 ? '' : `Key exchange: ${handshakes.groups.map(group => `${group.name === 'other' ? 'not known' : group.name} ${count(group.total)}`).join(', ')}. Resumed: ${count(handshakes.resumed)}. Failed: ${count(handshakes.failedTotal)}.`);
}

// Backends.

const place = (backend, destination) => JSON.stringify([backend, destination]);

function paintHistory(cell, probes) {
  if (!probes || probes.milliseconds.length === 0) {
    cell.append(element('span', 'quiet', 'no probes'));
    return;
  }
  const failed = new Map(probes.failures.map(failure => [failure.index, failure]));
  const highest = Math.max(...probes.milliseconds, 1);
  const bars = probes.milliseconds.map((time, index) => {
    const failure = failed.get(index);
    const bar = element('i', failure ? 'miss' : '');
    bar.style.height = `${failure ? 100 : 12 + 88 * time / highest}%`;
    bar.title = failure ? `${clock(failure.at)}: ${failure.detail}` : milliseconds(time);
    return bar;
  });
  const history = element('span', 'history', ...bars);
  history.setAttribute('role', 'img');
  history.setAttribute('aria-label', `${probes.milliseconds.length - failed.size} of the last ${probes.milliseconds.length} probes were good; the last took ${milliseconds(probes.milliseconds.at(-1))}`);
  cell.append(history);
}

function paintHealth(cell, one) {
  const [tone, words] = one.drained ? ['warn', 'drained'] : { healthy: ['good', 'healthy'], unhealthy: ['bad', 'unhealthy'] }[one.health] ?? ['idle', one.health];
  cell.append(pill(tone, words));
  if (one.trouble) {
    cell.append(element('span', 'quiet', element('bdi', '', one.trouble)));
  }
  if (one.ejectedUntil) {
    cell.append(element('span', 'quiet', `comes back at ${clock(one.ejectedUntil)}`));
  }
}

function destinationColumns(backend) {
  return [
    { title: 'Server', width: '21%', value: one => one.address, paint: (cell, value) => cell.append(element('span', 'mono', value)) },
    { title: 'State', width: '25%', value: one => ({ health: one.health, trouble: one.trouble, drained: one.drained, ejectedUntil: one.ejectedUntil }), paint: paintHealth },
    { title: 'Sessions', width: '9%', number: true, value: one => count(one.sessions) },
    { title: 'Probes', width: '24%', value: one => now.probes.find(known => known.backend === backend.name && known.destination === one.address), paint: paintHistory },
    {
      title: 'Last probe', width: '11%', tight: true, value: one => one.lastProbe,
      paint: (cell, probe) => cell.append(`${milliseconds(probe.milliseconds)} `, element('span', 'quiet', `at ${clock(probe.at)}`)),
    },
    {
      title: 'Command', width: '10%', hidden: !granted(), value: one => ({ address: one.address, drained: one.drained }),
      paint: (cell, one) => cell.append(button(one.drained ? 'Resume' : 'Drain', `${one.drained ? 'Resume' : 'Drain'} ${one.address} of ${backend.name}`, () => moveDestination(backend.name, one))),
    },
  ];
}

function showBackends() {
  list($('backends'), now.status?.backends ?? [], backend => backend.name,
    backend => {
      const title = element('h3', '', element('bdi', '', backend.name));
      title.id = `backend-${backend.name}`;
      const host = element('div');
      host.dataset.title = title.id;
      return element('div', 'backend', element('div', 'backend-head', title, element('span', 'quiet')), host);
    },
    (block, backend) => {
      const waiting = backend.queued > 0 ? `, ${count(backend.queued)} waiting` : '';
      setText(block.firstChild.lastChild, `${backend.kind}, ${many(backend.destinations.reduce((sum, one) => sum + one.sessions, 0), 'session')}${waiting}`);
      table(block.lastChild, destinationColumns(backend), backend.destinations, one => one.address, 'No destinations.');
    });
}

function showSlowest() {
  const wait = one => (one.connect?.p95 ?? 0) + (one.greeting?.p95 ?? 0);
  const known = now.times.filter(one => one.connect || one.greeting).sort((one, other) => wait(other) - wait(one)).slice(0, 10);
  const spread = value => value ? `${milliseconds(value.median)} / ${milliseconds(value.p95)}` : '';
  table($('slowest'), [
    { title: 'Server', value: one => [one.destination, one.backend], paint: (cell, [address, name]) => cell.append(element('span', 'mono', address), element('span', 'quiet', element('bdi', '', name))) },
    { title: 'Connect', number: true, value: one => spread(one.connect) },
    { title: 'Greeting', number: true, value: one => spread(one.greeting) },
    { title: 'Longest', number: true, value: one => milliseconds(Math.max(one.connect?.longest ?? 0, one.greeting?.longest ?? 0)) },
  ], known, one => place(one.backend, one.destination), 'No session has reached a server yet.');
}

// The other tables.

function showListeners() {
  table($('listeners'), [
    { title: 'Listener', value: one => one.name },
    { title: 'State', value: one => one.address ? 'listening' : 'closed', paint: (cell, words) => cell.append(pill(words === 'listening' ? 'good' : 'warn', words)) },
    { title: 'Address', value: one => one.address, paint: (cell, value) => cell.append(element('span', 'mono', value)) },
    { title: 'Protocol', value: one => one.protocol.toUpperCase() + ({ starttls: ', STARTTLS', optional: ', TLS optional' }[one.security] ?? '') },
    { title: 'Backend', value: one => one.backend },
    { title: 'Open', number: true, value: one => one.limit ? `${count(one.connections)} of ${count(one.limit)}` : count(one.connections) },
    { title: 'Accepted', number: true, value: one => count(one.accepted) },
  ], now.status?.listeners ?? [], one => one.name, 'No listeners.');
}

function paintCertificate(cell, one) {
  const tone = one.daysLeft < 3 ? 'bad' : one.daysLeft < 14 ? 'warn' : 'good';
  cell.append(pill(tone, one.daysLeft < 0 ? 'expired' : many(one.daysLeft, 'day')), element('span', 'quiet', day(one.notAfter)));
}

function showCertificates() {
  table($('certificates'), [
    { title: 'Covers', value: one => one.names.length > 0 ? one.names.join(', ') : 'no name' },
    { title: 'Left', value: one => ({ daysLeft: one.daysLeft, notAfter: one.notAfter }), paint: paintCertificate, tight: true },
    { title: 'Issuer', value: one => one.issuer },
    { title: 'Key', tight: true, value: one => one.key },
    { title: 'File', value: one => one.source, paint: (cell, value) => cell.append(element('span', 'mono', value)) },
    {
      title: 'Notes',
      value: one => [...one.notPresentedBy.map(name => `${name} presents another one`), ...one.warnings, ...(one.isDefault ? ['presented to clients that name no server'] : [])].join('; '),
    },
  ], now.gateway?.certificates ?? [], one => `${one.source} ${one.key}`, 'No certificate is loaded.');
}

function showFailures() {
  table($('failures'), [
    { title: 'What happened', value: one => [one.words, one.reason], paint: (cell, [words, reason]) => cell.append(element('strong', '', words[0].toUpperCase() + words.slice(1)), element('span', 'quiet', element('code', '', reason))) },
    { title: 'What to do', value: one => one.advice },
    { title: '15 minutes', number: true, value: one => count(one.recent) },
    { title: 'Since start', number: true, value: one => count(one.total) },
    { title: 'Last', number: true, value: one => clock(one.last) },
  ], now.failures, one => one.reason, 'Nothing has failed since the start.');
}

const few = 10;

function showConnections() {
  table($('recent'), [
    { title: 'Ended', tight: true, value: one => clock(one.at) },
    { title: 'Listener', tight: true, value: one => one.listener },
    { title: 'Client', width: '18%', hidden: !granted(), value: one => [one.client, one.serverName], paint: (cell, [client, name]) => cell.append(element('span', 'mono', client ?? ''), ...(name ? [element('span', 'quiet', 'asked for ', element('bdi', '', name))] : [])) },
    { title: 'TLS', value: one => one.version ? [one.version, one.cipher, one.group, one.resumed] : '', paint: (cell, [version, cipher, group, resumed]) => cell.append(version, element('span', 'quiet', [cipher, group, resumed ? 'resumed' : null].filter(Boolean).join(', '))) },
    { title: 'Server', tight: true, value: one => one.backend ? [one.destination ?? one.backend, one.routedBy] : '', paint: (cell, [server, by]) => cell.append(element('span', 'mono', server), ...(by ? [element('span', 'quiet', `by ${by}`)] : [])) },
    { title: 'In / out', number: true, value: one => `${bytes(one.bytesIn)} / ${bytes(one.bytesOut)}` },
    { title: 'Lasted', number: true, value: one => seconds(one.seconds) },
    { title: 'End', width: '16%', value: one => [one.words, one.failed, one.detail], paint: (cell, [words, failed, detail]) => cell.append(element('span', failed ? 'bad' : '', words), ...(detail ? [element('span', 'quiet', element('bdi', '', detail))] : [])) },
  ], showConnections.all ? now.connections : now.connections.slice(0, few), one => one.id, 'No connection has ended yet.');
  $('recent-all').hidden = now.connections.length <= few;
  setText($('recent-all'), showConnections.all ? `Show the last ${few} only` : `Show all ${now.connections.length}`);
  setText($('recent-note'), granted() ? 'The last 50. Refused clients are counted above and not listed; the log has them.' : 'The last 50. Client addresses are shown with the admin token. Refused clients are counted above and not listed.');
}

function reloadOutcome({ succeeded, changes }) {
  return succeeded ? 'was taken over'
    : changes.length > 0 ? 'was taken over in part: restart the gateway'
    : 'failed: the previous settings are in force';
}

function showConfiguration() {
  const { configuration } = now.status;
  const facts = configuration ? [
    ['File', configuration.file],
    ['Last reload', configuration.lastReload ? `${clock(configuration.lastReload)}, ${reloadOutcome(configuration)}` : 'none since the start'],
    ['Changed', configuration.changes.join(', ')],
    ['Takes a restart', configuration.needsRestart.join(', ')],
    ['Problems', (configuration.problems ?? []).join('\n')],
  ].filter(([, value]) => value) : [['File', 'none']];
  draw($('configuration'), facts, (node, pairs) => pairs.forEach(([name, value]) => node.append(element('dt', '', name), element('dd', '', value))));
}

function showDrain() {
  const drain = now.gateway?.drain;
  $('drain').hidden = !drain;
  clearInterval(showDrain.timer);
  if (!drain) {
    return;
  }
  const tick = () => {
    const [began, accepting, until, moment] = [Date.parse(drain.began), Date.parse(drain.acceptingUntil), Date.parse(drain.until), stream.now()];
    const left = now.status?.connections ?? 0;
    const most = Math.max(drain.connections, left, 1);
    setText($('drain-words'), moment < accepting
      ? `Load balancers are told to go elsewhere. New connections are accepted for another ${seconds((accepting - moment) / 1000)}.`
      : 'No new connections are accepted. Sessions end between messages and commands; those that are left at the end are cut.');
    $('drain-connections').max = most;
    $('drain-connections').value = most - left;
    setText($('drain-left'), `${count(left)} of ${count(most)} left`);
    $('drain-time').max = until - began;
    $('drain-time').value = Math.min(Math.max(moment - began, 0), until - began);
    setText($('drain-until'), moment < until ? `${seconds((until - moment) / 1000)} at most` : 'any moment now');
  };
  tick();
  showDrain.timer = setInterval(tick, 1000);
}

$('recent-all').addEventListener('click', () => {
  showConnections.all = !showConnections.all;
  showConnections();
});

// Commands.

async function give(path, done) {
  try {
    tell(await stream.command(path) ?? done);
  } catch (error) {
    tell(error.message);
  }
}

function confirmed(title, words, yes) {
  setText($('confirm-title'), title);
  setText($('confirm-words'), words);
  setText($('confirm-yes'), yes);
  const dialog = $('confirm');
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }));
}

async function moveDestination(backend, one) {
  const path = `api/v1/backends/${encodeURIComponent(backend)}/${encodeURIComponent(one.address)}`;
  if (one.drained) {
    await give(`${path}/resume`, `${one.address} gets sessions again.`);
  } else if (await confirmed(`Drain ${one.address}?`, `It gets no new sessions of ${backend}; those it has go on. It lasts until you resume it or the gateway restarts.`, 'Drain')) {
    await give(`${path}/drain`, `${one.address} gets no new sessions.`);
  }
}

$('end-button').addEventListener('click', async () => {
  if (await confirmed(`End ${now.status.hostName}?`, `The gateway stops accepting connections, ends the ${many(now.status.connections, 'connection')} it has in order, and then ends. This page cannot start it again.`, 'Drain and end')) {
    await give('api/v1/drain', 'The gateway drains and ends.');
    scrollTo(0, 0);
  }
});

$('access').addEventListener('click', () => {
  if (stream.token) {
    stream.token = '';
    forgetNames();
    stream.start();
    return;
  }
  $('unlock-clear').hidden = location.protocol === 'https:' || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(location.hostname);
  setText($('unlock-problem'), '');
  $('token').value = '';
  $('unlock').showModal();
});

$('unlock-cancel').addEventListener('click', () => $('unlock').close());

$('unlock-form').addEventListener('submit', async event => {
  event.preventDefault();
  const token = $('token').value.trim();
  let problem;
  try {
    problem = await stream.check(token);
  } catch (error) {
    problem = error.message;
  }
  setText($('unlock-problem'), problem ?? '');
  if (!problem) {
    $('token').value = '';
    $('unlock').close();
    stream.token = token;
    stream.start();
  }
});
