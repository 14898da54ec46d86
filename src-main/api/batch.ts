import { z } from 'zod';

/** How many images ran through the network together when a prototype was made, and why. */
export const batchSchema = z.object({
  images: z.int().describe('images of one run of the network when the prototype was done'),
  because: z.string().describe('why not more, in one sentence'),
  trials: z
    .array(z.object({ batch: z.int(), msPerImage: z.number() }))
    .describe('what was measured; empty where nothing had to be'),
  ranOut: z.array(z.int()).describe('numbers of images for which memory ran out meanwhile'),
});

export type BatchFacts = z.output<typeof batchSchema>;

/** `4. With 8 an image is hardly faster. Milliseconds an image: 10 with 1, 6.2 with 2, 4.1 with 4.` */
export function batchInWords({ images, because, trials }: BatchFacts): string {
  const times = trials.map(
    ({ batch, msPerImage }) => `${Number(msPerImage.toPrecision(2))} with ${batch}`,
  );
  const measured = times.length > 1 ? ` Milliseconds an image: ${times.join(', ')}.` : '';
  return `${images}. ${because}${measured}`;
}
