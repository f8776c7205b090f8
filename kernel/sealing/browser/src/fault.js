// Something that the person must be told. The code names a text that the page carries.

export class Fault extends Error {
  constructor(code, detail = "") {
    super(detail || code);
    this.code = code;
    this.detail = detail;
  }
}
