/** Settings kept on this device: id, name, appearance, the chosen layer, scrolled banks. Never values of the desk. */
import { Signal } from "./signal.js"

const PREFIX = "remote-mixer."
const DEFAULTS = {
	client: "",
	name: "",
	hello: null,
	theme: "dark",
	palette: "classic",
	hand: "right",
	text: 100,
	density: 0,
	layer: "all",
	/** Layers of before the server kept them. */
	layers: [],
	given: "",
	read: 0,
	awake: true,
	page: "mixer",
	own: {},
	groups: {},
	mixes: true,
	grouped: false,
	panic: true,
	/** Mutes that this device's FX mute and “mute all but …” have closed, and the layer that the latter leaves open. */
	hushed: [],
	spared: "",
	/** Keys of one's own in the panic row: paths of strips to mute, and actions as `foh clear_solo`. */
	keys: [],
	scrolled: {},
	locked: false,
	taught: false,
	transport: "",
}
/** What each tab has of its own. */
const OF_TAB = ["client", "scrolled", "locked"]

/** One Signal per thing remembered, kept in `device` if there is one that works; `tab` keeps what is this tab's own. */
export function openPrefs(device, tab = device) {
	const prefs = {}
	for (const [key, fallback] of Object.entries(DEFAULTS)) {
		const storage = OF_TAB.includes(key) ? tab : device
		prefs[key] = new Signal(recall(storage, key, fallback))
		prefs[key].watch((value) => keep(storage, key, value, fallback))
	}
	return prefs
}

function recall(storage, key, fallback) {
	try {
		const kept = storage.getItem(PREFIX + key)
		return kept === null ? fallback : JSON.parse(kept)
	} catch {
		return fallback
	}
}

/** A private window may refuse storage: the page then simply forgets on closing. */
function keep(storage, key, value, fallback) {
	try {
		if (value === fallback) storage.removeItem(PREFIX + key)
		else storage.setItem(PREFIX + key, JSON.stringify(value))
	} catch {
		return
	}
}
