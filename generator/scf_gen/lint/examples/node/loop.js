const { SCF_RUNTIME_API: host, SCF_RUNTIME_API_PORT: port, _HANDLER } = process.env;
const api = `http://${host}:${port}/runtime`;

async function call(path, body) {
  const response = await fetch(api + path, body === undefined ? {} : { method: 'POST', body });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.text();
}

async function main() {
  const [file, name] = _HANDLER.split('.');
  const handler = require(`./${file}`)[name];
  await call('/init/ready', ' ');
  for (;;) {
    const event = await call('/invocation/next');
    try {
      await call('/invocation/response', await handler(event));
    } catch (error) {
      await call('/invocation/error', String(error));
    }
  }
}

main();
