/** Tells the story on the terminal: who in one column, what they do in the other; colours only where somebody watches. */

export interface Narrator {
  /** A plain line, as it is. */
  line(words?: string): void;
  scene(title: string): void;
  says(who: string, words: string): void;
  /** Something that was checked and holds. */
  proven(words: string): void;
  /** What the person at the keyboard can do now. */
  waiting(words: string): void;
  /** Resolves when somebody says something that matches. */
  heard(who: string, words: RegExp): Promise<void>;
}

const WHO = 22;
const MARGIN = 3;

export function createNarrator(output: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Narrator {
  const colourful = output.isTTY === true && !env.NO_COLOR;
  const paint = (code: number) => (words: string) => (colourful ? `\u001b[${code}m${words}\u001b[0m` : words);
  const [bold, dim, green, yellow, cyan] = [1, 2, 32, 33, 36].map(paint) as [
    Paint,
    Paint,
    Paint,
    Paint,
    Paint,
  ];
  const listeners = new Set<(who: string, words: string) => void>();
  let scenes = 0;

  const print = (text = "") => void output.write(`${text}\n`);

  /** Two columns; what is too long for its line goes on under its own beginning. */
  function entry(first: string, words: string, paintFirst: Paint, paintWords: Paint = (text) => text): void {
    const width = Math.max(40, Math.min(output.columns ?? 110, 116) - WHO - MARGIN);
    const indent = " ".repeat(MARGIN);
    wrapped(words, width).forEach((part, at) => {
      print(indent + paintFirst((at === 0 ? first : "").padEnd(WHO)) + paintWords(part));
    });
  }

  return {
    line: print,
    scene(title) {
      scenes += 1;
      print();
      print(bold(`${String(scenes).padStart(2)} ${title}`));
    },
    says(who, words) {
      entry(who, words, cyan);
      for (const listener of [...listeners]) listener(who, words);
    },
    proven: (words) => entry("", `✓ ${words}`, dim, green),
    waiting: (words) => entry("waiting for", words, yellow, yellow),
    heard: (who, words) =>
      new Promise((resolve) => {
        const listener = (speaker: string, said: string) => {
          if (speaker !== who || !words.test(said)) return;
          listeners.delete(listener);
          resolve();
        };
        listeners.add(listener);
      }),
  };
}

type Paint = (words: string) => string;

function wrapped(words: string, width: number): readonly string[] {
  const lines = [""];
  for (const word of words.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
