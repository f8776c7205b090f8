// Waiting: under 300 ms nothing, then a bar that says what is going on. A form is sent once.
(function () {
  "use strict";

  const bar = document.getElementById("busy");
  if (!bar) return;
  const words = bar.querySelector(".zx-busy-words");
  let timer = 0;
  let open = 0;

  function start(text) {
    open += 1;
    bar.classList.remove("is-wrong");
    if (timer) return;
    timer = setTimeout(function () {
      words.textContent = text;
      bar.classList.add("is-on");
    }, 300);
  }

  function stop() {
    open = Math.max(0, open - 1);
    if (open) return;
    clearTimeout(timer);
    timer = 0;
    bar.classList.remove("is-on");
    if (!bar.classList.contains("is-wrong")) words.textContent = "";
  }

  function fail(text) {
    bar.classList.add("is-wrong");
    words.textContent = text;
  }

  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (event.defaultPrevented || form.hasAttribute("hx-get") || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (!navigator.onLine) {
      event.preventDefault();
      fail(bar.dataset.offline);
      return;
    }
    if (form.hasAttribute("data-once")) form.dataset.sent = "1";
    const post = form.method === "post";
    start(post ? bar.dataset.sending : bar.dataset.loading);
  });

  // A page that comes back from the history may be sent again; a download never leaves the page.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
    });
    open = 0;
    stop();
  });

  document.addEventListener("htmx:beforeRequest", function () {
    start(bar.dataset.loading);
  });
  document.addEventListener("htmx:afterRequest", stop);
  document.addEventListener("htmx:responseError", function () {
    fail(bar.dataset.failed);
  });
  document.addEventListener("htmx:sendError", function () {
    fail(navigator.onLine ? bar.dataset.failed : bar.dataset.offline);
  });
  document.addEventListener("htmx:xhr:progress", function (event) {
    const detail = event.detail;
    if (detail.lengthComputable && detail.total && bar.classList.contains("is-on")) {
      const percent = Math.floor((100 * detail.loaded) / detail.total);
      words.textContent = bar.dataset.uploading + " " + percent + " %";
    }
  });
})();
