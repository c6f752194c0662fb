// SPDX-License-Identifier: Apache-2.0
/** The design of an Experiment: which factors are varied, and which of their combinations are measured, how often and in which order. */
import { z } from 'zod'
import { anyValue, exactlyOne, identifier, namedOnce, openMap, dnsLabel, refined, text } from './common.ts'
import { SEARCH_SETTINGS, type SearchLoad, SuccessiveHalving, Until } from './design-adaptive.ts'

export const MAX_TRIALS = 10_000
const factorPath = (description: string) => text(description, 512).min(1)
const list = (description: string) => ({ description, 'x-kubernetes-list-type': 'atomic' })
const byName = (description: string) => ({ description, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] })

const levels = (description: string) => z.array(anyValue('One level; its type follows from the path.')).min(1).max(1000).meta(list(description))
const zipped = <More extends z.ZodRawShape>(more: More) => z.array(z.object({
  path: factorPath('A dotted path.'),
  levels: levels('As many values as the other members of zip have.'),
  ...more,
})).min(1).max(16).optional().meta(list('Several paths that change together: level i of each.'))
const named = {
  name: identifier('Name of the factor in tables, constraints and reports.'),
  path: factorPath('What it sets: a dotted path that starts with scenario, workload or harness, such as scenario.serving.parallelism.tensor or workload.load.poisson.stages[high].rate.').optional(),
  levels: levels('The values that it takes.').optional(),
  labels: z.array(text('Label.', 128)).max(1000).optional().meta(list('What the levels are called in tables; for zip the first member\'s levels by default.')),
  unit: text('Unit of the levels, for tables and axes.', 32).optional(),
  when: text('A CEL expression over the other factors and constants, such as mode == "disaggregated". Where it is false the factor does not apply: its path keeps the value of the base, and combinations that then are the same are measured once.', 1024).optional(),
}

/** Branches that say what must be there: CEL cannot see levels, whose type is unknown; a union of required members can. */
const ONE_OF = exactlyOne(['path', 'zip'], 'factor')

const CENTER = { center: anyValue('Its value at centre points; the middle of two numbers by default.').optional() }
export const Factor = z.object({ ...named, zip: zipped(CENTER), ...CENTER })
  .refine((f) => (f.zip === undefined) === (f.path !== undefined && f.levels !== undefined) && !(f.zip !== undefined && (f.path !== undefined || f.levels !== undefined)), { error: 'factor: set path and levels, or zip' })
  .meta({ description: 'Something that is varied.', oneOf: [{ required: ['levels'] }, { required: ['zip'] }], 'x-kubernetes-validations': [ONE_OF] })
export type Factor = z.infer<typeof Factor>

const RANGE_RULE = 'factor: low and high go together, and scale and step belong to them'
export const RangeFactor = z.object({
  ...named,
  zip: zipped({}),
  low: z.number().meta({ description: 'Lower end of its range.' }).optional(),
  high: z.number().meta({ description: 'Upper end of its range.' }).optional(),
  scale: z.enum(['linear', 'log']).optional().meta({ description: 'How it is spaced between low and high: linear (default) or log, by equal ratios.' }),
  step: z.number().positive().optional().meta({ description: 'Only low, low + step, low + 2 step, … are used; 1 where the path takes whole numbers.' }),
}).refine((f) => [f.zip !== undefined, f.levels !== undefined, f.low !== undefined && f.high !== undefined].filter(Boolean).length === 1 && (f.zip === undefined) === (f.path !== undefined), { error: 'factor: set path with low and high, path and levels, or zip' })
  .refine((f) => (f.low === undefined) === (f.high === undefined) && (f.low !== undefined || (f.scale === undefined && f.step === undefined)), { error: RANGE_RULE })
  .meta({
    description: 'Something that is varied over a range, or over levels where the design can place them.',
    oneOf: [{ required: ['levels'] }, { required: ['zip'] }, { required: ['low', 'high'] }],
    'x-kubernetes-validations': [ONE_OF, {
      rule: 'has(self.low) == has(self.high) && (has(self.low) || (!has(self.scale) && !has(self.step)))', message: RANGE_RULE,
      editor: { dependencies: { low: ['high'], high: ['low'], scale: ['low'], step: ['low'] } },
    }],
  })
export type RangeFactor = z.infer<typeof RangeFactor>

const factors = z.array(Factor).min(1).max(32).refine(...namedOnce('factors')).meta(byName('What is varied.'))
const ranges = z.array(RangeFactor).min(1).max(32).refine(...namedOnce('factors')).meta(byName('What is varied, each over a range.'))
const centerPoints = (description: string) => z.int().min(0).max(100).optional().meta({ description })
const twoLevelCenter = centerPoints('How often the centre is measured, in each block: halfway between the levels of every numeric factor, at each combination of the others. It shows curvature, and the spread of repeated runs.')
const seed = z.int().min(0).max(2_147_483_647).default(1).meta({ description: 'Seed of the points; the order has its own.' })
const points = (description: string) => z.int().min(2).max(MAX_TRIALS).meta({ description })
const generators = (description: string) => z.array(text('Such as D=ABC with letters by position (A is the first factor; there is no I), or kv = tp*rate by name.', 512)).min(1).max(27).optional().meta(list(description))
const foldover = z.object({
  factors: z.array(identifier('Name of a factor.')).min(1).max(32).optional().meta(list('Factors whose levels are reversed; all when not set.')),
}).optional().meta({ description: 'Adds the same runs once more with levels reversed, which takes apart what one fraction confuses.' })

const FRACTIONS = ['generators', 'resolution', 'runs'] as const
const FRACTION_RULE = 'fractionalFactorial: a fraction needs generators (such as D=ABC), or resolution or runs that they are chosen for: set exactly one of generators, resolution, runs'
const FractionalFactorial = z.object({
  factors,
  generators: generators('How the further factors follow from the first ones.'),
  resolution: z.int().min(3).max(8).optional().meta({ description: 'The smallest fraction of at least this resolution is used: 3 keeps main effects apart, 4 also from two-factor interactions, 5 keeps two-factor interactions apart too.' }),
  runs: z.int().min(4).max(512).optional().meta({ description: 'The best fraction of this many runs is used, a power of two.' }),
  foldover, centerPoints: twoLevelCenter,
}).refine((d) => FRACTIONS.filter((m) => d[m] !== undefined).length === 1, { error: FRACTION_RULE })
  .meta({ description: 'A regular fraction of the combinations of two levels: main effects and some interactions with few runs.', 'x-kubernetes-validations': [{ ...exactlyOne(FRACTIONS, ''), message: FRACTION_RULE }] })

const CentralComposite = z.object({
  factors: ranges,
  alpha: z.enum(['rotatable', 'faceCentered', 'orthogonal']).default('rotatable').meta({ description: 'How far out the axial points lie: the same precision in all directions, on the faces (low and high), or so that quadratic effects are uncorrelated.' }),
  inscribed: z.boolean().default(false).meta({ description: 'Whether axial points lie at low and high, and the corners within; else corners lie at low and high, and axial points beyond.' }),
  generators: generators('Makes the corners a fraction; it must be of resolution 5 or more.'),
  centerPoints: centerPoints('How often the centre is measured; 5 by default.'),
}).meta({ description: 'Corners, axial points and a centre: curved responses of a few numeric factors.' })

const Search = z.object({
  factors: z.array(Factor).max(16).refine(...namedOnce('factors')).default([]).meta(byName('What is varied beside the load: the capacity of every combination is searched.')),
  ...SEARCH_SETTINGS,
}).meta({ description: 'The highest load that meets the objectives, for every combination of factors, on every stand-up.' })

export const DESIGN_KINDS = ['fullFactorial', 'fractionalFactorial', 'plackettBurman', 'oneFactorAtATime', 'centralComposite', 'boxBehnken', 'latinHypercube', 'sobol', 'search', 'treatments'] as const
export type DesignKind = (typeof DESIGN_KINDS)[number]

export const Treatment = z.object({
  name: dnsLabel('Name of the treatment in tables.', 40),
  set: openMap('Value by dotted path.'),
}).meta({ description: 'One combination, written out.' })

export const Design = z.object({
  fullFactorial: z.object({ factors, centerPoints: twoLevelCenter }).meta({ description: 'Every combination of levels.' }).optional(),
  fractionalFactorial: FractionalFactorial.optional(),
  plackettBurman: z.object({
    factors, runs: z.int().min(8).max(48).optional().meta({ description: 'A multiple of 4; the smallest that is enough by default.' }), foldover, centerPoints: twoLevelCenter,
  }).meta({ description: 'Main effects of many factors of two levels with the fewest runs; interactions blur them.' }).optional(),
  oneFactorAtATime: z.object({ factors }).meta({ description: 'The first level of every factor is the base; then each factor is varied alone. Interactions cannot be seen.' }).optional(),
  centralComposite: CentralComposite.optional(),
  boxBehnken: z.object({ factors: ranges, centerPoints: centerPoints('How often the centre is measured; 3 for three or four factors, 6 for more, by default.') })
    .meta({ description: 'Curved responses of three to seven numeric factors without their extreme corners.' }).optional(),
  latinHypercube: z.object({
    factors: ranges, points: points('How many combinations; the range of each factor is cut into as many strata, each hit once.'),
    criterion: z.enum(['maximin', 'none']).default('maximin').meta({ description: 'Whether points are moved apart (maximin) or left as drawn.' }), seed,
  }).meta({ description: 'Combinations spread over the ranges, evenly in every factor.' }).optional(),
  sobol: z.object({
    factors: ranges, points: points('How many combinations, best a power of two; more may be added later.'),
    scramble: z.boolean().default(true).meta({ description: 'Whether the sequence is scrambled by the seed; unscrambled it begins with the low end of every range.' }), seed,
  }).meta({ description: 'Combinations of a low-discrepancy sequence, which stays even when it grows.' }).optional(),
  search: Search.optional(),
  treatments: z.array(Treatment).min(1).max(1000).refine(...namedOnce('treatments')).optional().meta(byName('Combinations written out.')),
  constants: openMap('Values by name for constraints, or by dotted path to set one path in every treatment.').default({}),
  constraints: z.array(text('A CEL expression over factor names and constants that a treatment must meet, such as tp * 2 <= gpus.', 1024)).max(64).default([]).meta({ description: 'Which combinations are left out.' }),
  measured: z.array(z.object({
    levels: openMap('Level by factor name, as tables show it.'),
    from: text('Where it was measured: a file with its line, a folder, an Experiment.', 512),
  })).max(MAX_TRIALS).optional().meta(list('Combinations that are left out because they were measured elsewhere; assay run --measured writes them. Analyses see only what is measured here.')),
  effects: z.array(text('A factor or an interaction, such as tp or tp:rate.', 512)).min(1).max(256).optional().meta(list('What must be estimable: a design that confuses one of these with another, or with a main effect, is refused; a fraction is chosen accordingly.')),
  blocks: z.object({
    count: z.int().min(2).max(64).meta({ description: 'How many blocks each replicate is split into, a power of two. A block runs as a whole, and its stacks are stood up anew.' }),
    generators: z.array(text('An interaction, such as ABC or tp:rate:kv.', 512)).min(1).max(6).optional().meta(list('What is confounded with blocks; chosen when not set, away from main effects.')),
  }).optional().meta({ description: 'Splits factors of two levels into blocks (days, nodes). Without it each stack replicate is one complete block.' }),
  replicates: z.object({
    stacks: z.int().min(1).max(100).default(1).meta({ description: 'How often each distinct stack is stood up anew; one gives no error term for setup factors.' }),
    runs: z.int().min(1).max(1000).default(1).meta({ description: 'How often each treatment is run on every stack.' }),
    until: Until.optional(),
  }).prefault({}).meta({ description: 'How often everything is measured again.' }),
  successiveHalving: SuccessiveHalving.optional(),
  order: z.object({
    randomize: z.boolean().default(true).meta({ description: 'Whether stacks and the trials on them run in random order.' }),
    seed: z.int().min(0).max(2_147_483_647).default(1).meta({ description: 'Seed of the order, of arrivals and of prompts; the same seed gives the same plan.' }),
  }).prefault({}).meta({ description: 'The order of trials.' }),
}).refine(...refined(DESIGN_KINDS, 'design'))
  .meta({ description: 'The design of the experiment.', 'x-kubernetes-validations': [exactlyOne(DESIGN_KINDS, 'design')] })
export type Design = z.infer<typeof Design>

/** The one kind of design that is set; the schema has seen to that. */
export function designKind(design: Design): DesignKind {
  const kind = DESIGN_KINDS.find((k) => design[k] !== undefined)
  if (kind === undefined) throw new RangeError('design has no member')
  return kind
}

/** Factors as they were written; none for treatments. */
export function writtenFactors(design: Design): readonly (Factor | RangeFactor)[] {
  const kind = designKind(design)
  if (design.search !== undefined) return [...design.search.factors, searchedFactor(design.search.load)]
  return kind === 'treatments' ? [] : (design[kind]?.factors ?? [])
}

/** The load of a search as a factor; its levels follow from what is measured. */
export function searchedFactor({ name, path, unit }: SearchLoad): Factor {
  return { name, path, ...(unit === undefined ? {} : { unit }) }
}
