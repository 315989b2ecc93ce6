/** The panic row: the mute groups of all consoles, and the key that clears all solos. Each device shows or hides it. */
import { muteGroupsOf } from "../desk/mute-groups.js"
import { make, mark } from "../elements/element.js"
import { icon } from "../elements/icon.js"
import { muteGroupKey } from "./mute-group.js"

/** The consoles that have mute groups; without any there is no row. */
function grouped({ consoles }) {
	return consoles.list.value.filter((console) => muteGroupsOf(console).length > 0)
}

export function buildPanic(page) {
	const row = make("div.panic", { role: "group", "aria-label": "Mute groups" })
	const stops = []
	const show = () => (row.hidden = !page.prefs.panic.value || grouped(page).length === 0)
	page.consoles.list.watch(() => {
		for (const stop of stops.splice(0)) stop()
		const consoles = grouped(page)
		const keys = (console) => muteGroupsOf(console).map((group) => muteGroupKey(page, console.name, group, (stop) => stops.push(stop)))
		row.replaceChildren(...consoles.flatMap((console) => [consoles.length > 1 && make("small", {}, console.name), ...keys(console)]).filter(Boolean), make("rm-solos", { stays: true }))
		show()
	})
	page.prefs.panic.watch(show)
	return row
}

/** Shows and hides the row on this device. */
export function panicKey(page) {
	const { panic } = page.prefs
	const key = make("button.panic-key", { press: () => panic.set(!panic.value), "aria-label": "Mute groups" }, icon("mutes"))
	panic.watch((shown) => mark(key, "aria-pressed", String(shown)))
	page.consoles.list.watch(() => (key.hidden = grouped(page).length === 0))
	return key
}
