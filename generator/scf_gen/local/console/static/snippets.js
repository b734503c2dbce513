// The same invocation, as others would ask for it.

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const python = (text) => JSON.stringify(text).replace(/[\u007f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

export function snippets({ region, namespace, name, version }, event) {
  const endpoint = location.origin;
  const command = ["scf-gen invoke", "--remote", name, "--region", region, "--namespace", namespace, "--endpoint", endpoint, "-d", quoted(event)].join(" ");
  const sdk = `import os

from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.scf.v20180416.models import InvokeRequest
from tencentcloud.scf.v20180416.scf_client import ScfClient

# The keys stand in the file "credentials" of the local SCF's data folder.
credential = Credential(os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"])
profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=${python(location.host)}))
client = ScfClient(credential, ${python(region)}, profile)

request = InvokeRequest()
request.FunctionName = ${python(name)}
request.Namespace = ${python(namespace)}
request.Qualifier = ${python(version)}
request.LogType = "Tail"
request.ClientContext = ${python(event)}
print(client.Invoke(request).to_json_string())
`;
  return { command, sdk };
}
