/** The reading of a position: the console's own text if it sends any, else by its taper. */
export const UNKNOWN = "—"
export const COARSE_STEPS = 128

/** `{known, text, spoken}`; a console may know the words and not the place, or the other way round. */
export function readingOf({ store, consoles }, path) {
	const [value, own] = [store.get(path), store.get(`${path}/text`)]
	const known = typeof value === "number"
	if (own) return { known, text: own, spoken: own }
	if (!known) return { known, text: UNKNOWN, spoken: "unknown" }
	const taper = consoles.param(path)?.taper
	return { known, text: taper?.text(value) ?? String(value), spoken: taper?.spoken(value) ?? String(value) }
}

/** Warning about a value that is unknown or not confirmed; null for none. */
export function caveatOf({ store }, path) {
	const value = store.get(path)
	if (value === null || value === undefined) return "unknown: no value from the console yet"
	return store.remembered(path) ? "last known value: not confirmed by the console" : null
}

/** "7 bit" for a coarse position, "11 steps" for a coarser one, else null. */
export function coarseness({ steps } = {}) {
	if (!steps || steps > COARSE_STEPS) return null
	return steps === COARSE_STEPS ? "7 bit" : `${steps} steps`
}
