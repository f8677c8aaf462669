import { Ajv, type ErrorObject, type Options } from 'ajv';
import formats from 'ajv-formats';
import type { Json } from './instantlyWorld.ts';

/** Checks bodies against schemas. */
export class BodyChecks {
  readonly #ajv: Ajv;

  constructor(options: Options) {
    this.#ajv = new Ajv({ strict: false, ...options });
    formats.default(this.#ajv);
  }

  /** The first thing that is wrong; undefined: nothing. As services do, it converts what can be in the body itself. */
  problemOf(schema: Json, body: unknown): ErrorObject | undefined {
    return this.#ajv.validate(schema, body) ? undefined : this.#ajv.errors?.[0];
  }
}
