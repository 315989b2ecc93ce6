/** Help: a search over all there is, the gestures, the keys. */
import { channelsOf, suggested } from "../desk/ganged.js"
import { buses, showLayer, stripsShown } from "../desk/layers.js"
import { DOWN_DB, moreMe, UP_DB } from "../desk/moreme.js"
import { isFor } from "../desk/place.js"
import { search } from "../desk/search.js"
import { make } from "../elements/element.js"
import { FIRST, OTHERS, gesture } from "./gestures.js"
import { ROWS } from "./more.js"

const EXAMPLES = ["mute drums", "kick eq", "settings"]
const WORDS = { strip: "strip", group: "all of them", mix: "sends on faders", person: "person", layer: "layer", scene: "", panel: "" }
const KEYS = [["Tab, ← →", "from strip to strip"], ["↑ ↓", "0.5 dB, with Ctrl 0.1"], ["Shift ↑ ↓", "to the other controls of a strip"], ["M, S", "mute, solo; M beside the strips: marker while a take is recorded"], ["Enter", "type a value"], ["1–9", "layers"], ["/", "search"], ["Ctrl Z", "undo"], ["Shift G", "GO in the set list; N, P: the mark"], ["Esc", "close, and back"]]

export function helpView(page, panel) {
	const gestures = make("ul.gestures", {}, ...[...FIRST, ...OTHERS].map(gesture))
	const keys = make("dl.hotkeys", {}, ...KEYS.flatMap(([key, words]) => [make("dt", {}, key), make("dd", {}, words)]))
	const parts = [make("h3", {}, "Gestures"), gestures, make("h3", {}, "Keys"), keys]
	return { title: "Help", body: page.mine.page.value === "mixer" ? [...finder(page, panel), ...parts] : parts }
}

function finder(page, panel) {
	const box = make("input", { type: "search", "aria-label": "Find a strip, mix, scene, anything", placeholder: "Find a strip, mix, scene, anything", autocomplete: "off", enterkeyhint: "go" })
	const results = make("div.rows", { role: "group", "aria-label": "Results" })
	const examples = make("div.examples", {}, ...EXAMPLES.map((words) => make("button", { press: () => look(words) }, words)))
	const look = (words) => {
		box.value = words
		draw()
	}
	const draw = () => {
		const found = search(box.value, placesOf(page))
		examples.hidden = box.value !== ""
		results.replaceChildren(...found.map((one) => result(page, one)), box.value.trim() && !found.length ? make("p", { role: "status" }, "Nothing found.") : "")
	}
	box.addEventListener("input", draw)
	box.addEventListener("keydown", ({ key }) => {
		if (key === "Enter") results.querySelector("button")?.click()
		if (key === "ArrowDown") results.querySelector("button")?.focus()
		if (key === "Escape") page.view.panel.set(null)
	})
	if (panel.find) requestAnimationFrame(() => box.focus())
	return [box, examples, results]
}

/** All that can be found, as desk/search.js takes it. */
function placesOf(page) {
	const { consoles, people, mine } = page
	const several = consoles.list.value.length > 1
	const more = (strip) => [several && strip.console, strip.label].filter(Boolean).join(" · ")
	const strips = consoles.strips.map((strip) => ({ kind: "strip", name: page.nameOf(strip.path), more: more(strip), path: strip.path, has: strip.has, main: strip.kind === "main" }))
	const channels = consoles.strips.filter(({ kind }) => kind === "channel").map(({ path }) => ({ path, name: page.nameOf(path) }))
	const groups = suggested(channels).map(({ name, members }) => ({ kind: "group", name, members }))
	const own = (bus) => channelsOf(page.nameOf(bus.path), stripsShown(consoles.list.value, null, bus).map(({ path }) => ({ path, name: page.nameOf(path) })))
	const mixes = buses(consoles.list.value).map((bus) => ({ kind: "mix", name: page.nameOf(bus.path), more: more(bus), path: bus.path, own: own(bus) }))
	const panels = ROWS.filter(([name]) => isFor(name, { page: "mixer", role: mine.role })).map(([panel, name, words]) => ({ kind: "panel", name, more: words, panel }))
	const layers = page.layers.list.value.map(({ id, name }) => ({ kind: "layer", name, layer: id }))
	return [...strips, ...mixes, ...layers, ...people.list.value.map(({ name }) => ({ kind: "person", name, panel: "people" })), ...groups, ...panels, ...scenesOf(page)]
}

/** Scenes of our own, and those that the consoles keep. */
function scenesOf({ show, scenes }) {
	const own = show.list.value.scenes.map(({ id, number, name, note }) => ({ kind: "scene", name, more: [number ? `scene ${number}` : "scene", note].filter(Boolean).join(" · "), scene: id }))
	const theirs = scenes.consoles.flatMap((console) => scenes.list(console).map(({ number, name }) => ({ kind: "scene", name, more: `scene ${number} of ${console.title}`, console: console.name })))
	return [...own, ...theirs]
}

function result(page, place) {
	const { kind, name, more, deed, tab } = place
	const title = deed ? deedWords(deed, name) : tab ? `${name}: ${tab}` : name
	const usual = [kind === "group" && !deed ? "" : WORDS[kind], kind !== "group" && more].filter(Boolean).join(" · ")
	const words = kind === "mix" && deed ? `${place.own.map((path) => page.nameOf(path)).join(", ")} +${UP_DB} dB, others −${DOWN_DB} dB` : usual
	return make("button.row", { press: () => go(page, place), "data-kind": kind }, make("b", {}, title), make("small", {}, words))
}

function deedWords([what, on], name) {
	const words = { mute: on ? "Mute" : "Unmute", solo: on ? "Solo" : "Clear solo of" }[what]
	return words ? `${words} ${name}` : `${name}: ${what}`
}

function go(page, place) {
	const { view } = page
	const { kind, path, deed, tab, panel, scene, console, layer } = place
	if (deed) (kind === "mix" ? giveMore : carryOut)(page, place)
	else if (tab) [view.tab.set(tab), view.panel.set({ name: "strip", path })]
	else if (panel) view.panel.set({ name: panel })
	else if (scene) view.panel.set({ name: "scene", scene, from: { name: "show" } })
	else if (console) view.panel.set({ name: "scenes", console })
	else if (layer) [view.panel.set(null), showLayer(page, layer)]
	else if (kind === "mix") [view.panel.set(null), view.showMix(path)]
	else if (kind === "strip") [view.panel.set(null), bringIntoSight(page, path)]
	else bringIntoSight(page, place.members[0])
}

/** All at once, so that it is one move and one undo. */
function carryOut({ store, view, notices }, { path, members = [path], deed: [what, on] }) {
	view.panel.set(null)
	const moved = members.filter((one) => store.set(`${one}/${what}`, on))
	if (moved.length === 0) notices.inert(`${members[0]}/${what}`)
}

/** Their own sends up and all others down, as at their own key “More me”; the mix is shown, so that it is seen. */
function giveMore(page, { path, own }) {
	const { consoles, store, view, notices } = page
	const mix = consoles.strip(path)
	const sends = stripsShown(consoles.list.value, null, mix).map((strip) => {
		const send = `${strip.path}/send/${mix.id}/level`
		return { path: send, own: own.includes(strip.path), position: store.get(send), param: consoles.param(send), most: 1 }
	})
	view.panel.set(null)
	view.showMix(path)
	const moved = moreMe(sends).filter(({ path: send, to }) => store.set(send, to))
	if (moved.length === 0) notices.inert(sends[0].path)
}

function bringIntoSight(page, path) {
	const find = () => document.querySelector(`rm-strip[data-strip="${CSS.escape(path)}"]`)
	if (!find()) [page.view.showMix(null), showLayer(page, "all")]
	requestAnimationFrame(() => {
		find()?.scrollIntoView({ block: "nearest", inline: "center" })
		find()?.querySelector("rm-fader")?.focus({ preventScroll: true })
	})
}
