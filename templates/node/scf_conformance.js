'use strict';

// A handler that does what its event says: {"do": "echo"},
// {"do": "fail", "message": "…"} and so on.

const fs = require('fs');
const { setTimeout: sleep } = require('timers/promises');

pause(Number(process.env.LOAD_MS ?? 0));

const CONTEXT_KEYS = [
  'request_id',
  'memory_limit_in_mb',
  'time_limit_in_ms',
  'function_name',
  'function_version',
  'namespace',
  'tencentcloud_region',
];

const ACTIONS = {
  __proto__: null, // so that "toString" is no action
  result: (event) => decoded(event),
  text: (event) => decoded(event).toString(),
  json: (event) => event.value,
  nothing: () => undefined,
  large: (event) => Buffer.alloc(event.bytes, 'x'),
  async sleep(event) {
    console.error('sleeping');
    await sleep(event.ms);
    return 'slept';
  },
  log(event) {
    const text = decoded(event).toString();
    console.log(text);
    console.error(text);
    return 'logged';
  },
  async print(event) {
    console.log(decoded(event).toString());
    await sleep(event.ms ?? 0);
    return 'printed';
  },
  context: (event, context) => ({
    ...Object.fromEntries(CONTEXT_KEYS.map((key) => [key, context[key]])),
    remaining_time_in_ms: context.remaining_time_in_ms(),
  }),
  env: (event) => process.env[event.name] ?? '',
  cwd: () => process.cwd(),
  stdin: () => fs.readFileSync(0),
  async fail(event) {
    throw new RangeError(event.message ?? 'failed on demand');
  },
  throw(event) {
    throw event.message ?? 'thrown on demand';
  },
  exit: (event) => process.exit(event.status),
  recurse,
  unencodable: () => 1n,
};

exports.main_handler = async (event, context) => {
  const act = typeof event?.do === 'string' ? ACTIONS[event.do] : null;
  return act ? act(event, context) : context.raw_event;
};

// Waits without the event loop, as a module that is slow to load does.
function pause(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function recurse() {
  return [recurse()];
}

function decoded(event) {
  return Buffer.from(event.base64, 'base64');
}
