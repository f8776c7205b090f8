// Sends a sealed bid in parts (tus 1.0): goes on after a break, a pause and a closed tab.
// window.uploadBid(blob, name) is for whoever has a bid at hand, the form of this page or a program.
(function () {
  "use strict";

  const panel = document.querySelector("[data-upload]");
  if (!panel || !window.tus || !window.tus.isSupported) return;

  // The line may be gone for a while; what failed for another reason is said at once.
  const DELAYS = [500, 1000, 2000, 4000, 8000, 15000, 30000, 30000];
  // Bytes of a bid's head that tell it from every other.
  const HEAD = 64 * 1024;
  const words = panel.dataset;
  const form = document.getElementById(words.form);
  const bar = panel.querySelector("progress");
  const part = function (name) { return panel.querySelector("[data-" + name + "]"); };
  const pause = part("pause");
  let current = null;
  let waiting = false;

  function say(text) {
    part("state").textContent = text;
  }

  function token() {
    return form.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  function inMegabytes(bytes) {
    return (bytes / (1024 * 1024)).toFixed(1);
  }

  function show(sent, size) {
    bar.max = size;
    bar.value = sent;
    part("far").textContent =
      Math.floor((sent * 100) / size) + " % · " + inMegabytes(sent) + " / " + inMegabytes(size) + " MB";
  }

  function parsed(response) {
    try {
      return JSON.parse(response.getBody());
    } catch (error) {
      return {};
    }
  }

  // The server's signed word for what it keeps, with its own time.
  function acknowledged(told) {
    if (!told.acknowledgement) return;
    const said = JSON.parse(told.acknowledgement);
    const at = new Intl.DateTimeFormat("zh-CN", {
      timeZone: "Asia/Shanghai", hour12: false, hour: "2-digit", minute: "2-digit", second: "2-digit",
    }).format(new Date(said.at));
    part("kept").textContent = words.kept + " " + inMegabytes(said.offset) + " MB · " + at;
  }

  function refuse(refusals) {
    window.zhuxinRefusals(panel, refusals);
  }

  function outcome(number) {
    window.location.assign(words.page + "?upload=" + encodeURIComponent(number));
  }

  // All of it is there, but no answer said what came of it: ask for that by an empty last part.
  function finish(address, size) {
    return window.fetch(address, {
      method: "PATCH",
      headers: {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": String(size),
        "Content-Type": "application/offset+octet-stream",
        "X-CSRFToken": token(),
      },
    });
  }

  function failed(error) {
    const response = error.originalResponse;
    if (!response || response.getStatus() === 0) {
      waiting = true;
      say(words.broken);
      pause.textContent = words.goOn;
      return;
    }
    const told = parsed(response);
    pause.hidden = true;
    if (told.refusal && current.url) {
      outcome(current.url.split("/").pop());
      return;
    }
    say(words.refused);
    refuse(told.refusals || [{ message: words.failed + " (" + response.getStatus() + ")" }]);
  }

  function mayRetry(error) {
    const response = error.originalResponse;
    const status = response ? response.getStatus() : 0;
    return status === 0 || status === 409 || status === 423 || (status >= 500 && status !== 507);
  }

  function start() {
    waiting = false;
    say(words.sending);
    pause.textContent = words.pause;
    pause.hidden = false;
    current.start();
  }

  // A bid is known by its head, where the manifest stands: whether a program handed it over or its file
  // was chosen later, the same one goes on, and another one of the same name and size does not.
  function markOf(blob, name) {
    const place = ["zhuxin-upload", words.endpoint, blob.size];
    // Browsers reckon hashes only for pages that came by https or from this machine.
    if (!window.crypto.subtle) {
      return Promise.resolve(place.concat(name, blob.lastModified || "").join("|"));
    }
    return blob.slice(0, HEAD).arrayBuffer().then(function (head) {
      return window.crypto.subtle.digest("SHA-256", head);
    }).then(function (digest) {
      const hex = Array.from(new Uint8Array(digest), function (byte) {
        return byte.toString(16).padStart(2, "0");
      });
      return place.concat(hex.join("")).join("|");
    });
  }

  // Sends a file or blob; what was begun of the same one before goes on.
  window.uploadBid = function (blob, name) {
    const before = current ? current.abort() : Promise.resolve();
    return before.then(function () { return markOf(blob, name); }).then(function (mark) {
      return begin(blob, name, mark);
    });
  };

  function begin(blob, name, mark) {
    let last = {};
    delete pause.dataset.paused;
    panel.hidden = false;
    part("refusals").hidden = true;
    current = new window.tus.Upload(blob, {
      endpoint: words.endpoint,
      chunkSize: Number(words.partSize),
      retryDelays: DELAYS,
      metadata: { filename: name },
      fingerprint: function () { return Promise.resolve(mark); },
      removeFingerprintOnSuccess: true,
      onShouldRetry: mayRetry,
      onBeforeRequest: function (request) { request.setHeader("X-CSRFToken", token()); },
      onAfterResponse: function (_request, response) {
        const told = parsed(response);
        if (told.upload) last = told;
        acknowledged(told);
      },
      onProgress: show,
      onError: failed,
      onSuccess: function () {
        const number = current.url.split("/").pop();
        pause.hidden = true;
        say(words.checking);
        if (last.received) outcome(number);
        else finish(current.url, blob.size).then(function () { outcome(number); }, failed);
      },
    });
    return current.findPreviousUploads().then(function (found) {
      if (found.length) current.resumeFromPreviousUpload(found[0]);
      start();
      panel.scrollIntoView({ block: "nearest" });
    });
  }

  pause.addEventListener("click", function () {
    if (waiting || pause.dataset.paused) {
      delete pause.dataset.paused;
      start();
      return;
    }
    pause.dataset.paused = "1";
    current.abort().then(function () {
      say(words.paused);
      pause.textContent = words.goOn;
    });
  });

  window.addEventListener("online", function () {
    if (waiting) start();
  });

  // Small files go as a form does; larger ones in parts.
  form.addEventListener("submit", function (event) {
    const file = form.querySelector("[type=file]").files[0];
    if (!file || file.size <= Number(words.partsFrom)) return;
    event.preventDefault();
    window.uploadBid(file, file.name);
  });

  document.querySelectorAll("[data-give-up]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      const headers = { "Tus-Resumable": "1.0.0", "X-CSRFToken": token() };
      window.fetch(button.dataset.giveUp, { method: "DELETE", headers: headers }).then(function () {
        window.location.assign(words.page);
      });
    });
  });
})();
