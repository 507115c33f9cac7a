/** How many calls were answered, and the codes of those that were refused. */
export async function race<T>(calls: Promise<T>[]): Promise<{ won: T[]; refused: string[] }> {
  const results = await Promise.allSettled(calls);
  return {
    won: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    refused: results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as { code: string }).code] : [],
    ),
  };
}
