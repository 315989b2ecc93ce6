/** The panic row: the mute groups and talkbacks of all consoles, the keys that mute all effects, all channels but some, and clear all solos, keys of one's own, and the set list. Each device shows or hides it. */
import { muteGroupsOf } from "../desk/mute-groups.js"
import { nextOf, titleOf } from "../desk/setlist.js"
import { talksOf } from "../desk/talkback.js"
import { make, mark, say } from "../elements/element.js"
import { whenStill } from "../elements/fingers.js"
import { icon } from "../elements/icon.js"
import { muteGroupKey, muteKey } from "./mute-key.js"
import { endTalkWhenHidden, talkKey } from "./talk-key.js"

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
	const { consoles, show, prefs } = page
	const needed = () => grouped(page).length > 0 || hasScenes(page) || prefs.spared.value !== "" || prefs.keys.value.length > 0
	for (const signal of [consoles.list, show.list, prefs.spared, prefs.keys]) signal.watch(() => act(needed()))
}

export function buildPanic(page) {
	const groups = make("div.mute-groups", { role: "group", "aria-label": "Mute groups" })
	const row = make("div.panic", { role: "group", "aria-label": "Quick keys" }, groups, make("rm-mutes", { "data-kind": "return" }), make("rm-mutes", { "data-kind": "channel", spares: true }), make("rm-solos", { stays: true }), buildOwnKeys(page), buildSetList(page))
	const stops = []
	let needed = false
	const show = () => (row.hidden = !page.prefs.panic.value || !needed)
	const draw = () => {
		for (const stop of stops.splice(0)) stop()
		const consoles = grouped(page)
		const keys = (console) => muteGroupsOf(console).map((group) => muteGroupKey(page, console.name, group, (stop) => stops.push(stop)))
		const talks = (console) => talksOf(console).map((path) => talkKey(page, path, (stop) => stops.push(stop)))
		groups.replaceChildren(...consoles.flatMap((console) => [consoles.length > 1 && make("small", {}, console.name), ...keys(console), ...talks(console)]).filter(Boolean))
	}
	page.consoles.list.watch(() => whenStill(draw))
	followNeed(page, (need) => [(needed = need), show()])
	endTalkWhenHidden(page)
	page.prefs.panic.watch(show)
	return row
}

/** Keys of one's own, as this device has chosen them; one whose console is not here waits for it. */
function buildOwnKeys(page) {
	const { consoles, prefs } = page
	const own = make("div", { role: "group", "aria-label": "Own keys" })
	const stops = []
	const keyOf = (id) => {
		const [place, action] = id.split(" ")
		const strip = consoles.strip(place)
		const label = consoles.find(place)?.actions.get(action)?.label
		const of = consoles.list.value.length > 1 ? `${strip?.console ?? place} · ` : ""
		return label ? make("button.pill", { press: () => page.act(place, action) }, of + label) : strip && muteKey(page, strip, of, (stop) => stops.push(stop))
	}
	const draw = () => {
		for (const stop of stops.splice(0)) stop()
		own.replaceChildren(...prefs.keys.value.map(keyOf).filter(Boolean))
	}
	for (const signal of [consoles.list, prefs.keys]) signal.watch(() => whenStill(draw))
	return own
}

/**
 * The list of scenes, the next one, and all in their order: a tap on one shows its preview and moves nothing, RECALL there is the
 * second. A scene's key stays the same button as long as the scene is there: none goes away while a finger is on its way to it.
 */
function buildSetList(page) {
	const { show, view } = page
	const preview = (scene) => view.panel.set({ name: "scene", scene, from: { name: "show" } })
	const word = make("span")
	const next = make("button.next-scene", { press: () => preview(Number(next.dataset.scene)) }, make("small", {}, "Next"), word)
	const all = make("div.all-scenes", { role: "group", "aria-label": "All scenes" })
	const list = make("div.set-list", { role: "group", "aria-label": "Set list" }, make("button.scenes-key", { press: () => view.panel.set({ name: "show" }), "aria-label": "Scenes" }, icon("show")), next, all)
	const keyOf = ({ id }) => [...all.children].find((key) => key.dataset.scene === `${id}`) ?? make("button.one-scene", { press: () => preview(id) }, "")
	const wear = (key, scene, text) => {
		mark(key, "data-scene", scene?.id)
		mark(key, "data-color", scene?.color)
		say(text, scene ? titleOf(scene) : "")
	}
	const draw = () => {
		const { scenes, current } = show.list.value
		const scene = nextOf(show.list.value)
		list.hidden = !hasScenes(page)
		next.hidden = !scene
		wear(next, scene, word)
		const keys = scenes.map(keyOf)
		scenes.forEach((one, at) => [wear(keys[at], one, keys[at]), mark(keys[at], "aria-current", one.id === current ? "true" : null)])
		if (keys.length !== all.children.length || keys.some((key, at) => key !== all.children[at])) all.replaceChildren(...keys)
	}
	show.list.watch(() => whenStill(draw))
	return list
}

/** Shows and hides the row on this device. */
export function panicKey(page) {
	const { panic } = page.prefs
	const key = make("button.panic-key", { press: () => panic.set(!panic.value), "aria-label": "Quick keys" }, icon("mutes"))
	panic.watch((shown) => mark(key, "aria-pressed", String(shown)))
	followNeed(page, (need) => (key.hidden = !need))
	return key
}
