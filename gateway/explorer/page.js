/** GraphiQL with two menus: as whom to ask, and which of Rollbook's own operations to start from. */
/* global GraphiQL, React, ReactDOM */
const who = document.getElementById('who');
const what = document.getElementById('what');
const notice = document.getElementById('notice');
const main = document.getElementById('graphiql');
const root = ReactDOM.createRoot(main);
const tokens = new Map();
const blank = '# Write an operation.\n# Ctrl-Space completes it, Ctrl-Enter runs it.\n';

async function load() {
  const answer = await fetch('/explorer/start');
  if (!answer.ok) throw new Error(`The gateway answered ${answer.status}.`);
  const start = await answer.json();
  for (const { name, token } of start.signIns) tokens.set(name, token);
  return start;
}

/** Asks as the person in the menu. A sign-in that has expired while the page was open is fetched again, once. */
async function ask(operation, again = true) {
  const answer = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.get(who.value) ?? ''}` },
    body: JSON.stringify(operation),
  });
  if (answer.status !== 401 || !again) return answer.json();
  await load();
  return ask(operation, false);
}

function show({ query, variables }) {
  const editor = {
    key: what.value,
    fetcher: ask,
    query,
    variables: JSON.stringify(variables, null, 2),
    defaultEditorToolsVisibility: true,
  };
  root.render(
    React.createElement(GraphiQL, {
      ...editor,
      forcedTheme: 'light',
      disableTabs: true,
      showPersistHeadersSettings: false,
      isHeadersEditorEnabled: false,
    }),
  );
}

/** Names for the parts of GraphiQL that have none, for those who do not see them. */
const names = {
  '.graphiql-query-editor textarea': 'Operation',
  '.graphiql-editor-tool textarea': 'Variables',
  '.result-window textarea': 'Answer',
  '.CodeMirror-hints': 'Completions',
};
new MutationObserver(() => {
  for (const [selector, name] of Object.entries(names))
    for (const part of document.querySelectorAll(`${selector}:not([aria-label])`)) part.setAttribute('aria-label', name);
}).observe(document.body, { childList: true, subtree: true });

// Tab leaves an editor, as it leaves anything else: who has no mouse must get to the next control.
main.addEventListener('keydown', (event) => event.key === 'Tab' && event.stopPropagation(), { capture: true });

async function begin() {
  const { signIns, operations } = await load();
  for (const { name, description } of signIns) who.add(new Option(`${name} – ${description}`, name));
  const choices = new Map([...operations.map((operation) => [operation.name, operation]), ['Your own', { query: blank, variables: {} }]]);
  for (const name of choices.keys()) what.add(new Option(name));
  if (!signIns.length) notice.textContent = 'There is nobody to sign in as yet: bring a district in with npm run import.';
  what.onchange = () => show(choices.get(what.value));
  what.onchange();
}

begin().catch((error) => {
  notice.textContent = `The explorer could not start. ${error.message} Reload the page to try again.`;
});
