// Opens the sealing program from the bidder's page, gives it the lot's policy and ceiling price and what the
// archive has of the bidder, and sends the sealed bid that it hands over. Only ciphertext comes back. Without it the
// program's file and the form do the same.
(function () {
  "use strict";

  const panel = document.querySelector("[data-sealing]");
  if (!panel || !window.uploadBid) return;

  const words = panel.dataset;
  const program = new URL(words.program, window.location.href);
  const said = panel.querySelector("[data-said]");

  function say(text) {
    said.textContent = text;
    said.hidden = false;
  }

  // A window of this site that this very tab opened, and that still shows the program: also after
  // this page was loaded anew, while the program is open. Anybody else is not heard.
  function isProgram(event) {
    const source = event.source;
    if (event.origin !== window.location.origin || !source || source === window) return false;
    try {
      return source.opener === window && source.location.pathname === program.pathname;
    } catch (error) {
      return false;
    }
  }

  function textOf(address) {
    // Whoever is logged in no more is led to the log-in, which is no file of anybody's.
    return window.fetch(address, { cache: "no-store", redirect: "error" }).then(function (response) {
      if (!response.ok) throw new Error(String(response.status));
      return response.text();
    });
  }

  // The files of the archive; none where one of them cannot be had, or where another enterprise is logged
  // in by now: they can be fetched by hand.
  function archive() {
    return Promise.all(words.archive.split(" ").map(function (address) {
      return textOf(address).then(function (text) {
        return { name: address.slice(address.lastIndexOf("/") + 1), text: text };
      });
    })).then(function (files) {
      const facts = JSON.parse(files[1].text).facts;
      return facts.enterprise.uscc === words.bidder ? files : [];
    }).catch(function () {
      return [];
    });
  }

  // What would be typed again into the opening sheet; nothing where it cannot be had.
  function sheet() {
    return textOf(words.sheet).catch(function () {
      return "";
    });
  }

  function givePolicy(source) {
    Promise.all([textOf(words.policy), archive(), sheet()]).then(function (found) {
      const given = {
        type: "zhuxin-policy", policy: found[0], bidder: words.bidder, archive: found[1],
        ceiling_fen: Number(words.ceiling), sheet: found[2],
      };
      source.postMessage(given, window.location.origin);
      say(found[1].length ? words.given : words.bare);
    }).catch(function () {
      say(words.failed);
    });
  }

  function take(data) {
    const bid = data.bid;
    const name = typeof data.name === "string" ? data.name.slice(0, 120) : "";
    if (!(bid instanceof window.Blob) || !bid.size || !name.endsWith(".zxb")) return;
    // What is sealed for another lot would only be refused once it is here.
    if (!name.startsWith(words.lot.replace(/[^0-9A-Za-z-]/g, "_") + "-")) {
      say(words.other);
      return;
    }
    say(words.taken + " " + name);
    window.uploadBid(bid, name);
  }

  window.addEventListener("message", function (event) {
    const data = event.data;
    if (!data || typeof data !== "object" || !isProgram(event)) return;
    if (data.type === "zhuxin-ready") givePolicy(event.source);
    else if (data.type === "zhuxin-bid") take(data);
  });

  panel.querySelector("button").addEventListener("click", function () {
    say(window.open(program.href, "_blank") ? words.opened : words.blocked);
  });
  panel.hidden = false;
})();
