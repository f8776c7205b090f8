// Keeps what is typed into an act's form on this device until the act is done.
// Never passwords, PINs, files or hidden fields. The person decides whether an old draft returns.
(function () {
  "use strict";

  const prefix = "zhuxin:draft:";
  const never = ["password", "file", "hidden", "submit", "button", "reset", "image"];

  function kept(field) {
    return field.name && !field.disabled && !never.includes(field.type) &&
      !/pin|passw|one-time-code/i.test(field.name + " " + (field.autocomplete || "")) &&
      !field.closest("[data-no-draft]");
  }

  function fields(form) {
    return Array.from(form.elements).filter(kept);
  }

  function read(form) {
    const values = {};
    fields(form).forEach(function (field) {
      const list = values[field.name] || (values[field.name] = []);
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.checked) list.push(field.value);
      } else if (field.type === "select-multiple") {
        Array.from(field.selectedOptions).forEach(function (option) { list.push(option.value); });
      } else {
        list.push(field.value);
      }
    });
    return values;
  }

  function write(form, values) {
    const seen = {};
    fields(form).forEach(function (field) {
      const list = values[field.name];
      if (!list) return;
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked = list.includes(field.value);
      } else if (field.type === "select-multiple") {
        Array.from(field.options).forEach(function (option) { option.selected = list.includes(option.value); });
      } else {
        const at = seen[field.name] || 0;
        seen[field.name] = at + 1;
        if (at < list.length) field.value = list[at];
      }
    });
  }

  // A browser may forbid storage (private mode, full disk); the form then works without a draft.
  function store(action) {
    try {
      return action(window.localStorage);
    } catch (error) {
      if (error instanceof DOMException) return null;
      throw error;
    }
  }

  function clock(date) {
    return date.toLocaleString("sv-SE").slice(0, 16);
  }

  function attend(form) {
    const key = prefix + form.dataset.draft;
    const note = form.querySelector("[data-draft-note]");
    const words = note.querySelector("[data-draft-words]");
    const restore = note.querySelector("[data-draft-restore]");
    const drop = note.querySelector("[data-draft-drop]");
    const text = store(function (storage) { return storage.getItem(key); });
    let old = null;
    try {
      old = text && JSON.parse(text);
    } catch (error) {
      old = null;
    }
    let timer = 0;

    function show(line, mayRestore) {
      note.hidden = false;
      words.textContent = line;
      restore.hidden = !mayRestore;
      drop.hidden = false;
    }

    function save() {
      const now = new Date();
      const value = JSON.stringify({ at: now.toISOString(), values: read(form) });
      const done = store(function (storage) { storage.setItem(key, value); return true; });
      if (done) show(note.dataset.saved + " " + clock(now).slice(11), false);
    }

    // After an error the page already holds what was typed; an old draft has nothing to add.
    if (old && old.values && !form.hasAttribute("data-draft-bound")) {
      show(note.dataset.found + " " + clock(new Date(old.at)), true);
    }
    form.addEventListener("input", function (event) {
      if (!kept(event.target)) return;
      clearTimeout(timer);
      timer = setTimeout(save, 500);
    });
    form.addEventListener("submit", function () {
      clearTimeout(timer);
      save();
    });
    restore.addEventListener("click", function () {
      write(form, old.values);
      save();
      form.querySelector("input:not([type=hidden]), select, textarea").focus();
    });
    drop.addEventListener("click", function () {
      clearTimeout(timer);
      store(function (storage) { storage.removeItem(key); });
      note.hidden = true;
    });
  }

  document.querySelectorAll("form[data-draft]").forEach(attend);
  document.querySelectorAll("[data-draft-clear]").forEach(function (done) {
    store(function (storage) { storage.removeItem(prefix + done.dataset.draftClear); });
  });
})();
