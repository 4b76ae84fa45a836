// client.js PORT CA NAME VERSION SUITE REQUEST SESSIONS: sends the file REQUEST, and says the SHA-256 of what is answered, each session a line.
const crypto = require('crypto');
const fs = require('fs');
const tls = require('tls');

const [port, authority, servername, version, ciphers, request, sessions] = process.argv.slice(2);
const ca = fs.readFileSync(authority);

function exchange(session) {
  return new Promise((resolve, reject) => {
    const hash = crypto.createHash('sha256');
    const options = { host: '127.0.0.1', port, servername, ca, ciphers, minVersion: `TLSv${version}`, maxVersion: `TLSv${version}`, session };
    const socket = tls.connect(options, () => fs.createReadStream(request).pipe(socket, { end: false }));
    let latest = null;
    socket.on('session', ticket => { latest = ticket; });
    socket.on('data', part => hash.update(part));
    socket.on('error', reject);
    socket.on('end', () => {
      console.log(hash.digest('hex'));
      socket.end();
      resolve(latest);
    });
  });
}

(async () => {
  let session = null;
  for (let i = 0; i < Number(sessions); i++) {
    session = await exchange(session);
  }
})();
