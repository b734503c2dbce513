'use strict';

const assert = require('node:assert');
const handler = require('../{{ cookiecutter.__file }}.js');

async function answersWithTheEvent() {
  const event = { key1: 'test value 1', key2: 'test value 2' };
  const result = await handler.{{ cookiecutter.__function }}(event, {});
  assert.deepStrictEqual(result, event);
}

answersWithTheEvent();
