// Everything that the pages ask of the server.

const token = document.querySelector('meta[name="csrf-token"]').content;

/** What the server did not do, with its words. */
export class Refusal extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

async function send(path, options = {}) {
  let response;
  let data;
  try {
    response = await fetch(`/console/${path}`, { credentials: "same-origin", ...options });
    data = await response.json();
  } catch {
    throw new Refusal("Network", "The local SCF cannot be reached. Is scf-gen serve running?");
  }
  const error = data?.Response?.Error;
  if (response.status === 401) throw new Refusal("SignedOut", error.Message);
  if (error) throw new Refusal(error.Code, error.Message);
  return data;
}

/** Ask for something that is only shown. */
export function ask(what, values = {}) {
  return send(`${what}?${new URLSearchParams(values)}`);
}

/** Have something done. */
export function act(what, values) {
  return send(what, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
    body: JSON.stringify(values),
  });
}

/** An action of the cloud API; gives its response. */
export async function call(action, region, parameters) {
  return (await act("call", { action, region, parameters })).Response;
}

/** What the linter finds in a ZIP file. */
export async function check(zip) {
  const headers = { "Content-Type": "application/zip", "X-CSRF-Token": token };
  return (await send(`check?${new URLSearchParams({ file: zip.name })}`, { method: "POST", headers, body: zip })).findings;
}

/** A file as the cloud API takes it. */
export function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(new Refusal("File", `${file.name} cannot be read: ${reader.error.message}`));
    reader.readAsDataURL(file);
  });
}
