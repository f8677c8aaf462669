import { createSocket } from 'node:dgram';

/** The types of records that are asked for. */
export type DnsType = 'MX' | 'TXT' | 'other';

export interface MxRecord {
  readonly priority: number;
  /** Empty for the root, which says that a domain takes no mail. */
  readonly exchange: string;
}

/** Records of a name; none where the list is empty. `noName`: there is no such name. `hang`: no answer comes. */
export type DnsAnswer = readonly (MxRecord | readonly string[])[] | 'noName' | 'failed' | 'refused' | 'hang';

/** What a server answers about a name, in lower case and without a dot at its end. */
export type Zone = (name: string, type: DnsType) => DnsAnswer;

export interface DnsServer {
  /** `127.0.0.1:<port>`, as a resolver takes it. */
  readonly address: string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<number, DnsType>> = { 15: 'MX', 16: 'TXT' };
/** RFC 1035, 4.1.1. */
const CODES = { failed: 2, noName: 3, refused: 5 } as const;

/** A DNS server on 127.0.0.1 that knows the records of a zone (RFC 1035), over UDP only. */
export async function startDnsServer(zone: Zone): Promise<DnsServer> {
  const socket = createSocket('udp4');
  socket.on('message', (message, { address, port }) => {
    const answer = answerTo(message, zone);
    if (answer !== undefined) {
      socket.send(answer, port, address);
    }
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, '127.0.0.1', resolve);
  });
  return {
    address: `127.0.0.1:${socket.address().port}`,
    close: () =>
      new Promise((resolve) => {
        socket.close(resolve);
      }),
  };
}

function answerTo(message: Buffer, zone: Zone): Buffer | undefined {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = message.readUInt16BE(at + 1);
  const question = message.subarray(12, at + 5);
  const answer = zone(labels.join('.').toLowerCase(), TYPES[type] ?? 'other');
  if (answer === 'hang') {
    return undefined;
  }
  const records = typeof answer === 'string' ? [] : answer.map((record) => encode(record, type));
  const header = Buffer.alloc(12);
  header.writeUInt16BE(message.readUInt16BE(0), 0);
  // A response to a query that wished for recursion, and got it.
  header.writeUInt16BE(0x8180 | (typeof answer === 'string' ? CODES[answer] : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question, ...records]);
}

function encode(record: MxRecord | readonly string[], type: number): Buffer {
  const data = 'exchange' in record ? mx(record) : Buffer.concat(record.map(string));
  const head = Buffer.alloc(12);
  // The name of the question, at its place in the message.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function mx({ priority, exchange }: MxRecord): Buffer {
  const number = Buffer.alloc(2);
  number.writeUInt16BE(priority, 0);
  const labels = exchange === '' ? [] : exchange.split('.');
  return Buffer.concat([number, ...labels.map(string), Buffer.of(0)]);
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}
