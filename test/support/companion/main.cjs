// Prepares a VS Code for development and tests: applies user settings and runs commands at start. The user settings of
// a browser workbench live in the browser, so no file on this side could hold them.
const { renameSync, writeFileSync } = require('node:fs');
const vscode = require('vscode');

exports.activate = async () => {
  const { settings = {}, commands = [], watch = false, done } = JSON.parse(process.env.SENDMAP_COMPANION ?? '{}');
  // Tests plant links to this command in texts from services: that it ran is seen by its file.
  vscode.commands.registerCommand('sendmapCompanion.planted', () => writeFileSync(`${done}.planted`, ''));
  const subject = vscode.extensions.getExtension('sendmap.sendmap');
  const started = performance.now();
  await subject?.activate();
  const activation = performance.now() - started;
  for (const [name, value] of Object.entries(settings)) {
    await vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Global);
  }
  for (const command of commands) {
    await vscode.commands.executeCommand(command);
  }
  const port = watch ? await require('./watch.cjs').watch() : undefined;
  if (done !== undefined) {
    // Renamed into place, so that nobody reads half of it.
    writeFileSync(`${done}.part`, JSON.stringify({ activation, port }));
    renameSync(`${done}.part`, done);
  }
};
