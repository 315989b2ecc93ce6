/** The reading of a position: the console's own text if it sends any, else by its taper. */
export const UNKNOWN = "—"
export const COARSE_STEPS = 128

/** `{known, text, spoken}`; a console may know the words and not the place, or the other way round. */
export function readingOf(page, path) {
	const { store, consoles } = page
	const [value, own] = [store.get(path), store.get(`${path}/text`)]
	const known = typeof value === "number"
	if (own) return { known, text: own, spoken: own }
	const idle = known ? null : idleOf(page, path)
	if (!known) return { known, text: idle ?? UNKNOWN, spoken: idle ?? "unknown" }
	const taper = consoles.param(path)?.taper
	return { known, text: taper?.text(value) ?? String(value), spoken: taper?.spoken(value) ?? String(value) }
}

/** Where the console says why a control acts on nothing now: for it alone, or for the part of a strip that it belongs to. */
export function idlePathsOf(path) {
	return [path, path.slice(0, path.lastIndexOf("/"))].map((part) => `${part}/idle`)
}

/** Why a control acts on nothing now; null where it acts. */
export function idleOf({ store }, path) {
	return idlePathsOf(path).map((one) => store.get(one)).find(Boolean) ?? null
}

/** Warning about a value that acts on nothing, is unknown or not confirmed; null for none. */
export function caveatOf(page, path) {
	const { store } = page
	const [value, idle] = [store.get(path), idleOf(page, path)]
	if (idle) return `acts on nothing now: ${idle}`
	if (value === null || value === undefined) return "unknown: no value from the console yet"
	return store.remembered(path) ? "last known value: not confirmed by the console" : null
}

/** "7 bit" for a coarse position, "11 steps" for a coarser one, else null. */
export function coarseness({ steps } = {}) {
	if (!steps || steps > COARSE_STEPS) return null
	return steps === COARSE_STEPS ? "7 bit" : `${steps} steps`
}
