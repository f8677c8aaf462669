import * as vscode from 'vscode';

/**
 * What a person types into the box that opens while something runs: the first answer, and the next one where the box
 * refuses it. Who has no other answer closes the box. Gives what the boxes asked for.
 */
export async function typing(answers: readonly string[], act: () => PromiseLike<unknown>): Promise<string[]> {
  const asked: string[] = [];
  const rest = [...answers];
  const before = vscode.window.createInputBox;
  vscode.window.createInputBox = () => {
    const box = before();
    let accept: () => unknown = () => undefined;
    const answer = () => {
      const text = rest.shift();
      if (text === undefined) {
        box.hide();
      } else {
        box.value = text;
        accept();
      }
    };
    return new Proxy(box, {
      get: (_, name) => {
        if (name === 'onDidAccept') {
          return (listener: () => unknown) => {
            accept = listener;
            return { dispose: () => undefined };
          };
        }
        if (name === 'show') {
          return () => {
            box.show();
            asked.push(box.prompt ?? '');
            answer();
          };
        }
        const value: unknown = Reflect.get(box, name);
        return typeof value === 'function' ? (value.bind(box) as unknown) : value;
      },
      set: (_, name, value) => {
        const done = Reflect.set(box, name, value);
        // The box is ready for another answer when it says that it is no longer busy.
        if (name === 'busy' && value === false && box.validationMessage !== undefined) {
          setImmediate(answer);
        }
        return done;
      },
    });
  };
  try {
    await act();
  } finally {
    vscode.window.createInputBox = before;
  }
  return asked;
}
