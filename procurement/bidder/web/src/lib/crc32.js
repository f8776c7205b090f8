// CRC-32 of ZIP, eight bytes a turn.

const TABLES = Array.from({ length: 8 }, () => new Int32Array(256));
for (let i = 0; i < 256; i++) {
  let value = i;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  TABLES[0][i] = value;
}
for (let t = 1; t < 8; t++) {
  for (let i = 0; i < 256; i++) {
    const before = TABLES[t - 1][i];
    TABLES[t][i] = (before >>> 8) ^ TABLES[0][before & 255];
  }
}
const [T0, T1, T2, T3, T4, T5, T6, T7] = TABLES;

// The CRC of what `sum` is of, followed by these bytes.
export function crc32(bytes, sum = 0) {
  let crc = ~sum;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const eights = bytes.length - (bytes.length % 8);
  for (let i = 0; i < eights; i += 8) {
    const x = view.getInt32(i, true) ^ crc;
    const y = view.getInt32(i + 4, true);
    crc =
      T7[x & 255] ^ T6[(x >>> 8) & 255] ^ T5[(x >>> 16) & 255] ^ T4[x >>> 24] ^
      T3[y & 255] ^ T2[(y >>> 8) & 255] ^ T1[(y >>> 16) & 255] ^ T0[y >>> 24];
  }
  for (let i = eights; i < bytes.length; i++) crc = (crc >>> 8) ^ T0[(crc ^ bytes[i]) & 255];
  return ~crc >>> 0;
}
