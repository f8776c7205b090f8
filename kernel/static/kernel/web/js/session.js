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

  const link = bar.querySelector("[data-keep-alive]");
  if (link) {
    link.addEventListener("click", function (event) {
      event.preventDefault();
      fetch(link.href, { credentials: "same-origin" }).then(function (response) {
        if (!response.ok || response.redirected) throw new Error("session");
        bar.hidden = true;
        later();
      }).catch(function () {
        window.location.href = link.href;
      });
    });
  }
  later();
})();
