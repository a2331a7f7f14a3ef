import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import net from 'node:net';

interface Message {
  type: string;
  body: Buffer;
}

const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
const zero = (text) => Buffer.from(`${text}\0`);

function integer(bytes, value) {
  const buffer = Buffer.alloc(bytes);
  buffer.writeIntBE(value, 0, bytes);
  return buffer;
}
const int16 = (value) => integer(2, value);
const int32 = (value) => integer(4, value);

function framed(type, ...parts) {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

/** One value of a query, as text; null has no length. */
function parameter(value) {
  if (value == null) return int32(-1);
  const bytes = Buffer.from(String(value));
  return Buffer.concat([int32(bytes.length), bytes]);
}

/** An error of the server's: fields, each with a letter before it. M is the message. */
function refusal(body) {
  const message = body.toString().split('\0').find((field) => field.startsWith('M'));
  return new Error(`PostgreSQL: ${message?.slice(1) ?? 'refused'}`);
}

/** The client's half of SCRAM-SHA-256 (RFC 5802, RFC 7677). */
class Scram {
  constructor(password) {
    this.password = password;
    this.first = `n=,r=${randomBytes(18).toString('base64')}`;
  }

  hello() {
    const text = Buffer.from(`n,,${this.first}`);
    return framed('p', zero('SCRAM-SHA-256'), int32(text.length), text);
  }

  proof(challenge) {
    const { r: nonce, s: salt, i: rounds } = Object.fromEntries(
      challenge.split(',').map((pair) => [pair[0], pair.slice(2)]),
    );
    if (!nonce.startsWith(this.first.slice(5))) throw new Error('PostgreSQL: not an answer to our nonce');
    const salted = pbkdf2Sync(this.password, Buffer.from(salt, 'base64'), Number(rounds), 32, 'sha256');
    const clientKey = hmac(salted, 'Client Key');
    const stored = createHash('sha256').update(clientKey).digest();
    const last = `c=biws,r=${nonce}`;
    const all = `${this.first},${challenge},${last}`;
    const signature = hmac(stored, all);
    const proof = clientKey.map((byte, at) => byte ^ signature[at]);
    this.expected = hmac(hmac(salted, 'Server Key'), all);
    return framed('p', Buffer.from(`${last},p=${Buffer.from(proof).toString('base64')}`));
  }

  verify(text) {
    const given = Buffer.from(text.slice(2), 'base64');
    if (given.length === 32 && timingSafeEqual(given, this.expected)) return;
    throw new Error('PostgreSQL: the server does not know the password');
  }
}

/** One connection, on which messages are awaited one by one. */
class Connection {
  constructor(url) {
    this.url = url;
    this.unread = Buffer.alloc(0);
    this.waiting = null;
    this.socket = net.connect(Number(url.port || 5432), url.hostname);
    this.socket.on('data', (bytes) => {
      this.unread = Buffer.concat([this.unread, bytes]);
      this.deliver();
    });
    // For an idle connection this means a new one with the next query.
    this.socket.setTimeout(5000, () => this.socket.destroy(new Error('nothing within 5 s')));
    this.socket.on('error', (error) => this.end(error));
    this.socket.on('close', () => this.end(new Error('the connection ended')));
  }

  end(error) {
    this.failed ??= new Error(`PostgreSQL at ${this.url.host}: ${error.message}`);
    this.waiting?.reject(this.failed);
    this.waiting = null;
  }

  deliver() {
    if (!this.waiting || this.unread.length < 5) return;
    const length = this.unread.readInt32BE(1);
    if (this.unread.length < length + 1) return;
    const message = { type: String.fromCharCode(this.unread[0]), body: this.unread.subarray(5, length + 1) };
    this.unread = this.unread.subarray(length + 1);
    this.waiting.resolve(message);
    this.waiting = null;
  }

  receive() {
    return new Promise((resolve, reject) => {
      if (this.failed) return void reject(this.failed);
      this.waiting = { resolve, reject };
      this.deliver();
    });
  }

  async open() {
    const { username, password, pathname } = this.url;
    const pairs = ['user', decodeURIComponent(username), 'database', pathname.slice(1), 'client_encoding', 'UTF8'];
    // The first message has no letter: the version of the protocol, 3.0, stands first.
    this.socket.write(framed('', int32(196608), ...pairs.map(zero), Buffer.alloc(1)));
    const scram = new Scram(decodeURIComponent(password));
    for (;;) {
      const { type, body } = await this.receive();
      if (type === 'E') throw refusal(body);
      if (type === 'Z') return;
      if (type !== 'R') continue;
      const step = body.readInt32BE(0);
      if (step === 10) this.socket.write(scram.hello());
      else if (step === 11) this.socket.write(scram.proof(body.toString('utf8', 4)));
      else if (step === 12) scram.verify(body.toString('utf8', 4));
      else if (step !== 0) throw new Error(`PostgreSQL: asks for a way of login that is not known here: ${step}`);
    }
  }

  async query(text, values) {
    const parse = framed('P', zero(''), zero(text), int16(0));
    const bind = framed('B', zero(''), zero(''), int16(0), int16(values.length), ...values.map(parameter), int16(0));
    this.socket.write(
      Buffer.concat([parse, bind, framed('D', Buffer.from('P\0')), framed('E', zero(''), int32(0)), framed('S')]),
    );
    let [names, error] = [[], null];
    const rows = [];
    for (;;) {
      const { type, body } = await this.receive();
      if (type === 'T') names = columns(body);
      else if (type === 'D') rows.push(row(names, body));
      else if (type === 'E') error = refusal(body);
      else if (type === 'Z') break;
    }
    if (error) throw error;
    return rows;
  }
}

function columns(body) {
  const names = [];
  for (let at = 2; at < body.length; ) {
    const end = body.indexOf(0, at);
    names.push(body.toString('utf8', at, end));
    // After a name: table, column, type, its size, its modifier, its format.
    at = end + 19;
  }
  return names;
}

function row(names, body) {
  let at = 2;
  return Object.fromEntries(
    names.map((name) => {
      const length = body.readInt32BE(at);
      const value = length < 0 ? null : body.toString('utf8', at + 4, at + 4 + length);
      at += 4 + Math.max(length, 0);
      return [name, value];
    }),
  );
}

/** Queries one after the other on one connection, which is made anew after it broke. Every value is text. */
export class Database {
  constructor(url) {
    this.url = new URL(url);
    this.last = Promise.resolve();
  }

  query(text, values = []) {
    const result = this.last.then(() => this.run(text, values));
    this.last = result.catch(() => {});
    return result;
  }

  async run(text, values) {
    if (!this.connection || this.connection.failed) {
      const connection = new Connection(this.url);
      await connection.open().catch((error) => {
        connection.socket.destroy();
        throw error;
      });
      this.connection = connection;
    }
    return this.connection.query(text, values);
  }
}
