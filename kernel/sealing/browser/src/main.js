// The signing page: pick a key file, check and show what will be signed, sign on a second click.
// All words stand in the page; this program only moves them.

import { toBase64 } from "./bytes.js";
import { Fault } from "./fault.js";
import { openKeyfile } from "./keyfile.js";
import { checkRequest, requestDigest } from "./request.js";
import { sameOrigin, Server } from "./server.js";

class SigningPage {
  #ready = null; // what the second click signs; dropped as soon as it is used or given up

  constructor(root) {
    this.root = root;
    this.server = new Server(root.dataset);
    this.part("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#run(() => this.#check());
    });
    this.part("sign").addEventListener("click", () => this.#run(() => this.#sign()));
    this.part("cancel").addEventListener("click", () => this.#reset());
    this.part("unscripted").hidden = true;
    this.part("form").hidden = false;
    if (!globalThis.crypto?.subtle) this.#tell(new Fault("context_insecure"));
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  text(code) {
    return this.root.querySelector("template").content.querySelector(`[data-text="${code}"]`)
      ?.textContent.trim();
  }

  async #run(step) {
    if (this.root.ariaBusy === "true") return;
    this.root.ariaBusy = "true";
    this.part("error").hidden = true;
    try {
      await step();
    } catch (fault) {
      this.#reset();
      this.#tell(fault);
    } finally {
      this.root.ariaBusy = "false";
    }
  }

  async #check() {
    const [file] = this.part("keyfile").files;
    const field = this.part("pin");
    const pin = field.value;
    field.value = "";
    if (!file) throw new Fault("keyfile_missing");
    this.#say("opening");
    const keyfile = await openKeyfile(file, pin);
    const now = new Date();
    if (now < keyfile.validFrom || now > keyfile.validTo) throw new Fault("certificate_expired");
    this.#say("fetching");
    const request = await this.server.begin(keyfile);
    const digest = await requestDigest(request);
    const pdf = await this.server.pdf(digest);
    const attributes = await checkRequest(request, pdf, keyfile);
    this.#ready = { keyfile, request, digest, attributes };
    this.#show(request, keyfile, pdf);
  }

  #show(request, keyfile, pdf) {
    const holder = [keyfile.name, keyfile.organisation].filter(Boolean);
    const shown = {
      title: request.title,
      number: request.number,
      organisation: request.organisation,
      holder: [...new Set(holder)].join(" / "),
      fingerprint: keyfile.fingerprint,
      digest: request.document_sha256,
      time: localTime(request.signing_time),
    };
    for (const [name, value] of Object.entries(shown)) this.part(name).textContent = value;
    this.#offer(pdf);
    this.part("form").hidden = true;
    this.part("summary").hidden = false;
    this.#say("checked");
    this.part("heading").focus();
  }

  // The very bytes that were checked, so that what is read is what is signed.
  #offer(pdf) {
    const link = this.part("file");
    if (link.href) URL.revokeObjectURL(link.href);
    link.href = URL.createObjectURL(new Blob([pdf], { type: "application/pdf" }));
  }

  async #sign() {
    const { keyfile, request, digest, attributes } = this.#ready;
    this.#ready = null;
    this.#say("signing");
    const signature = await keyfile.sign(attributes);
    this.#say("sending");
    const response = {
      format: "zhuxin-sign-response/1",
      request_sha256: digest,
      signature: toBase64(signature),
      ...(request.pending && { pending: request.pending }),
    };
    const { redirect, url = redirect } = await this.server.finish(response);
    this.part("summary").hidden = true;
    this.#say("done");
    if (url) location.assign(sameOrigin(url));
  }

  #reset() {
    this.#ready = null;
    this.part("pin").value = "";
    this.part("summary").hidden = true;
    this.part("form").hidden = false;
    this.part("status").textContent = "";
  }

  #say(code) {
    this.part("status").textContent = this.text(code);
  }

  #tell(fault) {
    const error = this.part("error");
    const known = fault instanceof Fault && this.text(fault.code);
    error.textContent = known || this.text("unexpected");
    if (fault.detail) error.textContent += `\n${fault.detail}`;
    error.hidden = false;
    error.focus();
  }
}

// Legal time is UTC+8 wherever the reader's computer stands.
function localTime(instant) {
  const time = new Date(new Date(instant).getTime() + 8 * 3600 * 1000);
  return `${time.toISOString().slice(0, 19).replace("T", " ")} (UTC+8)`;
}

const start = () => document.querySelectorAll("[data-signer]").forEach((root) => new SigningPage(root));
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
