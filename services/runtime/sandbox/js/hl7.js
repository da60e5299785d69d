// HL7 v2 messages: segments of fields of repetitions of components.

import { formatHl7DateTime } from "./format.js";

export class Hl7Context {
  constructor(segment = "\r", field = "|", component = "^", repetition = "~", escape = "\\", subcomponent = "&") {
    this.segmentSeparator = segment;
    this.fieldSeparator = field;
    this.componentSeparator = component;
    this.repetitionSeparator = repetition;
    this.escapeCharacter = escape;
    this.subcomponentSeparator = subcomponent;
  }

  getMsh1() {
    return this.fieldSeparator;
  }

  getMsh2() {
    return this.componentSeparator + this.repetitionSeparator + this.escapeCharacter + this.subcomponentSeparator;
  }
}

export class Hl7Message {
  constructor(segments, context = new Hl7Context()) {
    this.context = context;
    this.segments = segments;
  }

  static parse(text) {
    if (typeof text !== "string" || !text.startsWith("MSH") || text.length < 8) {
      throw new Error("Invalid HL7 message: it must start with an MSH segment");
    }
    const [field, component, repetition, escape, subcomponent] = text.slice(3, 8);
    const context = new Hl7Context("\r", field, component, repetition, escape, subcomponent);
    const lines = text.split(/[\r\n]+/).filter((line) => line !== "");
    return new Hl7Message(
      lines.map((line) => Hl7Segment.parse(line, context)),
      context,
    );
  }

  get header() {
    return this.segments[0];
  }

  getSegment(which) {
    return typeof which === "number"
      ? this.segments[which]
      : this.segments.find((segment) => segment.name === which);
  }

  getAllSegments(name) {
    return this.segments.filter((segment) => segment.name === name);
  }

  get(which) {
    return this.getSegment(which);
  }

  getAll(name) {
    return this.getAllSegments(name);
  }

  setSegment(which, segment) {
    const index = typeof which === "number" ? which : this.segments.findIndex((one) => one.name === which);
    // The header stays the first, and the only one.
    if (index < 0 || index > this.segments.length || (index === 0) !== (segment.name === "MSH")) {
      return false;
    }
    this.segments[index] = segment;
    return true;
  }

  buildAck(options) {
    const { context, header } = this;
    const now = new Date();
    const field = (index) => header?.getField(index)?.toString() ?? "";
    const event = header?.getComponent(9, 2);
    const fields = ["MSH", context.getMsh2(), field(5), field(6), field(3), field(4), formatHl7DateTime(now), ""];
    fields.push(event ? ["ACK", event, "ACK"].join(context.componentSeparator) : "ACK");
    fields.push(String(now.getTime()), "P", field(12) || "2.5.1");
    const code = options?.ackCode ?? "AA";
    const segments = [
      new Hl7Segment(fields, context),
      new Hl7Segment(["MSA", code, field(10), code === "AA" ? "OK" : ""], context),
    ];
    if (options?.errSegment) {
      segments.push(options.errSegment);
    }
    return new Hl7Message(segments, context);
  }

  toString() {
    return this.segments.map(String).join(this.context.segmentSeparator);
  }
}

export class Hl7Segment {
  constructor(fields, context = new Hl7Context()) {
    this.context = context;
    this.name = String(fields[0]);
    // The header's second field holds the separators themselves and has no parts.
    const whole = (i) => i === 0 || (this.name === "MSH" && i === 1);
    this.fields = fields.map((field, i) => {
      if (typeof field !== "string") {
        return field;
      }
      return whole(i) ? new Hl7Field([[field]], context) : Hl7Field.parse(field, context);
    });
  }

  static parse(text, context = new Hl7Context()) {
    return new Hl7Segment(text.split(context.fieldSeparator), context);
  }

  /** The field by its place in the text, from 0, the name. */
  get(index) {
    return this.fields[index];
  }

  /** The field by its number in the standard; MSH counts its own separator as the first. */
  getField(index) {
    if (this.name !== "MSH") {
      return this.fields[index];
    }
    return index === 1 ? new Hl7Field([[this.context.getMsh1()]], this.context) : this.fields[Math.max(0, index - 1)];
  }

  getComponent(field, component, subcomponent, repetition = 0) {
    return this.getField(field)?.getComponent(component, subcomponent, repetition) ?? "";
  }

  setField(index, field) {
    if (index < 1 || (this.name === "MSH" && index <= 2)) {
      return false;
    }
    const place = this.name === "MSH" ? index - 1 : index;
    while (this.fields.length <= place) {
      this.fields.push(new Hl7Field([[""]], this.context));
    }
    this.fields[place] = typeof field === "string" ? Hl7Field.parse(field, this.context) : field;
    return true;
  }

  setComponent(field, component, value, subcomponent, repetition = 0) {
    if (!this.getField(field) && !this.setField(field, "")) {
      return false;
    }
    return !(this.name === "MSH" && field <= 2) && this.getField(field).setComponent(component, value, subcomponent, repetition);
  }

  toString() {
    return this.fields.map(String).join(this.context.fieldSeparator);
  }
}

export class Hl7Field {
  /** @param components by repetition, then by component */
  constructor(components, context = new Hl7Context()) {
    this.context = context;
    this.components = components;
  }

  static parse(text, context = new Hl7Context()) {
    const repetitions = text.split(context.repetitionSeparator);
    return new Hl7Field(
      repetitions.map((repetition) => repetition.split(context.componentSeparator)),
      context,
    );
  }

  getComponent(component, subcomponent, repetition = 0) {
    const value = this.components[repetition]?.[component - 1] ?? "";
    return subcomponent === undefined ? value : (value.split(this.context.subcomponentSeparator)[subcomponent] ?? "");
  }

  get(component, subcomponent, repetition) {
    return this.getComponent(component, subcomponent, repetition);
  }

  setComponent(component, value, subcomponent, repetition = 0) {
    if (component < 1 || repetition < 0 || (subcomponent ?? 0) < 0) {
      return false;
    }
    const filled = (array, length, make) => {
      while (array.length < length) {
        array.push(make());
      }
      return array;
    };
    const parts = filled(this.components, repetition + 1, () => [""])[repetition];
    filled(parts, component, () => "");
    if (subcomponent === undefined) {
      parts[component - 1] = value;
    } else {
      const pieces = filled(parts[component - 1].split(this.context.subcomponentSeparator), subcomponent + 1, () => "");
      pieces[subcomponent] = value;
      parts[component - 1] = pieces.join(this.context.subcomponentSeparator);
    }
    return true;
  }

  toString() {
    const { componentSeparator, repetitionSeparator } = this.context;
    return this.components.map((parts) => parts.join(componentSeparator)).join(repetitionSeparator);
  }
}
