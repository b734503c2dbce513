"""Each feature of a newer Bash or curl is found where it is used, and not where the target has it."""

import pytest
from scf_gen.lint.feature import curl_options
from scf_gen.lint.runner import Plan, lint

USES = {
    "local -n name=$1": "4.3",
    "declare -gn name=x": "4.3",
    'echo "${name@Q}"': "4.4",
    'echo "${names[@]@A}"': "4.4",
    'echo "${name@U}"': "5.1",
    "names[-1]=x": "4.3",
    "wait -n": "4.3",
    "wait -f 12": "5.0",
    "wait -n -p name": "5.1",
    "mapfile -t -d '' names": "4.4",
    'echo "$EPOCHSECONDS"': "5.0",
    "echo $((EPOCHREALTIME))": "5.0",
    'echo "$SRANDOM"': "5.1",
    "BASH_ARGV0=x": "5.0",
    "shopt -s inherit_errexit": "4.4",
    "shopt -s localvar_inherit": "5.0",
    "shopt -s assoc_expand_once": "5.0",
    "shopt -u patsub_replacement": "5.2",
    "local -": "4.4",
    "local -I name": "5.1",
    "[[ -v names[1] ]]": "4.3",
}
OLD = [
    "local -a names=(1 2)",
    "declare -A names=([-n]=1)",
    'echo "${name,,}" "${name^}" "${names[-1]}" "${name@}"',
    "printf '%(%s)T' -1",
    "mapfile -t names",
    "wait 12",
    "echo -n @Q",
    "echo x &>>/tmp/log",
    "case x in x) echo ;;& *) echo ;& esac",
    "coproc cat",
    "[[ -v name ]]",
    "shopt -s lastpipe globstar",
    "read -r -N 3 name",
    "echo 'local -n name and ${name@Q}'",
    "((BASH_VERSINFO[0] < 5)) || echo $EPOCHSECONDS",
    "shopt -u patsub_replacement 2>/dev/null",
]


@pytest.fixture
def found(tmp_path):
    def find(line, code, target="centos7"):
        (tmp_path / "index.sh").write_text(f"main_handler() {{\n  {line}\n}}\n")
        (tmp_path / "bootstrap").write_text("#!/bin/bash\nsource ./index.sh\n")
        plan = Plan(select=(code,), target=target)
        return [finding.found.message for finding in lint([tmp_path], plan).findings]

    return find


@pytest.mark.parametrize(("line", "since"), USES.items())
def test_what_a_newer_bash_has(found, line, since):
    [message] = found(line, "SCF401")
    assert message.endswith(f"needs Bash {since}")
    assert bool(found(line, "SCF401", "centos8")) == (since > "4.4")


@pytest.mark.parametrize("line", OLD)
def test_what_bash_has_had_for_long(found, line):
    assert found(line, "SCF401") == []


def test_what_a_newer_curl_has(found):
    options = curl_options()
    messages = found("\n  ".join(f"curl --{option} x http://example.com/" for option in options), "SCF402")
    assert messages == [f"--{option} needs curl {since}" for option, since in options.items()]


@pytest.mark.parametrize(
    "line",
    [
        "curl -sSfL --max-time 5 --data-binary @- --data-urlencode a=b --resolve a:80:b http://example.com/",
        "curl -H --json http://example.com/",
        "curl --fail-with-body http://example.com/ 2>/dev/null || curl --fail http://example.com/",
        "echo --data-raw",
    ],
)
def test_what_curl_has_had_for_long(found, line):
    assert found(line, "SCF402") == []
