/** The frame of the page: header, mix bar, mixer, panel; at the foot the rail, beside it on phones the keys for the thumb. */
import { watchAll } from "../desk/signal.js"
import { make, mark, wear } from "../elements/element.js"
import { whenStill } from "../elements/fingers.js"
import { icon } from "../elements/icon.js"
import { buildHeader } from "./header.js"
import { buildUndo, watchUndo } from "./history/undo.js"
import { watchKeyboard } from "./keyboard.js"
import { buildMixBar } from "./mixbar.js"
import { buildMixer } from "./mixer.js"
import { buildPanel } from "./panel.js"
import { buildPanic } from "./panic.js"
import { buildTray } from "./requests.js"

const BIG_PERCENT = 150
const FETCH_AGAIN_MS = 1000
const FADERS = "rm-fader, rm-group"
const KEYS = [["messages", "Messages"], ["more", "More"]]

export function buildShell(page, body) {
	wearLooks(page)
	const [panel, notice] = [buildPanel(page), make("rm-notice")]
	const mixer = once(() => {
		// What follows the consoles after another part follows them later too: the rows around the faders stand before these are fitted.
		const [header, bars] = [buildHeader(page), make("div.bars", {}, buildMixBar(page), buildPanic(page))]
		const { stage, rail } = buildMixer(page)
		return [header, make("div.trays", {}, make("rm-takes", { hidden: true }), buildTray(page)), make("rm-recall", { hidden: true }), bars, stage, panel, make("div.foot", {}, ...rail, buildKeys(page)), notice]
	})
	let mine = null
	const show = (kind, parts) => {
		body.replaceChildren(...parts)
		mark(body, "data-page", kind)
	}
	const showMine = async () => {
		const { buildMusician } = await fetchMusician()
		page.store.whenFree(() => {
			const kind = page.mine.page.value
			if (kind !== "mixer") show(kind, (mine ??= [...buildMusician(page), panel, notice]))
		})
	}
	page.mine.page.watch((kind) => page.store.whenFree(() => {
		// Before the first welcome the mix is that of the address.
		if (page.server.value) page.view.showMix(null)
		page.view.panel.set(null)
		if (kind === "mixer") show(kind, mixer())
		else showMine()
	}))
	// Whoever has to join first may be a musician, whose page then comes while they type.
	page.join.outside.watch((outside) => outside && fetchMusician())
	page.mine.rights.watch(() => mark(document.documentElement, "data-role", page.mine.role))
	watchUndo(page)
	watchKeyboard(page)
	watchFirstTouch(page)
	page.layers.calm = whenStill
	let takeOff = null
	const wearIt = () => {
		const mixer = page.mine.page.value === "mixer"
		const mix = mixer ? page.view.mix.value : null
		takeOff?.()
		mark(body, "data-mix", mix)
		if (mixer) mark(body, "data-color", null)
		takeOff = mix && wear(page, { path: mix }, body)
	}
	watchAll([page.view.mix, page.mine.page, page.consoles.list], wearIt)
	page.scenes.moved.watch((moved) => mark(document.documentElement, "data-moved", moved.size > 0))
	addEventListener("keydown", ({ key, target }) => {
		if (key === "Escape" && !target.closest("input, textarea")) page.view.panel.set(null)
	})
}

/** A musician's page is no part of the first second of everybody else. One that did not come is asked for again. */
async function fetchMusician() {
	try {
		return await import("./musician.js")
	} catch {
		return new Promise((asked) => setTimeout(() => asked(fetchMusician()), FETCH_AGAIN_MS))
	}
}

/** The mixer is built when it is first shown, and kept. */
function once(build) {
	let built
	return () => (built ??= build())
}

function buildKeys(page) {
	const { view, messages } = page
	const keys = KEYS.map(([name, word]) => {
		const press = () => view.panel.set(view.panel.value?.name === name ? null : { name })
		return make("button", { press, "data-name": name, "aria-label": word }, icon(name), make("span", {}, word))
	})
	const bar = make("nav.keys", { "aria-label": "Views" }, ...keys, buildUndo(page))
	view.panel.watch((panel) => {
		for (const key of keys) mark(key, "aria-current", key.dataset.name === shown(panel) ? "page" : null)
	})
	messages.unread.watch((count) => mark(keys[0], "data-unread", count || null))
	return bar
}

/** What is told at a first touch comes with the other panels. */
function watchFirstTouch({ prefs, view }) {
	const lift = ({ pointerType, target }) => {
		if (pointerType !== "touch" || !target.closest?.(FADERS)) return
		removeEventListener("pointerup", lift, true)
		view.touched.set(true)
	}
	if (!prefs.taught.value) addEventListener("pointerup", lift, true)
}

/** The channel view is a part of the mixer. */
function shown(panel) {
	if (!panel || panel.name === "strip") return null
	return panel.name === "messages" ? "messages" : "more"
}

/** Theme, text size and hand as chosen on this device, set on the root element. */
function wearLooks({ prefs, link }, root = document.documentElement) {
	const light = matchMedia("(prefers-color-scheme: light)")
	const theme = () => {
		const worn = prefs.theme.value === "auto" ? (light.matches ? "light" : "dark") : prefs.theme.value
		root.dataset.theme = worn
		document.querySelector("meta[name=theme-color]").content = worn === "light" ? "#f3f3f1" : "#0b0b0c"
	}
	prefs.theme.watch(theme)
	light.addEventListener("change", theme)
	prefs.hand.watch((hand) => (root.dataset.hand = hand))
	prefs.text.watch((percent) => {
		root.style.setProperty("--text-scale", percent / 100)
		root.toggleAttribute("data-big", percent >= BIG_PERCENT)
	})
	link.status.watch(({ state }) => {
		if (root.dataset.wire !== state) root.dataset.wire = state
	})
}
