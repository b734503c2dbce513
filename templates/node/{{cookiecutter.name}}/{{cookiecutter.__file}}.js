'use strict';

// Answers with the event as it is, and logs it.
exports.{{ cookiecutter.__function }} = async (event, context) => {
  console.log(JSON.stringify(event));
  return event;
};
