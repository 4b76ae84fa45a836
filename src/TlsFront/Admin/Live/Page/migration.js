'use strict';

// Who still uses what, who would be refused under other policies, and which clients the configuration refuses.

const transports = new Plot($('transports'), $('transports-legend'), 'No logins yet');
const loginVersions = new Plot($('login-versions'), $('login-versions-legend'), 'No logins yet');
const transportColors = { implicit: '--c1', starttls: '--c3', cleartext: '--c4' };
const transportWords = { implicit: 'implicit TLS', starttls: 'STARTTLS', cleartext: 'cleartext' };
const loginVersionColors = { ...versionColors, cleartext: '--c4' };
const secondsOfDay = 86_400;

// Rounded down, as the command does: all is said of all alone.
const percent = part => `${(Math.floor(part * 1000) / 10).toLocaleString()}%`;

function showLogins() {
  const { handshakes, migration } = now;
  if (!handshakes || !migration) {
    return;
  }
  const byDay = migration.days.length > 0;
  const kinds = byDay ? migration.days : handshakes.logins;
  const first = Date.parse(migration.firstDay) / 1000;
  const step = handshakes.stepSeconds;
  const end = Date.parse(handshakes.end) / 1000;
  const steps = kinds[0]?.counts.length ?? handshakes.failed.length;
  const times = byDay ? Array.from({ length: steps + 1 }, (_, index) => first + index * secondsOfDay)
    : Array.from({ length: steps }, (_, index) => end - (steps - 1 - index) * step);
  // A figure stands for the time before its moment: that of the first day begins with it.
  const data = counts => byDay ? [counts[0], ...counts] : counts.map(value => value / step);
  const series = (colors, words, of) => Object.keys(colors).map(key => [key, kinds.filter(kind => of(kind) === key)]).filter(([, group]) => group.length > 0)
    .map(([key, group]) => ({
      label: words[key] ?? key, color: colors[key], total: group.reduce((sum, kind) => sum + kind.total, 0),
      data: data(group[0].counts.map((_, index) => group.reduce((sum, kind) => sum + kind.counts[index], 0))),
    }));
  const unit = byDay ? perDay : perSecond;
  transports.show(times, series(transportColors, transportWords, kind => kind.transport), unit);
  loginVersions.show(times, series(loginVersionColors, {}, kind => kind.version ?? 'cleartext'), unit);
}

function migrationNote({ state, slow, problem, readAt, days }) {
  const asOf = readAt ? ` Figures are as of ${clock(readAt)}.` : '';
  return state === 'off' ? 'Logins of the last 15 minutes. Set inventory.path or inventory.postgres to see logins by day, progress and who needs to migrate first, and to try policies.'
    : state === 'failed' ? `The inventory cannot be read: ${problem}.${asOf}`
    : slow ? `Reading the inventory has taken more than 10 seconds.${asOf}`
    : state === 'reading' ? 'Reading the inventory. Shown are logins of the last 15 minutes.'
    : days.length === 0 ? `The inventory has no logins of the last year. Shown are those of the last 15 minutes.${asOf}`
    : `Logins by day (UTC).${asOf}`;
}

const progressWords = { day: 'in the last day', week: 'a week ago', month: 'a month ago' };
const groupWords = { listener: 'Listener', program: 'Program', network: 'Network', user: 'User' };

function showMigration() {
  const { migration } = now;
  if (!migration) {
    return;
  }
  const note = $('migration-note');
  setText(note, migrationNote(migration));
  note.classList.toggle('warn', migration.state === 'failed' || migration.slow);
  const parts = migration.progress.map(({ when, logins, users }) => `${progressWords[when]} ${logins === undefined ? 'no logins'
    : `${percent(logins)} of logins${users === undefined ? '' : `, ${percent(users)} of users`}`}`);
  setText($('progress'), parts.length > 0 ? `By implicit TLS 1.2 or later: ${parts.join('; ')}.` : '');
  $('movers-part').hidden = migration.groups.length === 0;
  list($('movers'), migration.groups, group => group.by,
    ({ by }) => {
      const title = element('h4', 'quiet');
      title.id = `movers-${by}`;
      const host = element('div');
      host.dataset.title = title.id;
      return element('div', '', title, host);
    },
    (block, group) => {
      setText(block.firstChild, groupWords[group.by] + (group.tooMany ? ': too many to show here; use tlsfront migration report'
        : group.total > group.rows.length ? `, the first ${group.rows.length} of ${count(group.total)}` : ''));
      block.lastChild.hidden = group.tooMany;
      table(block.lastChild, [
        { title: groupWords[group.by], width: '30%', value: one => one.name },
        { title: 'Logins', number: true, value: one => count(one.logins) },
        { title: 'Cleartext', number: true, value: one => count(one.cleartext) },
        { title: 'STARTTLS', number: true, value: one => count(one.startTls) },
        { title: 'Refused', number: true, value: one => count(one.refused) },
        { title: 'Exposed', number: true, value: one => count(one.exposed) },
        { title: 'TLS', value: one => one.versions.join(', ') },
        { title: 'Last', number: true, value: one => clock(one.last) },
      ], group.rows, one => one.name, 'No logins without implicit TLS 1.2 or later in the last week.');
    });
  const isOff = now.gateway?.commands === 'off';
  setText($('movers-note'), granted() ? '' : `Programs, networks and users are shown with the admin token${isOff ? ': set admin.tokenFile' : ''}.`);
  $('what-if').hidden = migration.state === 'off';
  $('what-if-form').hidden = !granted();
  $('what-if-locked').hidden = granted();
  setText($('what-if-locked'), `Results include user names. ${isOff ? 'Set admin.tokenFile, and unlock' : 'Unlock'} the page with the admin token.`);
}

// What if.

const effectWords = { refused: 'refused', temporary: 'refused temporarily', warned: 'warned' };

function paintEffect(cell, words) {
  cell.append(pill(words.endsWith(effectWords.refused) ? 'bad' : words.endsWith(effectWords.temporary) ? 'warn' : 'idle', words));
}

function showOutcomes(outcomes) {
  table($('what-if-users'), [
    { title: 'User', value: one => one.user },
    { title: 'Would be', tight: true, value: one => `${one.isSure ? '' : 'perhaps '}${effectWords[one.effect]}`, paint: paintEffect },
    { title: 'Logins', number: true, value: one => count(one.logins) },
    { title: 'Last', number: true, value: one => clock(one.last) },
    { title: 'From', value: one => one.networks.join(', ') },
    { title: 'Program', value: one => one.programs.join(', ') },
    { title: 'By', value: one => one.by },
    { title: 'Because', value: one => one.because },
  ], outcomes, one => JSON.stringify([one.user, one.effect, one.by, one.isSure]), 'Nobody.');
}

function showAnswer({ logins, effects, reasons, omittedReasons, outcomes, omitted, holding, warnings }) {
  const sums = effects.map(one => `${many(one.users, 'user')} ${effectWords[one.what]}`);
  setText($('what-if-sum'), `${many(logins, 'login')} replayed: ${sums.length > 0 ? sums.join(', ') : 'nobody would be refused or warned'}.`);
  const notes = [...warnings,
    ...(holding.length > 0 ? [`${holding.join(', ')} would hold logins, and no longer offer CRAM-MD5, DIGEST-MD5, APOP, GSSAPI or NTLM: clients that use these are not counted.`] : [])];
  draw($('what-if-notes'), notes, (node, lines) => lines.forEach(line => node.append(element('li', 'warn', element('bdi', '', line)))));
  table($('what-if-reasons'), [
    { title: 'Would be', tight: true, value: one => effectWords[one.what], paint: paintEffect },
    { title: 'By', value: one => one.by },
    { title: 'Users', number: true, value: one => count(one.users) },
    { title: 'Logins', number: true, value: one => count(one.logins) },
  ], reasons, one => `${one.what} ${one.by}`, 'No policy or setting would refuse or warn anybody.');
  showOutcomes(outcomes);
  const more = [omittedReasons > 0 ? many(omittedReasons, 'more reason') : '', omitted > 0 ? many(omitted, 'more outcome') : ''].filter(words => words);
  setText($('what-if-more'), more.length > 0 ? `And ${more.join(' and ')}: tlsfront migration what-if lists them all.` : '');
  $('what-if-answer').hidden = false;
}

let asking = null;

function clearAnswer() {
  asking?.abort();
  asking = null;
  setText($('what-if-problem'), '');
  showAnswer({ logins: 0, effects: [], reasons: [], omittedReasons: 0, outcomes: [], omitted: 0, holding: [], warnings: [] });
  setText($('what-if-sum'), '');
  $('what-if-answer').hidden = true;
}

// The page is locked: what only the trusted may see goes at once, whether or not the gateway answers.
function forgetNames() {
  clearAnswer();
  $('policies').value = '';
  now.gateway = now.gateway && { ...now.gateway, commands: 'token' };
  if (now.migration) {
    now.migration = { ...now.migration, groups: now.migration.groups.filter(group => group.by === 'listener') };
  }
  showMigration();
}

$('what-if-form').addEventListener('submit', async event => {
  event.preventDefault();
  const go = $('what-if-go');
  clearAnswer();
  const controller = asking = new AbortController();
  go.disabled = true;
  try {
    const { answer, problem } = await stream.ask(
      'api/v1/migration/what-if',
      { policies: $('policies').value, days: $('days').valueAsNumber, at: $('at').value ? `${$('at').value}T00:00:00Z` : undefined }, controller.signal);
    if (controller.signal.aborted) {
      return;
    }
    if (answer) {
      showAnswer(answer);
    } else {
      setText($('what-if-problem'), problem ?? '');
    }
  } catch (error) {
    if (!controller.signal.aborted) {
      setText($('what-if-problem'), error.message);
    }
  } finally {
    go.disabled = false;
  }
});

// Clients.

function showClients() {
  const { state, places, omitted } = now.clients;
  setText($('clients-note'), {
    checking: 'Replaying recorded ClientHellos against the active configuration.',
    failed: 'Recorded ClientHellos could not be replayed; the log says why.',
  }[state] ?? `What some forty old and current clients get from the active configuration, by their recorded ClientHellos${omitted > 0 ? `, on the first listeners and routed names; there are ${count(omitted)} more` : ''}. tlsfront check-config --clients says more.`);
  list($('clients'), places, place => place.names.join(),
    () => {
      const title = element('h3', '', element('bdi'));
      const host = element('div');
      host.dataset.title = title.id = `clients-${showClients.count = (showClients.count ?? 0) + 1}`;
      return element('div', 'backend', element('div', 'backend-head', title, element('span', 'quiet')), host);
    },
    (block, place) => {
      setText(block.firstChild.firstChild.firstChild, place.names.join(', '));
      const reasons = [...new Set(place.refused.map(one => one.reason))].map(reason => ({ reason, clients: place.refused.filter(one => one.reason === reason).map(one => one.client) }));
      if (place.needPolicy.length > 0) {
        reasons.push({ reason: 'only if a policy lets them in', clients: place.needPolicy });
      }
      setText(block.firstChild.lastChild, `${place.served} are served, ${place.needPolicy.length > 0 ? `${place.needPolicy.length} if a policy lets them in, ` : ''}${place.refused.length} refused`);
      table(block.lastChild, [
        { title: 'Refused', width: '45%', value: one => one.clients.join('; ') },
        { title: 'Why', value: one => one.reason },
      ], reasons, one => one.reason, 'All of them are served.');
    });
}
