/**
 * A place on the page: which mix, layer, spilled group and panel, and which tab of a strip's panel. It stands in the address,
 * so that a reload lands exactly there: `#/mix/band/bus1`, `#/layer/own1`, `#/spill/foh/dca1`, `#/strip/foh/ch1/eq`, `#/mix/band/bus1/panel/people`; scenes of our own are `#/scenes` and `#/scenes/12`.
 */

/** Panels that an address can name, and the key of what each is about; where two things follow a word, they are a path. */
const PANELS = {
	announced: null,
	console: "console",
	doctor: null,
	find: null,
	groups: null,
	help: null,
	history: null,
	invite: null,
	join: null,
	keys: null,
	layers: null,
	me: null,
	messages: null,
	more: null,
	mutes: "console",
	mymore: null,
	people: null,
	person: "id",
	policy: null,
	requests: null,
	saved: null,
	scenes: "console",
	settings: null,
	surfaces: null,
	takes: "console",
	traffic: null,
	wall: null,
}
/** Panels of a musician's page; the other pages have all others, but for guests and for those who are no host. */
const MUSICIANS = ["group", "help", "history", "me", "messages", "mymore", "people", "requests", "saved", "send", "settings"]
const NOT_FOR_GUESTS = ["find", "groups", "history", "invite", "join", "keys", "person", "policy", "requests", "scene", "show", "surfaces", "takes"]
const HOST_ONLY = ["announced", "doctor"]
const HOME = "#/"
const NOWHERE = { mix: null, layer: null, spill: null, panel: null, tab: null }

/** The address of a place: `{mix, layer, spill, panel, tab}`, each null for none. */
export function printPlace({ mix, layer, spill, panel, tab }) {
	const parts = mix ? ["mix", ...mix.split("/")] : spill ? ["spill", ...spill.split("/")] : layer ? ["layer", layer] : []
	if (panel?.name === "strip") parts.push("strip", ...panel.path.split("/"), ...(tab ? [tab] : []))
	else if (panel?.name === "show") parts.push("scenes")
	else if (panel?.name === "scene") parts.push("scenes", panel.scene)
	else if (panel) parts.push("panel", panel.name, ...(PANELS[panel.name] ? [panel[PANELS[panel.name]]] : []))
	return HOME + parts.map(encodeURIComponent).join("/")
}

/** The place that an address names; what it cannot read is left out, and null is no place at all. */
export function parsePlace(address) {
	if (!address.startsWith(HOME)) return null
	const parts = decoded(address.slice(HOME.length))
	const place = { ...NOWHERE }
	while (parts.length) READ.get(parts.shift())?.(place, parts)
	return place
}

/** The places that lie around a place, outermost first, itself last: Back leads through them. */
export function waysOut({ mix, layer, spill, panel, tab }) {
	const outermost = { ...NOWHERE, layer }
	const inside = { ...outermost, mix, spill }
	return [outermost, ...(mix || spill ? [inside] : []), ...panelsOf(panel).map((one) => ({ ...inside, panel: one, tab }))]
}

/** Whether a panel is for a page (as of Mine) and a role. The server enforces rights; this spares empty panels. */
export function isFor(panel, { page, role }) {
	if (page !== "mixer") return MUSICIANS.includes(panel)
	if (role === "guest" && NOT_FOR_GUESTS.includes(panel)) return false
	return role === "host" || !HOST_ONLY.includes(panel)
}

/** A panel after those that it was opened from. */
function panelsOf(panel) {
	return panel ? [...panelsOf(panel.from), panel] : []
}

const READ = new Map([
	["mix", (place, parts) => (place.mix = strip(parts))],
	["layer", (place, parts) => (place.layer = parts.shift() ?? null)],
	["spill", (place, parts) => (place.spill = strip(parts, parts[1] === "mutegroup" ? 3 : 2))],
	["strip", (place, parts) => {
		const path = strip(parts)
		place.panel = path && { name: "strip", path }
		place.tab = parts.shift() ?? null
	}],
	["scenes", (place, parts) => {
		const scene = Number(parts.shift())
		place.panel = scene > 0 ? { name: "scene", scene, from: { name: "show" } } : { name: "show" }
	}],
	["panel", (place, parts) => {
		const name = parts.shift()
		if (!Object.keys(PANELS).includes(name)) return
		const about = PANELS[name]
		if (!about || parts.length) place.panel = about ? { name, [about]: parts.shift() } : { name }
	}],
])

function strip(parts, length = 2) {
	const path = parts.splice(0, length)
	return path.length === length ? path.join("/") : null
}

function decoded(text) {
	try {
		return text.split("/").filter(Boolean).map(decodeURIComponent)
	} catch {
		return []
	}
}
