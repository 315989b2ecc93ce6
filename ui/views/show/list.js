/** Scenes of our own in playing order, with GO; what was kept by itself, and the bin. A tap on a scene shows what a recall would change. */
import { nextOf, previousOf, renumbered, titleOf } from "../../desk/setlist.js"
import { make, mark } from "../../elements/element.js"
import { icon } from "../../elements/icon.js"
import { fileKeys } from "./files.js"
import { lookAgain } from "./look.js"

const EMPTY = "No scene yet. A scene keeps where everything stands now, on every console, and brings it back later."

export function showView(page, panel, until) {
	const { show, view } = page
	const [go, list, earlier, own, bin] = [goKeys(show, until), ...Array.from({ length: 4 }, () => make("ol.show-list"))]
	let ordering = false
	const draw = () => {
		const { scenes, moments, bin: thrown, own: saved } = show.list.value
		list.replaceChildren(...scenes.map((scene, at) => row(page, panel, scene, ordering ? orderKeys(show, scenes, at) : [editKey(page, panel, scene)])))
		if (show.isKnown && scenes.length === 0) list.append(make("li.quiet", {}, EMPTY))
		earlier.replaceChildren(...newest(moments).map((moment) => row(page, panel, moment, [restoreKey(show, moment, "Keep as a scene", "plus")])))
		own.replaceChildren(...saved.map((scene) => row(page, panel, scene, [])))
		bin.replaceChildren(...newest(thrown).map((scene) => row(page, panel, scene, [restoreKey(show, scene, "Take out of the bin", "undo")])))
		for (const [part, some] of [[go, scenes], [order, scenes.slice(1)], [earlier.parentElement, moments], [own.parentElement, saved], [bin.parentElement, thrown]]) part.hidden = some.length === 0
	}
	const order = make("button.wide.order", { press: () => [(ordering = !ordering), mark(order, "aria-pressed", String(ordering)), draw()], "aria-pressed": "false" }, "Change the order")
	const folds = [fold("Earlier", "Kept by itself: before each recall, every five minutes with changes, and at the end.", earlier), fold("Musicians' mixes", "Saved by musicians, each for their own mix.", own), fold("Bin", "Deleted scenes stay here for 30 days.", bin)]
	until(show.list.watch(draw))
	const body = make("div.show", {}, go, changedKey(page, panel, until), list, order, ...folds)
	body.append(fileKeys(page, body))
	const save = make("button.wide", { press: () => view.panel.set({ name: "keep", from: panel }) }, icon("plus"), "Save scene")
	return { title: "Scenes", body, foot: make("div.show-foot", {}, save) }
}

function newest(scenes) {
	return [...scenes].sort((one, other) => Date.parse(other.deleted ?? other.at) - Date.parse(one.deleted ?? one.at))
}

/** GO recalls the next scene; the two beside it only say where we are. */
function goKeys(show, until) {
	const next = make("small")
	const go = make("button.go", { press: () => busy(go, show.ask("go")) }, make("b", {}, "GO"), next)
	const step = (word, symbol, found) => make("button.step", { press: () => found() && show.ask("mark", { scene: found().id }), "aria-label": word }, icon(symbol))
	const before = step("We are at the scene before", "back", () => previousOf(show.list.value))
	const after = step("We are at the next scene", "next", () => nextOf(show.list.value))
	until(show.list.watch((list) => {
		const scene = nextOf(list)
		next.textContent = scene ? titleOf(scene) : "End of the list"
		go.disabled = after.disabled = !scene
		before.disabled = !previousOf(list)
	}))
	return make("div.go-keys", {}, before, go, after)
}

/** "Changed since: 12" of the scene where we are, and the way to let it take that over. */
function changedKey({ show, view, store, link }, panel, until) {
	const words = make("b")
	const key = make("button.changed", { press: () => view.panel.set({ name: "scene", scene: show.list.value.current, update: true, from: panel }), hidden: true }, words, make("span", {}, "Update"))
	const here = () => show.find(show.list.value.current)
	const ask = () => (here() ? show.ask("preview", { scene: here().id }) : null)
	until(lookAgain({ show, store, link }, ask, ({ counts }) => {
		key.hidden = counts.will === 0 || here()?.kind !== "scene"
		words.textContent = `Changed since: ${counts.will}`
	}))
	return key
}

/** A key that waits for its answer takes no second press. */
async function busy(key, done) {
	key.disabled = true
	await done
	key.disabled = false
}

function row(page, panel, scene, keys) {
	const { show, view } = page
	const here = scene.id === show.list.value.current
	const { mix } = scene.scope
	const words = [mix && `${scene.by} · ${page.nameOf(mix)}`, scene.kind === "moment" || scene.deleted ? when(scene) : null, scene.note, scene.fade ? `fade ${scene.fade} s` : null]
	const open = make("button.scene", { press: () => view.panel.set({ name: "scene", scene: scene.id, from: panel }), "aria-current": here ? "true" : null }, make("i", {}, scene.number || ""), make("b", {}, scene.name), make("small", {}, words.filter(Boolean).join(" · ")), here && make("em", {}, "here"))
	return make("li", { "data-id": scene.id, "data-color": scene.color, "data-here": here }, open, ...keys)
}

function when({ kind, at, deleted }) {
	const date = new Date(deleted ?? at)
	const day = date.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" }
	return `${kind === "moment" || !deleted ? "" : "deleted "}${date.toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit" })}`
}

function editKey({ view }, panel, scene) {
	return tool(`Edit ${titleOf(scene)}`, "more", () => view.panel.set({ name: "keep", scene: scene.id, from: panel }))
}

function restoreKey(show, scene, word, symbol) {
	return tool(`${word}: ${titleOf(scene)}`, symbol, () => show.ask("restore", { scene: scene.id }))
}

function orderKeys(show, scenes, at) {
	const move = async (to) => {
		for (const change of renumbered(scenes, at, to)) if (!(await show.ask("update", change))) return
	}
	const key = (word, symbol, to) => {
		const made = tool(`${titleOf(scenes[at])} ${word}`, symbol, () => move(to))
		made.disabled = to < 0 || to >= scenes.length
		return made
	}
	return [key("up", "up", at - 1), key("down", "down", at + 1)]
}

function tool(word, symbol, press) {
	return make("button.tool", { press, "aria-label": word, title: word }, icon(symbol))
}

function fold(title, words, list) {
	return make("details", {}, make("summary", {}, title), make("p.quiet", {}, words), list)
}
