"""What the local SCF must not lose: functions and their code, namespaces, asynchronous events, invocations."""
