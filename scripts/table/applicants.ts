import { Stream } from '../../src-main/random/philox.ts';
import { weights } from './decisions.ts';

const between = (low: number, value: number, high: number): number =>
  Math.min(high, Math.max(low, value));

/** People as they might apply: age and years in the job go together, as do income and home. */
function applicant(stream: Stream): string[] {
  const [a, b, c, d] = Array.from({ length: 4 }, () => stream.uniform());
  const age = Math.round(between(18, 20 + 60 * a * a + 20 * b, 85));
  const income = between(8, 12 + 60 * b + 0.4 * (age - 18) * c, 120);
  const job = between(0, (age - 18) * 0.6 * c, 40);
  const dependants = Math.floor(5 * d * d);
  const home = income > 45 && c > 0.3 ? 'owns' : d > 0.8 ? 'free' : 'rents';
  const region = stream.uniform() < 0.5 ? 'south' : 'north';
  const cells = [age, income.toFixed(1), job.toFixed(1), dependants, home, region].map(String);
  return [...cells, decisionOf({ age, income, job, dependants, home })];
}

interface Fair {
  readonly age: number;
  readonly income: number;
  readonly job: number;
  readonly dependants: number;
  readonly home: string;
}

/** What people decided, who did not look at the region. */
function decisionOf({ age, income, job, dependants, home }: Fair): string {
  const score =
    weights.age * Math.tanh((age - 45) / 18) +
    weights.income * Math.tanh((income - 45) / 20) +
    weights.job * Math.tanh((job - 8) / 8) +
    weights.dependants * Math.tanh((dependants - 2) / 2) +
    (weights.home[['owns', 'rents', 'free'].indexOf(home)] ?? 0);
  if (score > 0.8) return 'granted';
  return score < -0.8 ? 'refused' : 'looked at';
}

const HEAD = ['age', 'income', 'years in the job', 'dependants', 'home', 'region', 'class'];

/** Natural rows as a CSV file, always the same. */
export function applicants(count: number): string {
  const stream = new Stream(7, 0, 0, 'noise').seek(0);
  const rows = Array.from({ length: count }, () => applicant(stream));
  return [HEAD, ...rows].map((cells) => cells.join(',')).join('\n') + '\n';
}
