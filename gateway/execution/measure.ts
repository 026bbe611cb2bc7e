/**
 * How much CPU the gateway's executor takes for a class roster over four subgraphs, against Apollo's own executor over the
 * same data sources: `node gateway/execution/measure.ts`. The subgraphs answer at once with what they answered the
 * first time, so that what is measured is the gateway: planning is done, transport is left out. Reading the subgraphs'
 * JSON and writing the client's costs the same in both and is shown apart.
 */
import type { GraphQLDataSource } from '@apollo/gateway';
import { CompiledGateway } from './gateway.ts';
import { requestContext } from './requestContext.ts';
import { composeSupergraph, localDataSources, largeClass } from './sampleSchool.ts';

const REQUESTS = 2000;
const ROUNDS = 7;

const ROSTER = /* GraphQL */ `
  query Roster($id: ID!) {
    section(id: $id) {
      id
      title
      period
      teacher {
        id
        name
        email
      }
      average
      rolls {
        id
        date
        submitted
      }
      enrollments {
        id
        seat
        active
        absent
        mark {
          id
          points
          letter
          posted
          comments
        }
        student {
          id
          name
          email
          gradeLevel
          nickname
          withdrawn
          gpa
          absences
          contacts {
            name
            phone
            order
          }
        }
      }
    }
  }
`;

/** Answers each question as the subgraph did the first time, in new objects each time as a parser would make them. */
function remembering(source: GraphQLDataSource, answers: Map<string, string>): GraphQLDataSource {
  return {
    async process(options) {
      const question = options.request.query ?? '';
      let answer = answers.get(question);
      if (answer === undefined) answers.set(question, (answer = JSON.stringify(await source.process(options))));
      return JSON.parse(answer);
    },
  };
}

async function prepare(executor: 'compiled' | 'stock') {
  const subgraphs = largeClass(30);
  const dataSource = localDataSources(subgraphs);
  const answers = new Map<string, string>();
  const gateway = new CompiledGateway({
    supergraphSdl: composeSupergraph(subgraphs),
    dataSource: (name) => remembering(dataSource(name), answers),
    executor,
  });
  await gateway.load({ apollo: {} });
  const request = requestContext(ROSTER, { variables: { id: 'c1' } });
  return { gateway, answers, once: async () => JSON.stringify(await gateway.executor(request)) };
}

async function microsecondsEach(once: () => Promise<string>): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < REQUESTS; i++) await once();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS;
}

const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

const stock = await prepare('stock');
const compiled = await prepare('compiled');
const answer: unknown = JSON.parse(await compiled.once());
const jsonOnly = async () => {
  for (const text of compiled.answers.values()) JSON.parse(text);
  return JSON.stringify(answer);
};

const figures = { stock: [] as number[], compiled: [] as number[], json: [] as number[] };
for (let round = 0; round < ROUNDS; round++) {
  figures.stock.push(await microsecondsEach(stock.once));
  figures.compiled.push(await microsecondsEach(compiled.once));
  figures.json.push(await microsecondsEach(jsonOnly));
}
const json = median(figures.json);
const stockAlone = median(figures.stock) - json;
const compiledAlone = median(figures.compiled) - json;
console.log(`A roster of ${JSON.stringify(answer).length} characters; CPU a request, medians of ${ROUNDS} rounds of ${REQUESTS}:`);
console.log(`JSON ${json.toFixed(0)} µs; over it stock ${stockAlone.toFixed(0)} µs, compiled ${compiledAlone.toFixed(0)} µs.`);
console.log(
  `${(stockAlone / compiledAlone).toFixed(1)} times less; with the JSON ${((stockAlone + json) / (compiledAlone + json)).toFixed(1)} times less.`,
);
await Promise.all([stock.gateway.stop(), compiled.gateway.stop()]);
