// Bytes and their spellings: hex, base64, canonical JSON, DER of an ECDSA value.

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export function toBase64(bytes) {
  return btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));
}

export const toPem = (der) =>
  `-----BEGIN CERTIFICATE-----\n${toBase64(der).replace(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`;

export const equal = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

// RFC 8785 for what requests hold: text, integers, lists and objects. JSON.stringify spells
// text and integers as the RFC asks; only the order of keys is ours to see to.
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const pairs = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${pairs.join(",")}}`;
  }
  return JSON.stringify(value);
}

// WebCrypto gives r and s side by side; CMS wants SEQUENCE { INTEGER r, INTEGER s } (RFC 3279).
export function ecdsaDer(raw) {
  const half = raw.length / 2;
  const body = [...integer(raw.slice(0, half)), ...integer(raw.slice(half))];
  return Uint8Array.from([0x30, ...length(body.length), ...body]);
}

function integer(bytes) {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const digits = [...bytes.slice(start)];
  if (digits[0] & 0x80) digits.unshift(0);
  return [0x02, digits.length, ...digits];
}

const length = (n) => (n < 0x80 ? [n] : [0x81, n]);
