// Gives a bid's file again as it lies on the disk, however large it is; the form does it without.
(function () {
  "use strict";

  const form = document.querySelector("form[data-giving]");
  if (!form) return;

  const panel = document.getElementById(form.dataset.giving);
  const words = panel.dataset;
  const bar = panel.querySelector("progress");
  const part = function (name) { return panel.querySelector("[data-" + name + "]"); };

  function say(text) {
    part("state").textContent = text;
  }

  function refuse(refusals) {
    window.zhuxinRefusals(panel, refusals);
  }

  function answered(request) {
    let told = {};
    try {
      told = JSON.parse(request.responseText);
    } catch (error) {
      told = {};
    }
    if (request.status < 300 && told.page) {
      window.location.assign(told.page);
      return;
    }
    say(words.refused);
    refuse(told.refusals || [{ message: words.refused + " (" + request.status + ")" }]);
  }

  form.addEventListener("submit", function (event) {
    const file = form.querySelector("[type=file]").files[0];
    if (!file) return;
    event.preventDefault();
    const button = form.querySelector("button");
    const request = new XMLHttpRequest();
    request.open("PUT", form.action);
    request.setRequestHeader("X-CSRFToken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = function (sent) {
      bar.value = sent.total ? sent.loaded / sent.total : 0;
    };
    request.upload.onload = function () { say(words.checking); };
    request.onload = function () { answered(request); };
    request.onerror = function () { say(words.broken); };
    request.onloadend = function () { button.disabled = false; };
    panel.hidden = false;
    part("refusals").hidden = true;
    say(words.sending);
    bar.value = 0;
    button.disabled = true;
    request.send(file);
  });
})();
