'use strict';

// The events.

const shows = {
  status: [showHeader, showAttention, showTiles, showListeners, showBackends, showConfiguration, showDrain],
  gateway: [showHeader, showAttention, showTiles, showCertificates, showBackends, showConnections, showDrain, showMigration],
  probes: [showBackends],
  times: [showSlowest],
  handshakes: [showPlots, showTiles, showLogins],
  failures: [showFailures, showTiles, showAttention],
  connections: [showConnections],
  migration: [showMigration, showLogins],
  clients: [showClients],
};

const stream = new Stream(
  (name, data) => {
    now[name] = data;
    shows[name]?.forEach(show => show());
  },
  (state, words) => {
    if (state === 'refused') {
      forgetNames();
      tell(words);
      return;
    }
    if (state === 'lost' && connection === 'open') {
      tell(now.status?.state === 'draining' ? 'The gateway has ended.' : `No connection to the gateway: ${words}. Trying again.`);
    } else if (state === 'open' && connection === 'lost') {
      tell('Connected again.');
    }
    connection = state;
    showHeader();
  });
stream.start();
