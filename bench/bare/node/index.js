'use strict';

const http = require('http');

const agent = new http.Agent({ keepAlive: true });

function request(method, path, body) {
  return new Promise((resolve) => {
    const options = {
      host: process.env.SCF_RUNTIME_API,
      port: process.env.SCF_RUNTIME_API_PORT,
      agent,
      method,
      path: `/runtime/${path}`,
    };
    const sent = http.request(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(text));
    });
    sent.end(body);
  });
}

async function main() {
  await request('POST', 'init/ready', ' ');
  for (;;) {
    const event = await request('GET', 'invocation/next');
    console.log(event);
    await request('POST', 'invocation/response', event);
  }
}

main();
