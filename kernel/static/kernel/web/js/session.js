// No time-out without a warning: five minutes before the log-in ends a bar offers to renew it.
(function () {
  "use strict";

  const bar = document.querySelector("[data-session-seconds]");
  if (!bar) return;
  const seconds = Number(bar.dataset.sessionSeconds);

  function later() {
    setTimeout(function () {
      bar.hidden = false;
    }, Math.max(0, seconds - 300) * 1000);
  }

  const form = bar.querySelector("form[data-keep-alive]");
  if (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      fetch(form.action, { method: "post", body: new FormData(form), credentials: "same-origin" })
        .then(function (response) {
          if (!response.ok || response.redirected) throw new Error("session");
          bar.hidden = true;
          later();
        })
        // What was typed is kept on this device; after the log-in the page offers it again.
        .catch(function () {
          window.location.reload();
        });
    });
  }
  later();
})();
