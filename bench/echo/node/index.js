'use strict';

// An echo for SCF's runtime API and for AWS Lambda's.

const http = require('http');

const aws = process.env.AWS_LAMBDA_RUNTIME_API;
const [address, path] = aws ? aws.split('/') : [];
const [host, port] = aws ? address.split(':') : [process.env.SCF_RUNTIME_API, process.env.SCF_RUNTIME_API_PORT];
const root = aws ? `${path ? `/${path}` : ''}/2018-06-01/runtime` : '/runtime';
const agent = new http.Agent({ keepAlive: true });

function request(method, path, body) {
  return new Promise((resolve) => {
    const sent = http.request({ host, port, agent, method, path: `${root}/${path}` }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve([text, response.headers['lambda-runtime-aws-request-id']]));
    });
    sent.end(body);
  });
}

async function main() {
  if (!aws) await request('POST', 'init/ready', ' ');
  for (;;) {
    const [event, id] = await request('GET', 'invocation/next');
    await request('POST', aws ? `invocation/${id}/response` : 'invocation/response', event);
  }
}

main();
