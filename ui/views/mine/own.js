/** Kept on this device for each mix: the owner's channel, and the groups. */
import { suggested } from "../../desk/ganged.js"
import { stripsShown } from "../../desk/layers.js"

export function ownOf({ prefs }, mix) {
	return prefs.own.value[mix] ?? null
}

export function setOwn({ prefs }, mix, strip) {
	prefs.own.set({ ...prefs.own.value, [mix]: strip })
}

/** The other channel of a stereo link, which is an odd number and the next; null without one. A console moves both alike. */
export function partnerOf({ store }, path) {
	if (store.get(`${path}/link`) !== true) return null
	return path.replace(/\d+$/, (number) => Number(number) + (number % 2 ? 1 : -1))
}

/** The strips that send into a mix. */
export function sendsInto({ consoles }, mix) {
	const bus = consoles.strip(mix)
	return bus ? stripsShown(consoles.list.value, null, bus) : []
}

/** The groups somebody made here, else what the other channels' names suggest: `[{name, members}]`. */
export function groupsOf(page, mix) {
	const others = () => sendsInto(page, mix).filter(({ path }) => path !== ownOf(page, mix))
	return page.prefs.groups.value[mix] ?? suggested(others().map((strip) => ({ path: strip.path, name: page.nameOf(strip.path) })))
}

/** Groups need sends that may be moved; requests go one by one. */
export function canGroup({ rights }) {
	return rights.value.sends === "move"
}

export function setGroups({ prefs }, mix, groups) {
	prefs.groups.set({ ...prefs.groups.value, [mix]: groups })
}

/** Back to what the names suggest. */
export function forgetGroups({ prefs }, mix) {
	const { [mix]: _, ...others } = prefs.groups.value
	prefs.groups.set(others)
}
