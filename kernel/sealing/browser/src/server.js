// The three exchanges with the platform. What leaves the page: the certificate, then the value of
// the signature. Never the key file, the key or the PIN.

import { canonical, toPem } from "./bytes.js";
import { Fault } from "./fault.js";

const MAX_PDF = 200 * 1024 * 1024;

export class Server {
  constructor({ beginUrl, finishUrl, pdfUrl, csrf, request }) {
    Object.assign(this, { beginUrl, finishUrl, pdfUrl, csrf, requestId: request });
  }

  // The request stands in the page where it was begun before, else we begin it now.
  async begin(keyfile) {
    if (this.requestId) return JSON.parse(document.getElementById(this.requestId).textContent);
    return await this.#post(this.beginUrl, { certificate_pem: toPem(keyfile.der) });
  }

  // The very file that the command-line tool writes, so that the platform has one way in.
  finish(response) {
    const file = new Blob([canonical(response)], { type: "application/json" });
    return this.#post(this.finishUrl, { response: file });
  }

  async pdf(digest) {
    const url = sameOrigin(this.pdfUrl);
    url.searchParams.set("request", digest);
    const answer = await this.#fetch(url, { headers: { Accept: "application/pdf" } });
    if (!answer.ok) throw await refusal(answer);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (bytes.length > MAX_PDF) throw new Fault("document_differs");
    return bytes;
  }

  async #post(url, fields) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    const answer = await this.#fetch(sameOrigin(url), {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": this.csrf },
      body,
    });
    if (!answer.ok) throw await refusal(answer);
    return await readJson(answer);
  }

  async #fetch(url, options) {
    try {
      // A redirect means that the session ended; its log-in page is not an answer.
      return await fetch(url, { credentials: "same-origin", redirect: "error", ...options });
    } catch {
      throw new Fault("server_unreachable");
    }
  }
}

export function sameOrigin(address) {
  const url = new URL(address, document.baseURI);
  if (url.origin !== location.origin) throw new Fault("server_refused");
  return url;
}

async function readJson(answer) {
  try {
    return await answer.json();
  } catch {
    throw new Fault("server_refused");
  }
}

// A refusal is told in the platform's own words, every reason and what cures it.
async function refusal(answer) {
  try {
    const { refusals = [] } = await answer.json();
    const words = refusals.map(({ message, cure }) => [message, cure].filter(Boolean).join(" "));
    return new Fault("server_refused", words.join("\n"));
  } catch {
    return new Fault("server_refused");
  }
}
