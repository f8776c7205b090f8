// Bytes and their spellings.

import { sha256 } from "./sha256.js";

const ENCODER = new TextEncoder();

export const utf8 = (text) => ENCODER.encode(text);

export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

export const fromHex = (text) =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

export function toBase64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(text);
}

// Base64 in its one canonical spelling; null for anything else.
export function fromBase64(text) {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return toBase64(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

export const equal = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

export const digestOf = (bytes) => hex(sha256(bytes));

export const random = (size) => crypto.getRandomValues(new Uint8Array(size));

// After `size` bytes went through the browser's cipher or files: it keeps what it took and gave until
// the collector comes, and the collector counts little of that. Memory that is asked for and never
// touched costs nothing and brings it sooner; without this, hundreds of megabytes wait.
export const hurryCollector = (size) => void new ArrayBuffer(16 * size);
