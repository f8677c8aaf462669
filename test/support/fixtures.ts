import { readFileSync, readdirSync } from 'node:fs';
import type { Service } from '../../src/sandbox/server.ts';
import { root } from './paths.ts';

const folder = (service: Service) => `${root}/test/fixtures/${service}/samples`;

/** The text of a recorded sample, exactly as it is kept. */
export function sampleText(service: Service, name: string): string {
  return readFileSync(`${folder(service)}/${name}`, 'utf8');
}

export function sampleNames(service: Service): string[] {
  return readdirSync(folder(service));
}

export interface Exchange {
  readonly request: { readonly method: string; readonly path: string };
  readonly response: { readonly status: number; readonly body: unknown };
}

/** The recorded requests and answers of an Instantly sample. */
export function exchanges(name: string): Exchange[] {
  return (JSON.parse(sampleText('instantly', name)) as { exchanges: Exchange[] }).exchanges;
}

/** The OpenAPI document of a service. */
export function openApi(service: Service): Record<string, unknown> {
  return JSON.parse(readFileSync(`${root}/test/fixtures/${service}/openapi.json`, 'utf8')) as Record<string, unknown>;
}
