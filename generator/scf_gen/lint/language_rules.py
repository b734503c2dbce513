"""Rules 401 to 403: what the shell files are written in, and whether SCF has it."""

import re
from collections.abc import Iterator

from scf_gen.languages.language import version_key
from scf_gen.lint.context import Context
from scf_gen.lint.curl import curl_of
from scf_gen.lint.faults import running_scripts
from scf_gen.lint.feature import Feature, bash_features, curl_options, is_newer
from scf_gen.lint.finding import Found
from scf_gen.lint.rule import check_of
from scf_gen.lint.shell import GRAMMAR, Script
from scf_gen.lint.source import Node, found_at, matches, text, tree_of

_VERSION_CHECK = re.compile(r"BASH_VERS|2>\s*/dev/null|&>\s*/dev/null")
_CHECKED_BLOCKS = "(if_statement) @block (case_statement) @block (list) @block"
_LOOKED_FOR = re.compile(r"\b(?:command\s+-[vV]|type(?:\s+-\w+)?|hash|which)\s+([^;&|\n>]+)")


@check_of("SCF401")
def bash_too_new(context: Context) -> Iterator[Found]:
    """Bash newer than SCF's (SYSTEM-CENTOS)."""
    features = [feature for feature in bash_features() if is_newer(feature.since, context.target.bash)]
    kinds = {kind for feature in features for kind in feature.kinds}
    query = " ".join(f"({kind}) @found" for kind in sorted(kinds))
    for script in running_scripts(context) if features else ():
        checked, told = _checked_blocks(script, context), set[tuple[int, str]]()
        for node in _captured(script, context, query):
            feature = _feature_of(node, text(script.file, node, 200), features)
            line = node.start_point.row + 1
            if feature and (line, feature.feature) not in told and not _is_checked(script, node, checked):
                told.add((line, feature.feature))
                message = f"{feature.feature} needs Bash {feature.since}"
                hint = f"{context.target.title} has Bash {_dotted(context.target.bash)}: {feature.instead}"
                yield found_at(script.file, node, message, hint)


def _feature_of(node: Node, written: str, features: list[Feature]) -> Feature | None:
    fitting = (one for one in features if node.type in one.kinds and one.pattern.match(written))
    return max(fitting, key=lambda one: version_key(one.since), default=None)


@check_of("SCF402")
def curl_option_too_new(context: Context) -> Iterator[Found]:
    """An option that SCF's curl does not know (SYSTEM-CENTOS)."""
    target = context.target
    for script in running_scripts(context):
        for command in script.commands:
            curl = curl_of(command, script)
            for option in curl.options if curl else ():
                since = curl_options().get(option.name)
                if since and is_newer(since, target.curl) and not script.is_attempt(command.node):
                    hint = f"{target.title} has curl {_dotted(target.curl)}, which refuses it"
                    message = f"--{option.name} needs curl {since}"
                    yield found_at(script.file, option.word.node, message, hint)


@check_of("SCF403")
def command_not_on_scf(context: Context) -> Iterator[Found]:
    """A command that SCF does not have or promise (SYSTEM-CENTOS)."""
    scripts = running_scripts(context)
    shipped = {path.rpartition("/")[2] for path in context.package.files}
    defined = {name for script in scripts for name in script.functions}
    looked_for = {word for script in scripts for found in _LOOKED_FOR.findall(script.code) for word in found.split()}
    if any("PATH" in script.assignments for script in scripts):
        return
    for script in scripts:
        for command in script.commands:
            started = command.started
            written = started.words[0].text if started.words else ""
            instead = context.target.missing_commands.get(written)
            if instead and written not in shipped | defined | looked_for:
                message = f"{written} is not on SCF"
                yield found_at(script.file, started.words[0].node, message, instead)


def _captured(script: Script, context: Context, query: str) -> list[Node]:
    tree = tree_of(script.file, GRAMMAR, context.cache)
    return [match["found"][0] for match in matches(tree, GRAMMAR, query)]


def _checked_blocks(script: Script, context: Context) -> list[tuple[int, int]]:
    """What stands in an `if`, a `case` or an `&&` that asks for Bash's version at its start."""
    tree = tree_of(script.file, GRAMMAR, context.cache)
    blocks = [match["block"][0] for match in matches(tree, GRAMMAR, _CHECKED_BLOCKS)]
    versioned = (block for block in blocks if "BASH_VERS" in text(script.file, block, 200))
    return [(block.start_byte, block.end_byte) for block in versioned]


def _is_checked(script: Script, node: Node, checked: list[tuple[int, int]]) -> bool:
    return bool(_VERSION_CHECK.search(script.line(node))) or any(
        start <= node.start_byte < end for start, end in checked
    )


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
