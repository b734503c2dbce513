"""Refuse answers that would not make a function, before a file is written."""

import json
import re
import sys

answers = json.loads(r"""{{ cookiecutter | jsonify }}""")


def complain(text):
    sys.exit("error: " + text)


for key, (pattern, rule) in answers["_rules"].items():
    if not re.fullmatch(pattern, answers[key]):
        complain("{} {!r} will not do: it has to be {}".format(key, answers[key], rule))

for part, value in zip(("file", "function"), answers["handler"].split(".")):
    for name in answers["_reserved"].get(part, []):
        if re.fullmatch(name, value):
            complain("handler {!r} will not do: {} has a meaning of its own".format(answers["handler"], value))
