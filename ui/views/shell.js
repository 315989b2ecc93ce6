/** The frame of the page: header, mixer, panel, and on phones a row of four big keys below. */
import { make, mark, wear } from "../elements/element.js"
import { icon } from "../elements/icon.js"
import { buildHeader } from "./header.js"
import { buildMixer } from "./mixer.js"
import { buildMusician, wearMix } from "./musician.js"
import { buildPanel } from "./panel.js"
import { buildTray } from "./requests.js"

const KEYS = [["mixer", "Mixer"], ["mixes", "Mixes"], ["messages", "Messages"], ["more", "More"]]

export function buildShell(here, body) {
	const [panel, notice] = [buildPanel(here), make("rm-notice")]
	const mixer = once(() => [buildHeader(here), buildTray(here), buildMixer(here), panel, buildKeys(here), notice])
	const mine = once(() => [...buildMusician(here), panel, notice])
	here.mine.page.watch((page) => here.store.whenFree(() => {
		body.replaceChildren(...(page === "mixer" ? mixer : mine)())
		mark(body, "data-page", page)
		here.view.mix.set(null)
		here.view.panel.set(null)
	}))
	here.mine.rights.watch(() => mark(document.documentElement, "data-role", here.mine.role))
	wearMix(here, body)
	let takeOff = null
	here.view.mix.watch((mix) => {
		takeOff?.()
		mark(body, "data-mix", mix)
		mark(body, "data-color", null)
		takeOff = mix && wear(here, { path: mix }, body)
	})
	here.consoles.list.watch(() => leaveLostMix(here))
	here.scenes.moved.watch((moved) => mark(document.documentElement, "data-moved", moved.size > 0))
	addEventListener("keydown", ({ key, target }) => {
		if (key === "Escape" && !target.closest("input, textarea")) here.view.panel.set(null)
	})
}

/** Each page is built when it is first shown, and kept. */
function once(build) {
	let built
	return () => (built ??= build())
}

function leaveLostMix({ view, consoles }) {
	if (view.mix.value && !consoles.strip(view.mix.value)) view.mix.set(null)
}

function buildKeys(here) {
	const { view, messages } = here
	const keys = KEYS.map(([name, word]) => {
		const key = make("button", { press: () => view.panel.set(name === "mixer" ? null : { name }), "data-name": name }, icon(name), make("span", {}, word))
		return key
	})
	const bar = make("nav.keys", { "aria-label": "Views" }, ...keys)
	view.panel.watch((panel) => {
		for (const key of keys) mark(key, "aria-current", key.dataset.name === shown(panel) ? "page" : null)
	})
	messages.unread.watch((count) => mark(keys[2], "data-unread", count || null))
	return bar
}

function shown(panel) {
	if (!panel) return "mixer"
	return ["mixes", "messages"].includes(panel.name) ? panel.name : "more"
}
