import { createHash } from 'node:crypto';

// A service at EMBEDDING_URL would know what a text means. There is none here: words are counted instead.
export const SIZE = 256;
const CHUNK = 1000;

/** A number of each word's own says which place of the vector counts it. */
export function embed(text) {
  const vector = new Array(SIZE).fill(0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    vector[createHash('sha256').update(word).digest().readUInt16BE(0) % SIZE] += 1;
  }
  return vector;
}

/** A text in pieces of a size that one vector can stand for, cut between paragraphs where it can be. */
export function chunks(text) {
  const pieces = [];
  for (const paragraph of text.split(/\n{2,}/)) {
    const last = pieces.length - 1;
    if (last >= 0 && pieces[last].length + paragraph.length < CHUNK) pieces[last] += `\n\n${paragraph}`;
    else for (let at = 0; at < paragraph.length; at += CHUNK) pieces.push(paragraph.slice(at, at + CHUNK));
  }
  return pieces;
}

/** The same piece of the same page is the same point, however often it is ingested. */
export function pointId(...parts) {
  const hex = createHash('sha256').update(parts.join('\0')).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
