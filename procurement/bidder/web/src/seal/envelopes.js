// Choosing the files of each envelope: dropped, picked, or a whole folder.

import { byName, checkNames } from "../bids/inner.js";
import { dropInto } from "./dropping.js";
import { bytesText, make, part, rendered, say, spoken, tell, word } from "../ui/page.js";

// envelope → Map of name → File.
export const chosen = {};
let changed = () => {};

export function showEnvelopes(names, onChange) {
  changed = onChange;
  for (const name of names) chosen[name] ??= new Map();
  for (const name of Object.keys(chosen)) if (!names.includes(name)) delete chosen[name];
  part("envelopes").replaceChildren(...names.map(box));
}

// Files from elsewhere than the reader's hands, beside what the reader chose, before the boxes are shown:
// those that were put there.
export function put(name, entries) {
  chosen[name] ??= new Map();
  const fresh = entries.filter(([file]) => !chosen[name].has(file));
  accept(name, fresh);
  return fresh;
}

// Take them back, but for what the reader chose in their place.
export function takeBack(name, entries) {
  for (const [file, blob] of entries) {
    if (chosen[name]?.get(file) === blob) chosen[name].delete(file);
  }
}

export const contentsOf = (name) => [...chosen[name]].map(([file, blob]) => ({ name: file, blob }));
// One file is no "files" in English.
export const countKey = (count) => (count === 1 ? "files.one" : "files.count");

export const sizeOf = (name) => [...chosen[name].values()].reduce((sum, { size }) => sum + size, 0);

function box(name) {
  const title = spoken("h3", name);
  const [files, folder] = [picker(name, "files.choose"), picker(name, "files.folder")];
  folder.input.webkitdirectory = true;
  const count = make("p", { className: "hint" });
  const list = make("div");
  const drop = make("div", { className: "drop" }, title, files.label, files.input, folder.label, folder.input, count, list);
  drop.dataset.envelope = name;
  const shown = () => render(name, count, list);
  const add = (entries) => {
    tell(part("files-error"), null);
    try {
      accept(name, entries);
    } catch (fault) {
      tell(part("files-error"), fault);
    }
    shown();
    changed();
  };
  files.input.addEventListener("change", () => add([...files.input.files].map((file) => [file.name, file])));
  // The folder itself is not part of the names: what is below it is.
  folder.input.addEventListener("change", () => add(
    [...folder.input.files].map((file) => [file.webkitRelativePath.replace(/^[^/]*\//, ""), file]),
  ));
  dropInto(drop, add, (fault) => tell(part("files-error"), fault));
  rendered(() => {
    say(files.label, "files.choose", { envelope: word(name) });
    say(folder.label, "files.folder", { envelope: word(name) });
    shown();
  });
  return drop;
}

function picker(name, key) {
  const input = make("input", { type: "file", multiple: true, id: `${key}-${name}` });
  return { input, label: make("label", { htmlFor: input.id }) };
}

// Every name, the new ones with those there, must fit; else nothing is added.
function accept(name, entries) {
  const next = new Map(chosen[name]);
  for (const [file, blob] of entries) next.set(file.normalize("NFC"), blob);
  checkNames([...next.keys()]);
  chosen[name] = next;
}

function render(name, count, list) {
  const files = [...chosen[name]].sort(([a], [b]) => byName(a, b));
  if (!files.length) {
    say(count, "files.none");
    list.replaceChildren();
    return;
  }
  say(count, countKey(files.length), { count: files.length, size: bytesText(sizeOf(name)) });
  const head = make("tr", {}, spoken("th", "files.name"), spoken("th", "files.size", {}, "number"), make("td"));
  const rows = files.map(([file, blob]) => {
    const remove = spoken("button", "files.remove", {}, "plain");
    remove.type = "button";
    remove.setAttribute("aria-label", `${word("files.remove")} ${file}`);
    remove.addEventListener("click", () => {
      chosen[name].delete(file);
      render(name, count, list);
      changed();
    });
    return make("tr", {}, make("td", { className: "code", textContent: file }),
      make("td", { className: "number", textContent: bytesText(blob.size) }), make("td", {}, remove));
  });
  list.replaceChildren(make("table", {}, head, ...rows));
}
