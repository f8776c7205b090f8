// What both pages do alike: words in two languages, refusals told whole, files in and out.

import { digestOf, utf8 } from "../lib/bytes.js";
import { Refused } from "../lib/refused.js";
import { keepLanguage, languageAtFirst } from "./language.js";
import refusals from "./refusals.json";
import { WORDS } from "./words.js";

// The bytes of this very file: the build writes them as the browser does. Taken before the page
// changes; a file that lies about itself can lie about this too, so it only guards against mix-ups.
const OWN = utf8(`<!DOCTYPE html>${document.documentElement.outerHTML}`);
export const ownHash = () => digestOf(OWN);

let language = languageAtFirst();
const facts = new WeakMap();

export const part = (name) => document.querySelector(`[data-part="${name}"]`);
export const parts = (name) => [...document.querySelectorAll(`[data-part="${name}"]`)];

export function word(key, values = {}) {
  const found = WORDS[key] ?? [key, key];
  return filled(found[language === "zh" ? 0 : 1], values);
}

const filled = (text, values) =>
  text.replace(/%\((\w+)\)s/g, (_, name) => {
    const value = values[name] ?? "";
    // An option of the command line has a name of its own in a page.
    if (String(value).startsWith("--")) return word(value);
    return Array.isArray(value) ? value.join(", ") : String(value);
  });

// Shows a page: its markup with words in the reader's language, and the switch between the two.
export function show(markup) {
  document.body.insertAdjacentHTML("afterbegin", markup);
  part("language").addEventListener("click", () => {
    language = language === "zh" ? "en" : "zh";
    keepLanguage(language);
    translate();
  });
  translate();
}

function translate() {
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  // The switch speaks the language that it leads to.
  part("language").lang = language === "zh" ? "en" : "zh-Hans";
  for (const element of document.querySelectorAll("[data-word]")) put(element);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", word(element.dataset.label));
  }
  document.title = word("title");
  for (const render of listeners) render();
}

const listeners = [];
// Called again when the language changes.
export function rendered(render) {
  listeners.push(render);
  render();
}

function put(element) {
  element.textContent = word(element.dataset.word, facts.get(element));
}

// Puts words into an element; they follow the language.
export function say(element, key, values = {}) {
  element.dataset.word = key;
  facts.set(element, values);
  put(element);
}

export function make(tag, { className = "", ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

export function spoken(tag, key, values = {}, className = "") {
  const element = make(tag, { className });
  say(element, key, values);
  return element;
}

// Rows of [word's key, text] as a description list.
export function describe(element, rows) {
  element.replaceChildren(...rows.flatMap(([key, value, className]) => [
    spoken("dt", key), make("dd", { className: className ?? "", textContent: value }),
  ]));
}

// The words of a refusal, and what helps.
export function sentence({ code, facts: values }) {
  const pair = refusals[code]?.[language];
  return pair ? [filled(pair[0], values), pair[1]] : [word(code, values), ""];
}

// The code of a refusal is for who is asked about it: small, after its words.
export const codeOf = ({ code }) => make("div", { className: "code small", textContent: code });

// Tells what went wrong, every reason in words, what helps, and its code; nothing for no fault.
export function tell(element, fault) {
  element.hidden = !fault;
  element.replaceChildren();
  if (!fault) return;
  const reasons = fault instanceof Refused
    ? fault.refusals
    : [{ code: "bidder.program.fault", facts: { fault: `${fault.name}: ${fault.message}` } }];
  element.className = "notice stop";
  element.setAttribute("role", "alert");
  const list = make("ul");
  const items = () => reasons.map((reason) => {
    const [message, cure] = sentence(reason);
    const item = make("li", {}, make("strong", { textContent: message }));
    item.dataset.code = reason.code;
    if (cure) item.append(make("div", { className: "hint", textContent: cure }));
    item.append(codeOf(reason));
    return item;
  });
  element.append(list);
  list.replaceChildren(...items());
  element.retell = () => list.replaceChildren(...items());
}
listeners.push(() => document.querySelectorAll(".notice").forEach((each) => each.retell?.()));

// Runs what a click asks for: the button rests meanwhile, a fault is told beside it.
export function acting(button, errors, act) {
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    button.disabled = true;
    tell(errors, null);
    try {
      await act();
    } catch (fault) {
      tell(errors, fault);
      errors.scrollIntoView({ block: "nearest" });
    } finally {
      button.removeAttribute("aria-busy");
      button.disabled = false;
    }
  });
}

export function save(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser copies from the address after the click; it is given a minute for what is small, and
  // a large file's address is kept as long as the page.
  if (blob.size < 2 ** 24) setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export const bytesOf = async (file) => new Uint8Array(await file.arrayBuffer());

// An instant as people here read it, in legal time (UTC+8); midnight is 24:00 of the day that ends, as on the platform's pages.
export const moment = (instant) => {
  const at = Date.parse(instant) + 8 * 3600e3;
  const text = (ms) => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
  return at % 86400e3 ? text(at) : text(at - 1).slice(0, 10) + " 24:00:00";
};

// The same in a file's name, so that what is kept today does not replace what was kept before.
export const dated = (instant) => moment(instant).replace(/[-:]/g, "").replace(" ", "-");

export const bytesText = (size) =>
  size < 1024 ? `${size} B` : size < 2 ** 20 ? `${(size / 1024).toFixed(1)} KiB` : `${(size / 2 ** 20).toFixed(1)} MiB`;
