// Small helps on every page: copy buttons, menus that close, focus on the error summary, printing.
(function () {
  "use strict";

  function wake(root) {
    root.querySelectorAll(".zx-copy, [data-print]").forEach(function (button) {
      button.hidden = false;
    });
  }

  function copied(button) {
    const label = button.getAttribute("aria-label");
    button.classList.add("is-done");
    button.setAttribute("aria-label", button.dataset.done);
    setTimeout(function () {
      button.classList.remove("is-done");
      button.setAttribute("aria-label", label);
    }, 1500);
  }

  // Without https there is no clipboard interface; a selection can still be copied.
  function copyBySelection(text) {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("copy"));
  }

  function copy(text) {
    return navigator.clipboard ? navigator.clipboard.writeText(text) : copyBySelection(text);
  }

  function closeMenus(except) {
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (menu !== except) menu.open = false;
    });
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-copy]");
    if (button) {
      copy(button.dataset.copy).then(function () {
        copied(button);
        button.focus();
      }, function () {});
    }
    if (event.target.closest("[data-print]")) window.print();
    closeMenus(event.target.closest("details[data-menu]"));
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    const menu = document.activeElement && document.activeElement.closest("details[data-menu][open]");
    closeMenus(null);
    if (menu) menu.querySelector("summary").focus();
  });

  // Whoever logs out leaves no drafts behind on a shared machine.
  function forgetDrafts() {
    try {
      Object.keys(window.localStorage).forEach(function (key) {
        if (key.startsWith("zhuxin:draft:")) window.localStorage.removeItem(key);
      });
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  }

  document.addEventListener("submit", function (event) {
    if (event.target.hasAttribute("data-drafts-clear-all")) forgetDrafts();
  });

  // Paper cannot be unfolded; this does it where the browser's style sheets cannot.
  let folded = [];

  window.addEventListener("beforeprint", function () {
    folded = Array.from(document.querySelectorAll(".zx-fold:not([open])"));
    folded.forEach(function (part) { part.open = true; });
  });

  window.addEventListener("afterprint", function () {
    folded.forEach(function (part) { part.open = false; });
  });

  document.addEventListener("htmx:load", function (event) {
    wake(event.detail.elt);
  });

  wake(document);
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
})();
