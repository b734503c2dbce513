'use strict';

// Stands between SCF and the handler: loads the function that _HANDLER names,
// says that it is ready, then fetches event after event, calls the function
// and posts what came of it.

const fs = require('fs');
const http = require('http');
const path = require('path');
const { pathToFileURL } = require('url');
const { inspect } = require('util');

const {
  SCF_RUNTIME_API: HOST,
  SCF_RUNTIME_API_PORT: PORT,
  _HANDLER: HANDLER,
} = process.env;
const FUNCTION = {
  function_name: process.env.SCF_FUNCTIONNAME || '',
  function_version: process.env.SCF_FUNCTIONVERSION || '',
  namespace: process.env.SCF_NAMESPACE || '',
  tencentcloud_region: process.env.TENCENTCLOUD_REGION || '',
};
const PAUSES_BEFORE_TRY_MS = [0, 100, 200, 400, 800];

// One kept connection. Node's proxy settings reach its global agent only.
const agent = new http.Agent({ keepAlive: true, maxSockets: 1, noDelay: true });

// Fails the event that the handler is working on; null while there is none.
let failEvent = null;

async function main() {
  if (!HOST || !PORT || !HANDLER) {
    stop('SCF_RUNTIME_API, SCF_RUNTIME_API_PORT and _HANDLER must be set');
  }
  process.on('SIGTERM', onTerminate);
  process.on('beforeExit', onNothingLeft);
  const handler = await loadHandler();
  process.on('uncaughtException', onStrayError);
  await demand('POST', '/runtime/init/ready', ' ');
  for (;;) {
    await serve(handler, await demand('GET', '/runtime/invocation/next'));
  }
}

// ---- handler ----

async function loadHandler() {
  const wrong = `the handler is ${JSON.stringify(HANDLER)}, but`;
  if (!/^[^./\\\p{Cc}]+\.[^./\\\p{Cc}]+$/u.test(HANDLER)) {
    stop(`${wrong} must be "file.function", for example "index.main_handler"`);
  }
  const [stem, key] = HANDLER.split('.');
  const file = ['.js', '.mjs', '.cjs']
    .map((suffix) => path.join(__dirname, stem + suffix))
    .find((candidate) => fs.existsSync(candidate));
  if (!file) {
    stop(
      `${wrong} there is no ${stem}.js, .mjs or .cjs in ${__dirname}: add it`,
    );
  }
  // Of a CommonJS module import() gives all exports as its default export.
  const module = await import(pathToFileURL(file).href);
  const owner = [module.default, module].find(
    (exports) => typeof exports?.[key] === 'function',
  );
  if (!owner) {
    stop(`${wrong} ${file} exports no function "${key}": export it`);
  }
  return (event, context) => owner[key](event, context);
}

async function serve(handler, next) {
  let endpoint = '/runtime/invocation/response';
  let body;
  try {
    const context = makeContext(next);
    body = encode(await run(handler, parse(next.body), context));
  } catch (error) {
    endpoint = '/runtime/invocation/error';
    body = JSON.stringify(describe(error));
  }
  failEvent = null;
  await flushLog();
  const { status } = await call('POST', endpoint, body);
  if (status !== 200) {
    log(`scf_runtime: POST ${endpoint} was refused: HTTP ${status}`);
  }
}

function makeContext({ headers, body }) {
  const arrivedMs = performance.now();
  const limitMs = Number(headers.time_limit_in_ms) || 0;
  return {
    request_id: headers.request_id || '',
    memory_limit_in_mb: Number(headers.memory_limit_in_mb) || 0,
    time_limit_in_ms: limitMs,
    ...FUNCTION,
    raw_event: body,
    remaining_time_in_ms() {
      const leftMs = limitMs - (performance.now() - arrivedMs);
      return Math.max(0, Math.floor(leftMs));
    },
  };
}

function parse(body) {
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw new SyntaxError(`the event is not JSON: ${error.message}`);
  }
}

// Settles with the handler, or with a stray error if that comes first.
async function run(handler, event, context) {
  const stray = new Promise((resolve, reject) => {
    failEvent = reject;
  });
  return Promise.race([handler(event, context), stray]);
}

function encode(result) {
  if (typeof result === 'string' || result instanceof Uint8Array) {
    return result;
  }
  try {
    const text = JSON.stringify(result ?? null, refuseNonFinite);
    if (text === undefined) {
      throw new TypeError(`its type is ${typeof result}`);
    }
    return text;
  } catch (cause) {
    const reason = `cannot be encoded as JSON: ${cause.message}`;
    throw new TypeError(`the handler's result ${reason}`, { cause });
  }
}

// JSON.stringify would write these as null.
function refuseNonFinite(key, value) {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`${value} is not a JSON number`);
  }
  return value;
}

// ---- errors ----

// Anything can be thrown, even what fails when it is looked at.
function describe(error) {
  try {
    log(`the invocation failed: ${withoutInnerFrames(inspect(error))}`);
    return error instanceof Error ? describeError(error) : describeValue(error);
  } catch {
    const errorMessage = 'the handler threw what cannot be described';
    return { errorType: 'Error', errorMessage, stackTrace: [] };
  }
}

function describeError(error) {
  // A class derived from Error is called "Error" unless it sets its name.
  const className = error.constructor.name;
  const frames = withoutInnerFrames(String(error.stack)).match(/^ +at .*$/gm);
  return {
    errorType: error.name === 'Error' ? className : String(error.name),
    errorMessage: String(error.message),
    stackTrace: (frames || []).map((frame) => frame.trim()),
  };
}

function describeValue(value) {
  return {
    errorType: value === null ? 'null' : typeof value,
    errorMessage: typeof value === 'string' ? value : inspect(value),
    stackTrace: [],
  };
}

// Frames of this file and inside Node are not the user's.
function withoutInnerFrames(text) {
  const frame = /\n +at .*(?:node:|scf_runtime\.cjs).*?(?= \{$|$)/gm;
  return text.replace(frame, '');
}

// What a callback throws, or a promise that nobody awaits.
function onStrayError(error) {
  if (failEvent) {
    failEvent(error);
  } else {
    log(`an error outside of any invocation: ${inspect(error)}`);
  }
}

function onNothingLeft() {
  const message = 'waits for something that can never happen';
  if (failEvent) {
    failEvent(new Error(`the handler ${message}`));
  } else {
    stop(`the handler file ${message}`);
  }
}

function onTerminate() {
  // A handler with a listener of its own decides when to end.
  if (process.listenerCount('SIGTERM') === 1) {
    process.exit(0);
  }
}

function stop(message) {
  log(`scf_runtime: ${message}`);
  process.exit(1);
}

// ---- log ----

function log(text) {
  process.stderr.write(`${text}\n`);
}

// A full pipe takes the rest later; it must not come after the result.
async function flushLog() {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableLength > 0) {
      await new Promise((resolve) => stream.write('', resolve));
    }
  }
}

// ---- runtime API ----

async function demand(method, path, body) {
  const reply = await call(method, path, body);
  if (reply.status !== 200) {
    stop(`${method} ${path} failed: HTTP ${reply.status}`);
  }
  return reply;
}

// Tries again when the connection or the server fails.
async function call(method, path, body) {
  let failure;
  for (const pauseMs of PAUSES_BEFORE_TRY_MS) {
    // That the server closed an idle connection is no reason to wait.
    if (pauseMs > 0 && !failure.stale) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    try {
      const reply = await send(method, path, body);
      if (reply.status < 500) {
        return reply;
      }
      failure = { message: `HTTP ${reply.status}` };
    } catch (error) {
      failure = error;
    }
  }
  stop(
    `${method} ${path} failed in ${PAUSES_BEFORE_TRY_MS.length} tries: ${failure.message}`,
  );
}

function send(method, path, body = '') {
  const length = Buffer.byteLength(body);
  const headers = ['Host', `${HOST}:${PORT}`, 'Content-Length', length];
  const options = { host: HOST, port: PORT, agent, method, path, headers };
  return new Promise((resolve, reject) => {
    const request = http.request(options, (response) => {
      const { statusCode: status, headers } = response;
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status, headers, body: Buffer.concat(chunks) });
      });
    });
    request.on('error', (error) => {
      reject(Object.assign(error, { stale: request.reusedSocket }));
    });
    request.end(body);
  });
}

main();
