type Values = Record<string, unknown>;

/** Deeper than any style that people write. */
const DEPTH_MAX = 32;

/**
 * What a style expression yields for an object with these properties, as far as a legend needs it; undefined for
 * anything that depends on more than properties.
 */
export function evaluate(expression: unknown, values: Values, depth = 0): unknown {
  if (!Array.isArray(expression)) return expression;
  if (depth > DEPTH_MAX) return undefined;
  const [operator, ...operands] = expression as [string, ...unknown[]];
  const value = (it: unknown) => evaluate(it, values, depth + 1);
  return OPERATORS[operator]?.(operands, value, values);
}

type Operator = (operands: unknown[], value: (it: unknown) => unknown, values: Values) => unknown;

const OPERATORS: Record<string, Operator> = {
  literal: ([it]) => it,
  get: ([name], _, values) => values[String(name)],
  has: ([name], _, values) => values[String(name)] !== undefined,
  coalesce: (operands, value) => operands.map(value).find((it) => it !== undefined && it !== null),
  'to-string': ([it], value) => String(value(it) ?? ''),
  'to-number': ([it], value) => Number(value(it)),
  downcase: ([it], value) => String(value(it)).toLowerCase(),
  slice: ([it, from, to], value) =>
    String(value(it)).slice(Number(value(from)), to === undefined ? undefined : Number(value(to))),
  '==': ([one, other], value) => value(one) === value(other),
  '!=': ([one, other], value) => value(one) !== value(other),
  '!': ([it], value) => !value(it),
  all: (operands, value) => operands.every(value),
  any: (operands, value) => operands.some(value),
  match: ([input, ...cases], value) => {
    const sought = value(input);
    const at = cases.findIndex((it, i) => i % 2 === 0 && [it].flat().includes(sought));
    return value(at >= 0 && at + 1 < cases.length ? cases[at + 1] : cases.at(-1));
  },
  case: (cases, value) => {
    const at = cases.findIndex(
      (it, i) => i % 2 === 0 && i + 1 < cases.length && value(it) === true,
    );
    return value(at >= 0 ? cases[at + 1] : cases.at(-1));
  },
};
