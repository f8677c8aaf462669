import assert from 'node:assert/strict';
import formats from 'ajv-formats';
import { OpenAPIBackend, type Document } from 'openapi-backend';
import type { SeenRequest, Service } from '../../src/sandbox/server.ts';
import { openApi } from '../support/fixtures.ts';

/**
 * Parameters that are sent although the published document lacks them, each with the reason.
 */
const UNPUBLISHED: Readonly<Record<string, string>> = {
  include_ai_sales_agent_campaigns: 'newer than the harvested document (Instantly FACTS 0)',
};

/** What paths have before those of the document. */
const PREFIXES: Readonly<Record<Service, string>> = { instantly: '', smartlead: '/api/v1' };

/** The published document of a service, against which requests and answers are checked. */
export interface Contract {
  /** @throws {AssertionError} where the request, or the answer to it, is not as documented. */
  check(seen: SeenRequest): void;
  checkRequest(seen: SeenRequest): void;
  checkAnswer(seen: SeenRequest): void;
}

export async function loadContract(service: Service): Promise<Contract> {
  const definition = structuredClone(openApi(service));
  // Answers may have fields that the document does not know yet: unknown fields are normal (Instantly FACTS 0), and
  // `tags` on accounts is one that the document itself forbids and adds in the same breath. Requests may not.
  openAnswers(definition);
  const api = new OpenAPIBackend({
    definition: definition as unknown as Document,
    ajvOpts: { strict: false, allErrors: true },
    customizeAjv: (ajv) => {
      formats.default(ajv);
      return ajv;
    },
    coerceTypes: true,
    // The document's own schema check knows OpenAPI 3.0 only; these are 3.1.
    quick: true,
    ignoreTrailingSlashes: false,
  });
  await api.init();

  function ask(seen: SeenRequest) {
    const query = Object.fromEntries(Object.entries(seen.query).filter(([name]) => !(name in UNPUBLISHED)));
    const request = {
      method: seen.method,
      path: seen.path.slice(PREFIXES[service].length),
      query,
      headers: seen.headers as Record<string, string>,
      ...(seen.sent === undefined ? {} : { body: structuredClone(seen.sent) }),
    };
    const operation = api.matchOperation(request);
    assert.ok(operation, `${seen.method} ${seen.path} is not in the document`);
    return { query, request, operation };
  }

  function checkRequest(seen: SeenRequest): void {
    const { query, request, operation } = ask(seen);
    const declared = (operation.parameters ?? []).map((parameter) => ('name' in parameter ? parameter.name : ''));
    for (const name of Object.keys(query)) {
      assert.ok(declared.includes(name), `${name} is not a parameter of ${seen.path}`);
    }
    const asked = api.validateRequest(request, operation);
    assert.ok(asked.valid, `${seen.method} ${seen.path}: ${JSON.stringify(asked.errors)}`);
  }

  function checkAnswer(seen: SeenRequest): void {
    const answered = api.validateResponse(JSON.parse(JSON.stringify(seen.body)), ask(seen).operation, seen.status);
    assert.ok(answered.valid, `${seen.method} ${seen.path}: ${JSON.stringify(answered.errors?.slice(0, 3))}`);
  }

  return {
    checkRequest,
    checkAnswer,
    check(seen) {
      checkRequest(seen);
      checkAnswer(seen);
    },
  };
}

/** Lets answers have fields that are not documented: those in the schemas by name, which no request uses, and in place. */
function openAnswers(definition: Record<string, unknown>): void {
  const { components, paths } = definition as { components: unknown; paths: Record<string, Record<string, unknown>> };
  open(components);
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    open((operation as { responses?: unknown }).responses);
  }
}

function open(node: unknown): void {
  if (typeof node !== 'object' || node === null) {
    return;
  }
  const record = node as Record<string, unknown>;
  if (record['additionalProperties'] === false) {
    delete record['additionalProperties'];
  }
  if (typeof record['resource_id'] === 'object' && record['resource_id'] !== null) {
    // Declared a UUID, but the email for accounts (Instantly FACTS 2.4).
    delete (record['resource_id'] as Record<string, unknown>)['format'];
  }
  Object.values(record).forEach(open);
}
