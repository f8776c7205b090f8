export const OPEN = {};
