// Where the user works: region and namespace, from the address, else as last time.

const DEFAULTS = { region: "ap-guangzhou", namespace: "default" };

export function currentPlace() {
  const asked = new URLSearchParams(location.search);
  const place = {};
  for (const [key, fallback] of Object.entries(DEFAULTS)) {
    place[key] = asked.get(key) || localStorage.getItem(key) || fallback;
  }
  return place;
}

export function keepPlace(place) {
  for (const key of Object.keys(DEFAULTS)) localStorage.setItem(key, place[key]);
}

export const listAddress = ({ region, namespace }) => `/?${new URLSearchParams({ region, namespace })}`;
export const createAddress = ({ region, namespace }) => `/create?${new URLSearchParams({ region, namespace })}`;
export const functionAddress = ({ region, namespace }, name, tab = "") =>
  ["/function", region, namespace, name, ...(tab ? [tab] : [])].join("/");
