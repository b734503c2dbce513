import re

MASKS = [(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID"), (r"\d+ms", "Nms"), (r"\d+\.\d+MB", "N.NMB")]


def masked(log: bytes) -> list[str]:
    text = log.decode(errors="replace")
    for pattern, word in MASKS:
        text = re.sub(pattern, word, text)
    return text.splitlines()


def test_the_log_has_scfs_order_and_form(bootstrap, invoke):
    script = """
print('loading', flush=True); ready()
next(); log('one'); response('Hello World')
next(); error('oh')
next()
"""
    first, second = invoke(bootstrap(script), b"1", b"2")
    assert masked(first.log) == [
        "START RequestId:ID",
        "loading",
        "Init Report RequestId: ID Coldstart: Nms (PullCode: Nms InitRuntime: Nms InitFunction: Nms)"
        " Memory: 128MB MemUsage: N.NMB",
        "one",
        "Response RequestId:ID RetMsg:Hello World",
        "END RequestId:ID",
        "Report RequestId:ID Duration:Nms Memory:128MB MemUsage:N.NMB",
    ]
    assert masked(second.log) == [
        "START RequestId:ID",
        'ERROR RequestId:ID Result:{"errorCode":1,"errorMessage":"oh","requestId":"ID","statusCode":430}',
        "END RequestId:ID",
        "Report RequestId:ID Duration:Nms Memory:128MB MemUsage:N.NMB",
    ]


def test_stdout_and_stderr_are_interleaved_as_written(bootstrap, invoke):
    lines = [f"{'out' if number % 3 else 'err'} {number}" for number in range(300)]
    script = """
ready(); next()
for number in range(300): os.write(1 if number % 3 else 2, f"{'out' if number % 3 else 'err'} {number}\\n".encode())
response('x'); next()
"""
    [outcome] = invoke(bootstrap(script))
    assert outcome.log.decode().splitlines()[2:302] == lines


def test_long_lines_and_bytes_survive(bootstrap, invoke):
    script = "ready(); next(); os.write(1, b'\\xff\\x00' * 300_000); response('x'); next()"
    [outcome] = invoke(bootstrap(script), timeout_s=30)
    assert b"\xff\x00" * 300_000 + b"\nResponse " in outcome.log


def test_what_is_written_between_events_comes_with_the_next_one(bootstrap, invoke):
    script = "ready(); next(); response('a'); log('in between'); next(); response('b'); next()"
    first, second = invoke(bootstrap(script), b"1", b"2")
    assert b"in between\n" in first.log + second.log
    assert second.log.startswith(b"START ")
