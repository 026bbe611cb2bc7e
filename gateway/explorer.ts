import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import type { ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { ownOperations } from './warmUp.ts';

const require = createRequire(import.meta.url);
const packageFile = (name: string, path: string) => join(dirname(require.resolve(`${name}/package.json`)), path);

/** GraphiQL and what it needs, served from the installed packages: a school's network may not reach a CDN. */
const assets: Readonly<Record<string, { file: string; type: string }>> = {
  '/explorer/react.js': { file: packageFile('react', 'umd/react.production.min.js'), type: 'text/javascript' },
  '/explorer/react-dom.js': { file: packageFile('react-dom', 'umd/react-dom.production.min.js'), type: 'text/javascript' },
  '/explorer/graphiql.js': { file: packageFile('graphiql', 'graphiql.min.js'), type: 'text/javascript' },
  '/explorer/graphiql.css': { file: packageFile('graphiql', 'graphiql.min.css'), type: 'text/css' },
};

interface Development {
  signIns(): Promise<readonly { name: string; description: string; token: string }[]>;
}

/** Answers the explorer's own addresses; false for any other. Development systems only. */
export async function explorer(url: URL, development: Development, response: ServerResponse): Promise<boolean> {
  const asset = assets[url.pathname];
  if (asset) {
    response.writeHead(200, { 'content-type': `${asset.type}; charset=utf-8`, 'cache-control': 'max-age=3600' });
    createReadStream(asset.file).pipe(response);
    return true;
  }
  if (url.pathname === '/explorer/sign-ins') {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
    response.end(JSON.stringify({ signIns: await development.signIns(), operations: ownOperations() }));
    return true;
  }
  if (url.pathname !== '/') return false;
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:",
  });
  response.end(page);
  return true;
}

const page = /* HTML */ `<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>Rollbook explorer</title>
      <link rel="stylesheet" href="/explorer/graphiql.css" />
      <style>
        body {
          margin: 0;
          height: 100vh;
          display: flex;
          flex-direction: column;
          font:
            15px system-ui,
            sans-serif;
        }
        header {
          display: flex;
          gap: 1rem;
          align-items: center;
          padding: 0.5rem 1rem;
          background: #1d3557;
          color: #fff;
        }
        header b {
          font-size: 1.1rem;
        }
        select {
          font: inherit;
          padding: 0.15rem;
          max-width: 24rem;
        }
        #graphiql {
          flex: 1;
          min-height: 0;
        }
      </style>
    </head>
    <body>
      <header>
        <b>Rollbook</b>
        <label
          >Signed in as
          <select id="who"></select
        ></label>
        <label
          >Operation
          <select id="what"></select
        ></label>
      </header>
      <main id="graphiql">Loading ...</main>
      <script src="/explorer/react.js"></script>
      <script src="/explorer/react-dom.js"></script>
      <script src="/explorer/graphiql.js"></script>
      <script>
        const today = new Date().toLocaleDateString('en-CA');
        fetch('/explorer/sign-ins')
          .then((answer) => answer.json())
          .then(({ signIns, operations }) => {
            const who = document.getElementById('who');
            const what = document.getElementById('what');
            for (const { name, description } of signIns) who.add(new Option(name + ' - ' + description, name));
            for (const { name } of operations) what.add(new Option(name, name));
            const fetcher = GraphiQL.createFetcher({
              url: '/graphql',
              fetch: (url, request) => {
                const signIn = signIns.find(({ name }) => name === who.value);
                return fetch(url, { ...request, headers: { ...request.headers, authorization: 'Bearer ' + (signIn ? signIn.token : '') } });
              },
            });
            const root = ReactDOM.createRoot(document.getElementById('graphiql'));
            const show = () => {
              const operation = operations.find(({ name }) => name === what.value) || operations[0];
              root.render(
                React.createElement(GraphiQL, {
                  key: what.value,
                  fetcher,
                  query: operation && operation.query,
                  variables: JSON.stringify({ date: today }, null, 2),
                  defaultEditorToolsVisibility: true,
                }),
              );
            };
            what.onchange = show;
            show();
          });
      </script>
    </body>
  </html>`;
