// Files and folders dropped into a box of the page.

// add: called with [name, File] of each; fail: with what went wrong.
export function dropInto(box, add, fail) {
  box.addEventListener("dragover", (event) => {
    event.preventDefault();
    box.classList.add("over");
  });
  box.addEventListener("dragleave", () => box.classList.remove("over"));
  box.addEventListener("drop", async (event) => {
    event.preventDefault();
    box.classList.remove("over");
    try {
      // Asked for at once: when the event is over, it tells nothing any more.
      add((await Promise.all([...event.dataTransfer.items].map(dropped))).flat());
    } catch (fault) {
      fail(fault);
    }
  });
}

// What was dropped: [name, File] of a file, or of all that a folder holds. Chromium gives handles, and to a
// page from disk nothing of a folder otherwise; the others give entries.
async function dropped(item) {
  const [handle, entry, file] = [item.getAsFileSystemHandle?.(), item.webkitGetAsEntry?.(), item.getAsFile()];
  const found = await Promise.resolve(handle).catch(() => null);
  if (found) return inside(found, "");
  if (entry?.isDirectory) return below(entry, "");
  return file ? [[file.name, file]] : [];
}

async function inside(handle, path) {
  const name = path + handle.name;
  if (handle.kind === "file") return [[name, await handle.getFile()]];
  const found = [];
  for await (const each of handle.values()) found.push(...(await inside(each, `${name}/`)));
  return found;
}

async function below(entry, path) {
  const name = path + entry.name;
  if (entry.isFile) {
    return [[name, await new Promise((resolve, reject) => entry.file(resolve, reject))]];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) break;
    found.push(...some);
  }
  return (await Promise.all(found.map((each) => below(each, `${name}/`)))).flat();
}
