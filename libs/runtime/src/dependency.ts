/** Asks whether something that a process needs answers: cheap, and without a connection of its own. */
export type Ask = () => boolean | Promise<boolean>;

const answerWithinMs = 2000;

/** Something that a process needs, by name. Probes that come at once share one question, so that none piles up behind a silent server. */
export class Dependency {
  /** What the last probe found; undefined before the first. */
  lastKnown: boolean | undefined;
  private asking: Promise<boolean> | undefined;

  constructor(
    readonly name: string,
    private readonly ask: Ask,
  ) {}

  /** Never rejects: what fails, or says nothing within two seconds, does not answer. */
  async answers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), answerWithinMs);
    });
    const answer = await Promise.race([this.question(), late]);
    clearTimeout(timer);
    this.lastKnown = answer;
    return answer;
  }

  private question(): Promise<boolean> {
    this.asking ??= (async () => this.ask())()
      .catch(() => false)
      .finally(() => {
        this.asking = undefined;
      });
    return this.asking;
  }
}
