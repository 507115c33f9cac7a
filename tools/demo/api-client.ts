import type { FileView, RegisteredAccount, TaskView } from '#contracts';

/** What the API answered instead of what was asked for, in its own words. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
}

/** A client of the HTTP API as an integrator would write one: fetch and nothing else. */
export class ApiClient {
  private token = '';

  constructor(private readonly baseUrl: string) {}

  async register(email: string, password: string): Promise<void> {
    const account = await this.json<RegisteredAccount>('POST', '/auth/register', { email, password });
    this.token = account.access_token;
  }

  async upload(filename: string, content: Uint8Array<ArrayBuffer>): Promise<FileView> {
    const form = new FormData();
    form.append('file', new Blob([content]), filename);
    return (await this.send('POST', '/upload', { body: form })).json() as Promise<FileView>;
  }

  generate(request: object): Promise<TaskView> {
    return this.json('POST', '/generate', request);
  }

  task(id: string): Promise<TaskView> {
    return this.json('GET', `/generate/${id}`);
  }

  async result(id: string, format: string): Promise<Response> {
    return this.send('GET', `/generate/${id}/result?format=${format}`);
  }

  async file(url: string): Promise<Response> {
    return this.send('GET', url);
  }

  async models(): Promise<{ id: string; status: string }[]> {
    return this.json('GET', '/models');
  }

  private async json<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = body ? { 'content-type': 'application/json' } : undefined;
    const answer = await this.send(method, path, { headers, body: body && JSON.stringify(body) });
    return answer.json() as Promise<T>;
  }

  private async send(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.token) headers.set('authorization', `Bearer ${this.token}`);
    const answer = await fetch(new URL(path, this.baseUrl), { ...init, method, headers });
    if (!answer.ok) throw new ApiProblem(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}
