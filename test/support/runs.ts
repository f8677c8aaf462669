/** How often a property is tried that must hold without exception; less where thousands of mutants each try it. */
export const numRuns = 'STRYKER_MUTATOR_WORKER' in process.env ? 300 : 20_000;
