// The one thing that is said to another page, and only where this page was opened by it: the policy
// may come from it, exactly as a dropped file would, and the finished bid (ciphertext, as it will be
// uploaded) may go back to it, when the reader says so. Everything works without.

const other = window.opener ?? (window.parent === window ? null : window.parent);
let origin = null;

// load: called with the policy as a Blob.
export function listenToOpener(load) {
  if (!other) return;
  window.addEventListener("message", ({ source, data, origin: from }) => {
    if (source !== other || data?.type !== "zhuxin-policy" || typeof data.policy !== "string") return;
    origin = from;
    load(new Blob([data.policy], { type: "application/json" }));
  });
  other.postMessage({ type: "zhuxin-ready" }, "*");
}

export function answerOpener(bid, name) {
  other.postMessage({ type: "zhuxin-bid", name, bid }, origin === "null" ? "*" : origin);
}

answerOpener.possible = () => origin !== null;
