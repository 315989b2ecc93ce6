/** Layers: which strips this page shows, and in which order. Main stands apart and is in none but one's own. */
import { consoleOf, isDrawn, localOf, mixesOf, roadsOf } from "./consoles.js"
import { mixersOf, stripsIn } from "./mute-groups.js"
import { stripsOf } from "./own-layers.js"

/** The layers that a page can choose, `{id, name, holds(strip)}`; `words` are the vocabulary's kinds. */
export function layersOf(consoles, own, words) {
	const strips = consoles.flatMap((console) => console.strips).filter(isDrawn)
	const kinds = Object.keys(words).filter((kind) => kind !== "main" && strips.some((strip) => strip.kind === kind)).map((kind) => [kind, words[kind].plural])
	const theirs = consoles.flatMap(theirLayers)
	const isTheirs = ([, name]) => theirs.some((layer) => layer.name === name)
	const byKind = kinds.length > 1 ? kinds.filter((kind) => !isTheirs(kind)).map(([kind, name]) => ({ id: kind, name, holds: (strip) => strip.kind === kind })) : []
	const mixers = mixersOf(consoles)
	const byConsole = mixers.length > 1 ? mixers.map(({ name }) => ({ id: `@${name}`, name, holds: (strip) => strip.console === name })) : []
	return [{ id: "all", name: "All", holds: () => true }, ...byKind, ...byConsole, ...theirs, ...own.map(ownLayer)]
}

/** The layer that a page shows: the members of the group that is spilled, else the chosen one. */
export function layerShown({ consoles, layers, prefs, view, vocabulary, store }) {
	const all = consoles.list.value
	const known = layersOf(all, layers.list.value, vocabulary.value.kinds)
	return spilled(all, store, view.spill.value) ?? known.find(({ id }) => id === prefs.layer.value) ?? known[0]
}

/** Whether the chosen layer may still come with the server's list: nothing else is shown in its place meanwhile. */
export function awaitsLayer({ consoles, layers, prefs, vocabulary }) {
	return !layers.isKnown && !layersOf(consoles.list.value, [], vocabulary.value.kinds).some(({ id }) => id === prefs.layer.value)
}

/** Chooses a layer, once no finger is down; a mix and a spilled group go back. */
export function showLayer({ prefs, view }, id) {
	view.showMix(null)
	prefs.layer.set(id)
}

function spilled(consoles, store, group) {
	const console = group && consoles.find(({ name }) => name === consoleOf(group))
	if (!console) return null
	const members = stripsIn(console, localOf(group), store)
	return { id: `=${group}`, holds: ({ path }) => members.includes(path) }
}

/** The strips a page shows: of a layer, or, with a mix, those that send into its bus. */
export function stripsShown(consoles, layer, mix) {
	const all = consoles.flatMap((console) => console.strips)
	if (mix) return all.filter((strip) => strip.console === mix.console && strip.has(`send/${mix.id}/level`))
	if (layer.items) return layer.order.map((path) => all.find((strip) => strip.path === path)).filter((strip) => strip && isDrawn(strip))
	const mains = consoles.map(mainOf)
	const strips = all.filter((strip) => isDrawn(strip) && !mains.includes(strip))
	return layer.order ? layer.order.map((path) => strips.find((strip) => strip.path === path)).filter(Boolean) : strips.filter(layer.holds)
}

/**
 * The places of the bank, `{strip, section}`: a layer of one's own has one for strips that are not here too, so that all others stay
 * where the hand knows them. `section` is the title of the separator before a strip, "" for none; null without a separator.
 */
export function placesShown(consoles, layer, mix) {
	const strips = stripsShown(consoles, layer, mix)
	if (mix || !layer.items) return strips.map((strip) => ({ strip, section: null }))
	const here = new Set(consoles.flatMap((console) => console.strips).map(({ path }) => path))
	const places = []
	let section = null
	for (const item of layer.items) {
		if (typeof item !== "string") section = item.separator
		else if (!here.has(item) || strips.some(({ path }) => path === item)) {
			places.push({ strip: strips.find(({ path }) => path === item) ?? missing(item), section })
			section = null
		}
	}
	return places
}

/** A strip that no console here has. */
function missing(path) {
	return { path, console: consoleOf(path), label: localOf(path), kind: "missing", params: {}, taps: [], gains: [], has: () => false }
}

/** The main that stands apart; a second one, as a mono bus, is a strip among the others. */
export function mainOf(console) {
	return console.strips.find(({ kind }) => kind === "main")
}

export function buses(consoles) {
	return consoles.flatMap((console) => mixesOf(console.strips))
}

/** Px a strip needs: 4 beside main on a phone held upright, 8 on one held sideways. */
export const LEAST_PX = { upright: 70, sideways: 80, wide: 84 }

const SNUG = 0.9
/** Px of a strip where somebody wants many in sight. */
const DENSE_PX = 54

/** Number of whole strips that fit; a few more move closer if then all are in sight. On a large screen as many as are `wanted`, if any. */
export function stripsAcross(width, textScale, shape, count = 0, wanted = 0) {
	const scale = 1 + (textScale - 1) / 2
	if (wanted && shape === "wide") return Math.max(1, Math.min(wanted, Math.floor(width / (DENSE_PX * scale))))
	const fits = width / (LEAST_PX[shape] * scale)
	return count > fits && count * SNUG <= fits ? count : Math.max(1, Math.floor(fits))
}

/** The rows that a console itself puts together. */
function theirLayers({ name: console, layers }) {
	return layers.map(({ name, strips }) => rowOf(`${console}:${name}`, name, strips.map((id) => `${console}/${id}`)))
}

function ownLayer({ id, name, items }) {
	return { ...rowOf(id, name, stripsOf(items)), items }
}

function rowOf(id, name, order) {
	return { id, name, order, holds: (strip) => order.includes(strip.path) }
}

/** The rows of controls that a strip has, on the main mix or in a mix: those that rm-strip lays as `data-at`. */
export function rowsOf(strip, mix) {
	const { mute, pan, tap } = roadsOf(strip, mix)
	const has = {
		input: strip.taps?.includes("input"),
		pan: strip.kind === "dca" || strip.has(pan),
		rec: !mix && strip.has("rec"),
		key: tap ? strip.has(tap) : strip.kind === "bus" ? !mix : strip.has("solo"),
		mute: strip.has(mute),
	}
	return Object.keys(has).filter((row) => has[row])
}
