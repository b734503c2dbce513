"""The SCF contract as constants: what a bootstrap may rely on, and the limits that SCF puts on a function.

"Seed" is Tencent's page 583/38130, "Custom Runtime" its page 583/47274.
"""

READY_PATH = "/runtime/init/ready"
NEXT_PATH = "/runtime/invocation/next"
RESPONSE_PATH = "/runtime/invocation/response"
ERROR_PATH = "/runtime/invocation/error"

# Spelled as in the seed; clients look them up in any case.
REQUEST_ID_HEADER = "Request_Id"
MEMORY_LIMIT_HEADER = "Memory_Limit_In_Mb"
TIME_LIMIT_HEADER = "Time_Limit_In_Ms"

BOOTSTRAP = "bootstrap"
CODE_ROOT = "/var/user"
# The seed's SDK sample sends no handler at all, so there has to be one (emulator's choice).
DEFAULT_HANDLER = "index.main_handler"

# API CreateFunction, "FunctionName".
NAME_PATTERN = r"[A-Za-z][A-Za-z0-9_-]{0,58}[A-Za-z0-9]"
NAME_RULE = "2 to 60 letters, digits, - and _, a letter first, a letter or digit last"

# Page 583/11637, "Quota Limits".
TIMEOUT_S = range(1, 901)
INIT_TIMEOUT_S = range(3, 301)
MEMORY_MB = (64, *range(128, 3073, 128))
EVENT_LIMIT_BYTES = 6 * 1024 * 1024
RESPONSE_LIMIT_BYTES = 6 * 1024 * 1024

DEFAULT_TIMEOUT_S = 3
DEFAULT_INIT_TIMEOUT_S = 3
DEFAULT_MEMORY_MB = 128

# Page 583/30228, "Environment Variables".
ENV_KEY_PATTERN = r"[A-Za-z][A-Za-z0-9_]*"
RESERVED_ENV_PREFIXES = ("SCF_", "QCLOUD_", "TENCENTCLOUD_")
