'use strict';

// Server-sent events by fetch: EventSource cannot send the token in a header, and a token in an address would end up in logs.

const silence = 20_000;   // The gateway sends something every five seconds.
const waits = [1000, 2000, 5000, 10_000];

class Stream {
  constructor(onEvent, onState) {
    this.onEvent = onEvent;
    this.onState = onState;
    this.token = '';
    this.failures = 0;
    this.skew = 0;
    // Nobody looks at a hidden page, and a browser has few connections to one server.
    document.addEventListener('visibilitychange', () => document.hidden ? this.stop() : this.start());
  }

  headers() {
    return this.token ? { Authorization: `Bearer ${this.token}` } : {};
  }

  // Also with a new token.
  start() {
    this.stop();
    const controller = this.controller = new AbortController();
    this.run(controller);
  }

  stop() {
    clearTimeout(this.retry);
    this.controller?.abort();
    this.controller = null;
  }

  async run(controller) {
    let problem = 'the connection ended';
    let watchdog;
    try {
      const response = await fetch('api/v1/events', { headers: this.headers(), signal: controller.signal, cache: 'no-store', credentials: 'omit' });
      if (response.status === 401) {
        this.token = '';
        this.onState('refused', 'The token is not that of admin.tokenFile any more.');
        this.start();
        return;
      }
      if (!response.ok) {
        throw new Error(await Stream.problemOf(response));
      }
      // The header has whole seconds and is late besides: what looks like less than this is no difference of clocks.
      const skew = Date.now() - (Date.parse(response.headers.get('Date')) || Date.now());
      this.skew = Math.abs(skew) < 3000 ? 0 : skew;
      this.onState('open', '');
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let pending = '';
      for (;;) {
        clearTimeout(watchdog);
        watchdog = setTimeout(() => controller.abort(), silence);
        const { done, value } = await reader.read();
        if (done) {
          break;
        }
        this.failures = 0;
        pending += value;
        for (let end; (end = pending.indexOf('\n\n')) >= 0; pending = pending.slice(end + 2)) {
          this.dispatch(pending.slice(0, end));
        }
      }
    } catch (error) {
      problem = controller.signal.aborted ? 'nothing was heard for 20 seconds' : error.message;
    } finally {
      clearTimeout(watchdog);
    }
    if (this.controller === controller) {
      this.onState('lost', problem);
      this.retry = setTimeout(() => this.start(), waits[Math.min(this.failures++, waits.length - 1)]);
    }
  }

  dispatch(block) {
    let name = 'message';
    let data = '';
    for (const line of block.split('\n')) {
      if (line.startsWith('event: ')) {
        name = line.slice(7);
      } else if (line.startsWith('data: ')) {
        data += line.slice(6);
      }
    }
    this.onEvent(name, JSON.parse(data));
  }

  // The gateway's own time.
  now() {
    return Date.now() - this.skew;
  }

  // Gives a command; the answer in words if it was refused.
  async command(path) {
    const response = await this.post(path);
    return response.ok ? null : Stream.problemOf(response);
  }

  // Gives a command that has something to say, or to send: its answer, or the problem if it was refused.
  async ask(path, body, signal) {
    const response = await this.post(path, body, signal);
    return response.ok ? { answer: await response.json() } : { problem: await Stream.problemOf(response) };
  }

  post(path, body, signal) {
    return fetch(path, {
      method: 'POST', headers: { ...this.headers(), 'Content-Type': 'application/json' }, body: body && JSON.stringify(body), signal, cache: 'no-store', credentials: 'omit',
    });
  }

  static async problemOf(response) {
    return (await response.text()).trim() || `status ${response.status}`;
  }

  // Whether a token is the right one; the reason if it is not.
  async check(token) {
    const response = await fetch('api/v1/backends', { headers: { Authorization: `Bearer ${token}` }, cache: 'no-store', credentials: 'omit' });
    return response.ok ? null : Stream.problemOf(response);
  }
}
