// The reader's language: what the address asks for (the site's page says its own), else what was chosen
// here before, else the browser's. The file is the same for all, so nobody can write it into it.

const KEPT = "zhuxin-language";
const known = (code) => /^(zh|en)\b/i.exec(code ?? "")?.[1].toLowerCase() ?? null;

// Of `#lang=en` or `?lang=en`; null where the address asks for none.
function asked() {
  const of = (part) => known(new URLSearchParams(part.slice(1)).get("lang"));
  return of(location.hash) ?? of(location.search);
}

// A browser may keep nothing for a file from disk, or forbid it.
function kept() {
  try {
    return known(localStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

export const languageAtFirst = () => asked() ?? kept() ?? (known(navigator.language) === "zh" ? "zh" : "en");

// Chosen by the reader: for the next time, and for this page where it is loaded again.
export function keepLanguage(language) {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // The browser's language it is, next time.
  }
  if (asked()) location.replace(`#lang=${language}`);
}
