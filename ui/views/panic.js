/** The panic row: the mute groups of all consoles, the key that clears all solos, and the set list. Each device shows or hides it. */
import { muteGroupsOf } from "../desk/mute-groups.js"
import { nextOf, titleOf } from "../desk/setlist.js"
import { make, mark } from "../elements/element.js"
import { icon } from "../elements/icon.js"
import { muteGroupKey } from "./mute-group.js"

/** The consoles that have mute groups. */
function grouped({ consoles }) {
	return consoles.list.value.filter((console) => muteGroupsOf(console).length > 0)
}

/** Whether this page's person recalls scenes, and there are some. */
function hasScenes({ show, people }) {
	return people.isCrew && show.list.value.scenes.length > 0
}

/** Calls `act` with whether there is anything for the row. */
function followNeed(page, act) {
	for (const signal of [page.consoles.list, page.show.list]) signal.watch(() => act(grouped(page).length > 0 || hasScenes(page)))
}

export function buildPanic(page) {
	const groups = make("div.mute-groups", { role: "group", "aria-label": "Mute groups" })
	const row = make("div.panic", { role: "group", "aria-label": "Quick keys" }, groups, make("rm-solos", { stays: true }), buildSetList(page))
	const stops = []
	let needed = false
	const show = () => (row.hidden = !page.prefs.panic.value || !needed)
	page.consoles.list.watch(() => {
		for (const stop of stops.splice(0)) stop()
		const consoles = grouped(page)
		const keys = (console) => muteGroupsOf(console).map((group) => muteGroupKey(page, console.name, group, (stop) => stops.push(stop)))
		groups.replaceChildren(...consoles.flatMap((console) => [consoles.length > 1 && make("small", {}, console.name), ...keys(console)]).filter(Boolean))
	})
	followNeed(page, (need) => [(needed = need), show()])
	page.prefs.panic.watch(show)
	return row
}

/** The list of scenes, and the preview of the next one: a tap on it moves nothing, its RECALL is the second. */
function buildSetList(page) {
	const { show, view } = page
	const open = (panel) => () => view.panel.set(panel)
	const word = make("span")
	const next = make("button.next-scene", { press: () => open({ name: "scene", scene: nextOf(show.list.value).id, from: { name: "show" } })() }, make("small", {}, "Next"), word)
	const both = make("div.set-list", { role: "group", "aria-label": "Set list" }, make("button.scenes-key", { press: open({ name: "show" }), "aria-label": "Scenes" }, icon("show")), next)
	show.list.watch((list) => {
		const scene = nextOf(list)
		both.hidden = !hasScenes(page)
		next.hidden = !scene
		word.textContent = scene ? titleOf(scene) : ""
		mark(next, "data-color", scene?.color)
	})
	return both
}

/** Shows and hides the row on this device. */
export function panicKey(page) {
	const { panic } = page.prefs
	const key = make("button.panic-key", { press: () => panic.set(!panic.value), "aria-label": "Quick keys" }, icon("mutes"))
	panic.watch((shown) => mark(key, "aria-pressed", String(shown)))
	followNeed(page, (need) => (key.hidden = !need))
	return key
}
