import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import { looks, other, series } from './palette'

// The colours as src/theme.css says them, and what eyes make of them: CIE76 in Lab (D65), with full protanopia, deuteranopia and
// tritanopia as Machado, Oliveira and Fernandes (2009) simulate them.

type Triple = readonly [number, number, number]
type Theme = 'light' | 'dark'

const css = readFileSync('src/theme.css', 'utf8')

function colour(name: string, theme: Theme): string {
  const found = new RegExp(`${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css)
  if (!found) throw new Error(`${name} is not in theme.css`)
  return found[theme === 'light' ? 1 : 2]!
}

function linear(hex: string): Triple {
  const channel = (at: number) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

function times(matrix: readonly Triple[], [x, y, z]: Triple): Triple {
  const [a, b, c] = matrix.map((row) => row[0] * x + row[1] * y + row[2] * z)
  return [a!, b!, c!]
}

const toXYZ: Triple[] = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
]
const white: Triple = [0.95047, 1, 1.08883]

function lab(rgb: Triple): Triple {
  const [x, y, z] = times(toXYZ, rgb).map((v, i) => {
    const t = v / white[i]!
    return t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116
  })
  return [116 * y! - 16, 500 * (x! - y!), 200 * (y! - z!)]
}

const eyes: Record<string, Triple[]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

function seen(hex: string, eye: string): Triple {
  const [r, g, b] = times(eyes[eye]!, linear(hex)).map((v) => Math.min(1, Math.max(0, v)))
  return lab([r!, g!, b!])
}

/** The two colours of a set that are hardest to tell apart, and how far apart they are. */
function closest(names: string[], theme: Theme, eye: string): { apart: number; pair: string } {
  const pairs = names.flatMap((a, i) =>
    names.slice(i + 1).map((b) => {
      const [p, q] = [seen(colour(a, theme), eye), seen(colour(b, theme), eye)]
      return { apart: Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]), pair: `${a} ${b}` }
    }),
  )
  return pairs.reduce((least, one) => (one.apart < least.apart ? one : least))
}

function contrast(a: string, b: string): number {
  const [light, dark] = [a, b]
    .map(linear)
    .map(([r, g, bl]) => 0.2126 * r + 0.7152 * g + 0.0722 * bl)
    .sort((x, y) => y - x)
  return (light! + 0.05) / (dark! + 0.05)
}

const meanings = Object.values(looks).map((look) => look.color)
const plain = [...series, other].map((look) => look.color)

describe.each<[Theme, number]>([
  ['light', 28],
  ['dark', 20],
])('in the %s theme', (theme, least) => {
  it.each(Object.keys(eyes))('meanings can be told apart with %s vision', (eye) => {
    const { apart, pair } = closest(meanings, theme, eye)
    expect(apart, pair).toBeGreaterThanOrEqual(least)
  })

  it.each(Object.keys(eyes))('series without a meaning can be told apart with %s vision', (eye) => {
    const { apart, pair } = closest(plain, theme, eye)
    expect(apart, pair).toBeGreaterThanOrEqual(20)
  })

  it.each([...meanings, ...plain])('%s stands out from its card', (name) => {
    expect(contrast(colour(name, theme), colour('--card', theme))).toBeGreaterThanOrEqual(3)
  })

  it.each(['--ink', '--ink-2', '--ink-3', '--accent', '--good', '--bad', '--warn'])('%s can be read', (name) => {
    for (const ground of ['--card', '--bg', '--hover', '--raised']) {
      expect(contrast(colour(name, theme), colour(ground, theme)), ground).toBeGreaterThanOrEqual(4.5)
    }
  })

  it.each(['--bad', '--warn', '--accent'])('%s has a soft ground on which ink can be read', (name) => {
    expect(contrast(colour('--ink', theme), colour(`${name}-soft`, theme))).toBeGreaterThanOrEqual(7)
  })

  it('the primary button can be read', () => {
    expect(contrast(colour('--on-accent', theme), colour('--accent', theme))).toBeGreaterThanOrEqual(4.5)
  })
})

it('measures as others do: black and white are 100 and 21 : 1 apart', () => {
  expect(lab(linear('#ffffff'))[0] - lab(linear('#000000'))[0]).toBeCloseTo(100, 3)
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 3)
})
