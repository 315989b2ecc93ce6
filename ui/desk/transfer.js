/**
 * Transfer curves of gate and compressor, as drawn: both give the gain in dB for a level in dB.
 *
 * The soft knee is that of Giannoulis, Massberg and Reiss, "Digital Dynamic Range Compressor Design" (JAES 60, 2012).
 */

/** The slope below the threshold of each kind of gate: dB out for a dB in. */
const SLOPES = { exp2: 2, exp3: 3, exp4: 4 }

/** A gate's gain; `range` is how far it closes, dB. A ducker closes above its threshold. */
export function gated(level, { mode = "gate", threshold, range = Infinity }) {
	const [under, floor] = [threshold - level, -Math.abs(range)]
	const kind = mode.toLowerCase()
	if (kind === "duck") return under < 0 ? floor : 0
	if (under <= 0) return 0
	return kind in SLOPES ? Math.max(floor, under * (1 - SLOPES[kind])) : floor
}

/** A compressor's gain with its make-up; in mode "exp" it expands what is below the threshold. `mix` 0–100 %. */
export function compressed(level, { mode = "comp", threshold, ratio, knee = 0, makeup = 0, mix = 100 }) {
	const over = mode.toLowerCase().startsWith("exp") ? threshold - level : level - threshold
	const slope = mode.toLowerCase().startsWith("exp") ? 1 - ratio : 1 / ratio - 1
	const wet = 10 ** ((slope * bent(over, knee) + makeup) / 20)
	return 20 * Math.log10(Math.max(1e-6, wet * (mix / 100) + 1 - mix / 100))
}

/** Distance of a level over the threshold, with a knee so many dB wide around it. */
function bent(over, knee) {
	if (2 * over <= -knee) return 0
	return 2 * over < knee ? (over + knee / 2) ** 2 / (2 * knee) : over
}
