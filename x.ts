import { runHostTests } from './test/support/hostTests.ts';
console.log(JSON.stringify(await runHostTests(process.argv[2] as never), null, 1).replaceAll('\\n','\n'));
