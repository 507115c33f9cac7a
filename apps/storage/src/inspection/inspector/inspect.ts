import type { Order, Report } from '../messages.js';
import { cleanPicture } from './picture.js';
import { Refusal } from './refusal.js';

const mebibyte = 1024 * 1024;

/** Looks at one upload. Never rejects. */
export async function inspect(order: Order): Promise<Report> {
  try {
    const picture = order.kind === 'picture' ? await cleanPicture(order) : await model(order.path);
    return { type: 'accepted', picture, rssMb: Math.round(process.memoryUsage.rss() / mebibyte) };
  } catch (error) {
    if (error instanceof Refusal) {
      return { type: 'refused', reason: error.message, ...(error.members ? { members: error.members } : {}) };
    }
    return { type: 'failed', reason: String(error) };
  }
}

/** The mesh library is large, and few uploads need it. */
async function model(path: string): Promise<null> {
  const { checkModel } = await import('./model.js');
  await checkModel(path);
  return null;
}
