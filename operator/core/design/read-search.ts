// SPDX-License-Identifier: Apache-2.0
/** Reads the load of a capacity search: a number under workload.load, its limits, and what does not go with a search. It measures nothing. */
import type { Design } from '../model/design.ts'
import type { SearchLoad } from '../model/design-adaptive.ts'
import type { Problem } from '../model/problem.ts'
import type { FactorReading, PlannedFactor } from './factors.ts'
import { type Bases, checkLevel, type ResolvedPath, resolvePath } from './path-schema.ts'
import { nearest } from '../model/nearest.ts'
import { memberKey } from './path.ts'
import { takesWholeNumbers } from './schema-walk.ts'

interface SearchInput { readonly bases: Bases; readonly at: string; readonly factors: readonly PlannedFactor[]; readonly problems: readonly Problem[] }

/** The load is the last of the factors. Problems of its path are known already: all factors' paths are read alike. */
export function readSearch(design: Design, { bases, at, factors, problems }: SearchInput): FactorReading {
  const plan = { kind: 'search', factors } as const
  const { search } = design
  if (search === undefined) return { plan, problems }
  const resolved = resolvePath(search.load.path, bases, `${at}.load.path`)
  const load = resolved.ok ? checkLoad(search.load, resolved.path, at) : []
  const wrong = [...problems, ...load, ...misfits(design, at)]
  return resolved.ok && load.length === 0 ? { plan: { ...plan, search: { path: resolved.path, whole: takesWholeNumbers(resolved.path.schema) } }, problems: wrong } : { plan, problems: wrong }
}

/** What a server is asked at a time: more of it never makes latencies better. */
const LOADS: readonly string[] = ['rate', 'concurrency', 'speed']

const bad = (problem: Omit<Problem, 'reason'>): Problem => ({ reason: 'BadSearch', ...problem })

function checkLoad(load: SearchLoad, path: ResolvedPath, at: string): Problem[] {
  if (path.part !== 'workload' || !path.text.startsWith('workload.load.')) {
    return [bad({ path: `${at}.load.path`, message: `a search varies the load, and ${path.text} is no load`, found: path.text, expected: `a rate or concurrency under workload.load${path.part === 'scenario' ? '; what changes the stack belongs into factors, where the capacity of each level is searched' : ''}` })]
  }
  const last = path.segments.at(-1)
  const member = last === undefined ? '' : memberKey(last)
  if (!LOADS.includes(member)) {
    const near = nearest(member, LOADS)[0]
    return [bad({ path: `${at}.load.path`, message: `${path.text} does not say how much is sent at a time`, found: member, expected: `a path that ends with ${LOADS.join(', ')}, such as workload.load.poisson.stages[main].rate`, ...(near !== undefined && { nearest: near }) })]
  }
  const given = (['lower', 'upper', 'start'] as const).filter((end) => load[end] !== undefined)
  const misfit = given.map((end) => checkLevel(path, load[end], { factor: load.name, at: `${at}.load.${end}` })).filter((p) => p !== undefined)
  return misfit.length > 0 ? misfit : checkLimits(load, at)
}

function checkLimits(load: SearchLoad, at: string): Problem[] {
  const { name, lower = 0, upper = Number.POSITIVE_INFINITY, start } = load
  if (lower >= upper) return [bad({ path: `${at}.load.lower`, message: `${name}: lower must be below upper`, found: `lower ${lower} and upper ${upper}`, expected: lower > upper ? `lower: ${upper}, upper: ${lower}` : 'a range' })]
  if (start === undefined) {
    const given = (['lower', 'upper'] as const).filter((end) => load[end] !== undefined)
    return given.length === 2 ? [] : [bad({ path: `${at}.load.start`, message: `${name}: the search does not know where to begin`, found: given[0] === undefined ? 'no limits' : `only ${given[0]}`, expected: 'lower and upper, or a start' })]
  }
  if (start < lower || start > upper) return [bad({ path: `${at}.load.start`, message: `${name}: start lies outside lower and upper`, found: String(start), expected: `${load.lower === undefined ? 'above 0' : `from ${lower}`}${load.upper === undefined ? '' : ` to ${upper}`}` })]
  return []
}

/** A search makes its own replicates and its own order. */
function misfits({ search, replicates, effects, successiveHalving }: Design, at: string): Problem[] {
  const found: Problem[] = []
  if (search !== undefined && search.maxReplicates < search.replicates) found.push(bad({ path: `${at}.maxReplicates`, message: 'the most trials of a load are fewer than those that it gets in any case', found: `maxReplicates ${search.maxReplicates}, replicates ${search.replicates}`, expected: `maxReplicates: ${search.replicates} or more` }))
  if (replicates.runs !== 1) found.push(bad({ path: 'spec.design.replicates.runs', message: 'a search repeats each load itself', found: `runs: ${replicates.runs}`, expected: `search.replicates: ${replicates.runs}, and no runs; stacks repeats the whole search on further stand-ups` }))
  if (replicates.until !== undefined) found.push(bad({ path: 'spec.design.replicates.until', message: 'a search ends by its own tolerance', expected: 'search.tolerance, and no until' }))
  if (effects !== undefined) found.push(bad({ path: 'spec.design.effects', message: 'a search estimates capacities, no effects', expected: 'no effects, or a fullFactorial over loads that are written out' }))
  if (successiveHalving !== undefined) found.push(bad({ path: 'spec.design.successiveHalving', message: 'a search is no field of treatments of which the worst could be dropped', expected: 'a search, or successiveHalving over a fullFactorial, latinHypercube or treatments' }))
  return found
}
