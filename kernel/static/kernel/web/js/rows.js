// Keys in a register: up and down walk the rows, Home and End go to the ends, Enter opens (a link).
(function () {
  "use strict";

  const steps = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

  function links() {
    return Array.from(document.querySelectorAll("[data-rows] tbody td.zx-first > a"));
  }

  document.addEventListener("keydown", function (event) {
    if (!(event.key in steps) || event.altKey || event.ctrlKey || event.metaKey) return;
    const here = document.activeElement;
    const row = here.closest("[data-rows] tbody tr");
    // From the page itself the first key enters the table; inside a control keys stay its own.
    if (!row && !(here === document.body || here.matches("main, .zx-sticky"))) return;
    if (!row && (event.key === "Home" || event.key === "End" || event.key === "ArrowUp")) return;
    const all = links();
    if (!all.length) return;
    const at = row ? all.findIndex(function (link) { return row.contains(link); }) : -1;
    const next = Math.min(Math.max(at + steps[event.key], 0), all.length - 1);
    event.preventDefault();
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  });
})();
