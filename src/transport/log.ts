/** Where log lines go. The user interface gives VS Code's log channel, tests an array. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
