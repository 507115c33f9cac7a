import { createHash } from 'node:crypto';

const style = `
:root { color-scheme: light dark; --ink: #1d2430; --soft: #5b6675; --page: #fbfaf8; --card: #f0ede7; --link: #9a3b12; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e6e1; --soft: #a3aab5; --page: #15181d; --card: #1f242c; --link: #f0a57f; } }
body { margin: 0 auto; max-width: 46rem; padding: 4rem 1.5rem; background: var(--page); color: var(--ink); font: 1.05rem/1.6 system-ui, sans-serif; }
h1 { margin: 0; font-size: 2.6rem; letter-spacing: -.02em; }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.15rem; }
p.lead { margin: .25rem 0 2rem; color: var(--soft); font-size: 1.2rem; }
pre { overflow-x: auto; padding: 1rem 1.2rem; border-radius: .6rem; background: var(--card); font: .88rem/1.55 ui-monospace, monospace; }
a { color: var(--link); }
nav a { margin-right: 1.2rem; font-weight: 600; }
`;

/** `origin` is where the caller reached us, so that the commands can be copied as they are. */
export const landingPage = (origin: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lathe: 3D models from pictures and words</title>
<style>${style}</style>
</head>
<body>
<h1>Lathe</h1>
<p class="lead">3D models from pictures and words, on your own machines.</p>
<nav><a href="/docs">API reference</a><a href="/models">Models</a><a href="/openapi.json">OpenAPI</a></nav>
<h2>1. Make an account</h2>
<pre>curl ${escaped(origin)}/auth/register -H 'content-type: application/json' \\
  -d '{"email":"ada@example.org","password":"a long passphrase"}'
export TOKEN=<em>the access_token of the answer</em></pre>
<h2>2. Ask for a model</h2>
<pre>curl ${escaped(origin)}/generate -H "authorization: Bearer $TOKEN" \\
  -H 'content-type: application/json' \\
  -d '{"prompt":"a red ceramic mug","output_formats":["glb","obj","fbx"]}'</pre>
<p>or from a picture:</p>
<pre>curl ${escaped(origin)}/generate -H "authorization: Bearer $TOKEN" \\
  -F image=@mug.png</pre>
<h2>3. See how far it is, and take it home</h2>
<pre>curl ${escaped(origin)}/generate/<em>task_id</em> -H "authorization: Bearer $TOKEN"
curl ${escaped(origin)}/generate/<em>task_id</em>/result?format=glb \\
  -H "authorization: Bearer $TOKEN" -o mug.glb</pre>
</body>
</html>
`;

/** The page has one style and no script: nothing else may load or run. */
export const landingPagePolicy =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; ` +
  `base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
