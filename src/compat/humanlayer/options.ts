/** HumanLayer's response options, which are our options with more to say. */
import { z } from "zod";
import { cut } from "../texts.ts";

export const optionsSchema = z
  .array(
    z.object({
      // It comes back as it was sent, so it is refused rather than cut.
      name: z.string().min(1).max(75),
      title: z.string().max(1_000).nullish(),
      description: z.string().max(2_000).nullish(),
      prompt_fill: z.string().max(2_000).nullish(),
      interactive: z.boolean().nullish(),
    }),
  )
  .max(50)
  .refine(
    (options) => new Set(options.map(({ name }) => name)).size === options.length,
    "option names must be unique",
  )
  .nullish();

export type Options = z.output<typeof optionsSchema>;

export function asOptions(options: Options) {
  if (!options || options.length === 0) return {};
  return {
    options: options.map(({ name, title, description }) => {
      const shown = title || description;
      return shown ? { name, title: cut(shown, 150) } : { name };
    }),
  };
}

/** What an option says, where its name is all that was chosen. */
export function saidBy(options: Options, name: string | undefined): string | undefined {
  const option = options?.find((one) => one.name === name);
  return option ? option.prompt_fill || option.title || option.name : undefined;
}
