// The extension functions of Cedar: decimal, ip, datetime, duration, and the methods on their values.
import { EvaluationError, IpRange, Scalar, checked } from './cedar-values.mjs';

const DAY = 86_400_000n;

/** The number that digits spell. More digits than 64 bits hold are refused before anybody works on them. */
function integer(digits) {
  const significant = digits.replace(/^0+/, '');
  if (significant.length > 19) {
    throw new EvaluationError('the number needs more than 64 bits');
  }
  return BigInt(significant === '' ? 0 : significant);
}

function parseDecimal(text) {
  const match = /^(-?)([0-9]+)\.([0-9]{1,4})$/.exec(text);
  if (match === null) {
    throw new EvaluationError('this is no decimal');
  }
  const magnitude = integer(match[2]) * 10_000n + BigInt(match[3].padEnd(4, '0'));
  return new Scalar('decimal', checked(match[1] === '-' ? -magnitude : magnitude));
}

function parseDuration(text) {
  const match = /^(-?)(?=[0-9])(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m(?!s))?(?:([0-9]+)s)?(?:([0-9]+)ms)?$/.exec(text);
  if (match === null) {
    throw new EvaluationError('this is no duration');
  }
  const part = (index, unit) => integer(match[index] ?? '0') * unit;
  const total = part(2, DAY) + part(3, 3_600_000n) + part(4, 60_000n) + part(5, 1000n) + part(6, 1n);
  return new Scalar('duration', checked(match[1] === '-' ? -total : total));
}

function parseDatetime(text) {
  const match = /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{3}))?(?:Z|([+-])([0-9]{2})([0-9]{2})))?$/.exec(text);
  if (match === null) {
    throw new EvaluationError('this is no datetime');
  }
  const [year, month, day, hour, minute, second, milli] = match.slice(1, 8).map((digits) => Number(digits ?? 0));
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const [offsetHours, offsetMinutes] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > days[month - 1] || hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) {
    throw new EvaluationError('this is no datetime');
  }
  // Days since 1970-01-01 in the proleptic Gregorian calendar; Date.UTC would take a year below 100 for 19xx.
  const before = year - 1;
  let count = before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 719_162;
  for (let i = 0; i < month - 1; i++) {
    count += days[i];
  }
  count += day - 1;
  const local = ((count * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + milli;
  const offset = (offsetHours * 60 + offsetMinutes) * 60_000 * (match[8] === '-' ? -1 : 1);
  return new Scalar('datetime', BigInt(local - offset));
}

function parseV4(text) {
  const groups = text.split('.');
  if (groups.length !== 4 || !groups.every((group) => /^(?:0|[1-9][0-9]{0,2})$/.test(group) && Number(group) <= 255)) {
    return null;
  }
  return groups.reduce((sum, group) => sum * 256n + BigInt(group), 0n);
}

function parseV6(text) {
  const halves = text.split('::');
  if (halves.length > 2) {
    return null;
  }
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups = [...head, ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) || (tail === undefined ? groups.length !== 8 : groups.length > 7)) {
    return null;
  }
  const full = tail === undefined ? head : [...head, ...Array(8 - groups.length).fill('0'), ...tail];
  return full.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function parseIp(text) {
  const slash = text.indexOf('/');
  const host = slash < 0 ? text : text.slice(0, slash);
  const isV6 = host.includes(':');
  const address = isV6 ? parseV6(host) : parseV4(host);
  const bits = isV6 ? 128 : 32;
  if (address === null) {
    throw new EvaluationError('this is no IP address');
  }
  if (slash < 0) {
    return new IpRange(isV6, address, bits);
  }
  const prefix = text.slice(slash + 1);
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(prefix) || Number(prefix) > bits) {
    throw new EvaluationError('this is no IP range');
  }
  return new IpRange(isV6, address, Number(prefix));
}

const isText = (value) => typeof value === 'string';
const isScalar = (kind) => (value) => value instanceof Scalar && value.kind === kind;
const isDecimal = isScalar('decimal');
const isDatetime = isScalar('datetime');
const isDuration = isScalar('duration');
const isIp = (value) => value instanceof IpRange;
const floorToDay = (value) => value - (((value % DAY) + DAY) % DAY);
const inUnits = (unit) => [[isDuration], (a) => a.value / unit];

const LOOPBACK = [parseIp('127.0.0.0/8'), parseIp('::1/128')];
const MULTICAST = [parseIp('224.0.0.0/4'), parseIp('ff00::/8')];

/** Each function by its name: what its arguments must be, and what it gives. */
export const FUNCTIONS = new Map(Object.entries({
  decimal: [[isText], parseDecimal],
  lessThan: [[isDecimal, isDecimal], (a, b) => a.value < b.value],
  lessThanOrEqual: [[isDecimal, isDecimal], (a, b) => a.value <= b.value],
  greaterThan: [[isDecimal, isDecimal], (a, b) => a.value > b.value],
  greaterThanOrEqual: [[isDecimal, isDecimal], (a, b) => a.value >= b.value],
  ip: [[isText], parseIp],
  isIpv4: [[isIp], (a) => !a.isV6],
  isIpv6: [[isIp], (a) => a.isV6],
  isLoopback: [[isIp], (a) => LOOPBACK.some((range) => a.isIn(range))],
  isMulticast: [[isIp], (a) => MULTICAST.some((range) => a.isIn(range))],
  isInRange: [[isIp, isIp], (a, b) => a.isIn(b)],
  datetime: [[isText], parseDatetime],
  offset: [[isDatetime, isDuration], (a, b) => new Scalar('datetime', checked(a.value + b.value))],
  durationSince: [[isDatetime, isDatetime], (a, b) => new Scalar('duration', checked(a.value - b.value))],
  toDate: [[isDatetime], (a) => new Scalar('datetime', checked(floorToDay(a.value)))],
  toTime: [[isDatetime], (a) => new Scalar('duration', a.value - floorToDay(a.value))],
  duration: [[isText], parseDuration],
  toMilliseconds: inUnits(1n),
  toSeconds: inUnits(1000n),
  toMinutes: inUnits(60_000n),
  toHours: inUnits(3_600_000n),
  toDays: inUnits(DAY),
}));

/** Whether a function is a constructor; the others are methods and need the value they are called on. */
export const isConstructor = (name) => name === 'decimal' || name === 'ip' || name === 'datetime' || name === 'duration';

/** Calls a function. */
export function callFunction(name, args) {
  const [parameters, body] = FUNCTIONS.get(name);
  if (args.length !== parameters.length || !parameters.every((accepts, index) => accepts(args[index]))) {
    throw new EvaluationError(`the arguments of ${name} are wrong`);
  }
  return body(...args);
}
