// What a bot gets as "@medplum/core": the helpers that bots use, written for these sandboxes.

export * from "./constants.js";
export * from "./format.js";
export * from "./hl7.js";
export * from "./outcomes.js";
export * from "./resources.js";
export * from "./values.js";

/** Bots are given their client; there is no other to make. */
export class MedplumClient {
  constructor() {
    throw new Error("A bot uses the medplum that its handler is given; it can't make another client");
  }
}
