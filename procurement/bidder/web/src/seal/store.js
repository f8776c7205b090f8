// Where ciphertext waits to be packed: a file of the browser's own (OPFS) where the page may have
// one, else Blobs, which the browser keeps on its disk when they are many. Nothing unencrypted ever
// comes here. A page from disk has no OPFS.

const PREFIX = "zhuxin-seal-";

// What waits for this page: a name where there is OPFS, else null. Leftovers of pages that are gone
// are removed; a page that lives holds a lock of its name.
export async function findPlace() {
  try {
    const root = await navigator.storage.getDirectory();
    const { held } = await navigator.locks.query();
    const living = new Set(held.map(({ name }) => name));
    for await (const name of root.keys()) {
      if (name.startsWith(PREFIX) && !living.has(name)) await root.removeEntry(name, { recursive: true });
    }
    const name = PREFIX + crypto.randomUUID();
    navigator.locks.request(name, () => new Promise(() => {}));
    await root.getDirectoryHandle(name, { create: true });
    return name;
  } catch {
    return null;
  }
}

export async function openStore(place) {
  return place === null ? new BlobStore() : FileStore.open(place);
}

class BlobStore {
  parts = [];

  async write(bytes) {
    this.parts.push(new Blob([bytes]));
  }

  async finish() {
    return new Blob(this.parts);
  }
}

class FileStore {
  static async open(place) {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(place);
    const handle = await folder.getFileHandle(crypto.randomUUID(), { create: true });
    return new FileStore(handle, await handle.createSyncAccessHandle());
  }

  constructor(handle, access) {
    Object.assign(this, { handle, access, at: 0 });
  }

  async write(bytes) {
    for (let place = 0; place < bytes.length; ) {
      const written = this.access.write(bytes.subarray(place), { at: this.at });
      if (!written) throw new Error("QuotaExceededError");
      place += written;
      this.at += written;
    }
  }

  async finish() {
    this.access.flush();
    this.access.close();
    return this.handle.getFile();
  }
}

// Bytes that may still be kept here, Infinity where the browser does not say.
export async function roomLeft() {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota - usage;
  } catch {
    return Infinity;
  }
}
