/** Saved mixes of a musician: each send's level, mute and pan. A tap on one shows what a recall would change; nothing moves before its white key. */
import { stripsOf } from "../../desk/plan.js"
import { make } from "../../elements/element.js"
import { icon } from "../../elements/icon.js"
import { askName, twice } from "../ask.js"
import { changesText, lookAgain } from "../show/look.js"
import { planRow } from "../show/rows.js"

const LONGEST = 60
const WORDS = "A saved mix keeps the level, mute and pan of each send into your mix. The sound crew can see and recall it too."

export function savedView(page, panel, until) {
	const { show, link } = page
	until(page.welcomed.watch(() => link.online && show.ask("list")))
	const scene = show.find(panel.scene)
	return scene && !scene.deleted ? oneOf(page, panel, scene, until) : all(page, panel, until)
}

function all(page, panel, until) {
	const { show, view } = page
	const [list, bin] = [make("ol.show-list"), make("ol.show-list")]
	const thrown = make("details", {}, make("summary", {}, "Bin"), make("p.quiet", {}, "Deleted ones stay here for 30 days."), bin)
	const open = ({ id, name, at }, place) => make("button.scene", { press: () => view.panel.set({ name: "saved", scene: id, from: panel }) }, make("i", {}, `${place + 1}`), make("b", {}, name), make("small", {}, when(at)))
	const back = ({ id, name }) => make("button.tool", { press: () => show.ask("restore", { scene: id }), "aria-label": `Take out of the bin: ${name}` }, icon("undo"))
	until(show.list.watch(({ own, bin: gone }) => {
		list.replaceChildren(...own.map((scene, place) => make("li", { "data-id": scene.id }, open(scene, place))))
		bin.replaceChildren(...gone.map((scene) => make("li", {}, make("span.scene", {}, make("i"), make("b", {}, scene.name)), back(scene))))
		thrown.hidden = gone.length === 0
	}))
	const save = askName("Name, as “Second set”", "Save my mix", LONGEST, (name) => show.ask("store", { name }))
	return { title: "Saved mixes", body: make("div.show", {}, make("p.quiet", {}, WORDS), list, thrown), foot: make("div.show-foot", {}, save) }
}

function oneOf(page, panel, scene, until) {
	const { show, view } = page
	const [head, list, opened] = [make("div.plan-counts", { role: "status" }), make("ol.plan"), new Set()]
	const key = make("button.recall", { disabled: true, press: () => recall() }, make("b", {}, "RECALL"), make("small"))
	const leave = () => view.panel.set({ name: "saved", from: panel.from?.from })
	let strips = []
	const draw = () => list.replaceChildren(...strips.map((strip) => planRow(page, strip, null, { isOpen: opened.has(strip.path), unfold: () => [opened.delete(strip.path) || opened.add(strip.path), draw()] })))
	until(lookAgain(page, () => show.ask("preview", { scene: scene.id }), ({ values, stays }) => {
		const count = Object.keys(values).length
		const why = Object.values(stays)[0]?.text
		strips = stripsOf({ values, stays }, page.consoles.strips.map(({ path }) => path))
		head.replaceChildren(make("p", {}, make("b", {}, `${count}`), ` will change in your mix`), why ? make("p", {}, `${Object.keys(stays).length} stay: ${why}`) : "")
		key.disabled = count === 0
		key.querySelector("small").textContent = `${changesText(count)} · Undo brings all back`
		draw()
	}))
	const recall = async () => {
		key.disabled = true
		if (await show.ask("recall", { scene: scene.id })) view.panel.set(null)
		key.disabled = false
	}
	const rename = askName(`New name of “${scene.name}”`, "Rename", LONGEST, async (name) => (await show.ask("update", { scene: scene.id, name })) && leave())
	const renew = twice("Update to how it is now", "It takes over how your mix is now.", async () => (await show.ask("update", { scene: scene.id, values: true })) && leave())
	const away = twice("Delete", "It goes into the bin, for 30 days.", async () => (await show.ask("delete", { scene: scene.id })) && leave())
	const more = make("details", {}, make("summary", {}, "Rename, update, delete"), rename, renew, away)
	return { title: scene.name, body: make("div.preview", {}, head, list, more), foot: make("div.show-foot", {}, key) }
}

function when(at) {
	const date = new Date(at)
	const day = date.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" }
	return date.toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit" })
}
