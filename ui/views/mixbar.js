/** The mix bar: main and every mix in its colour with a small meter. A tap shows it, a long press invites somebody to it. */
import { buses, mainOf } from "../desk/layers.js"
import { mixersOf } from "../desk/mute-groups.js"
import { isFor } from "../desk/place.js"
import { watchAll } from "../desk/signal.js"
import { make, mark, measure, wear } from "../elements/element.js"
import { onPress } from "../elements/fingers.js"
import { panicKey } from "./panic.js"

/** Where a panel lies over the faders. */
const COVERED = "(max-width: 900px)"

export function buildMixBar(page) {
	const keys = make("nav.mixkeys", { "aria-label": "Mixes" })
	const bar = make("div.mixbar", {}, keys, panicKey(page))
	const stops = []
	const markChosen = () => {
		for (const { firstChild: key } of keys.children) mark(key, "aria-current", key.dataset.to === (page.view.mix.value ?? "") ? "true" : null)
	}
	const showChosen = () => {
		markChosen()
		keys.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" })
	}
	const draw = () => {
		for (const stop of stops.splice(0)) stop()
		const mixes = buses(page.consoles.list.value)
		// Until the consoles are here the bar stands as at this device's last visit, so that nothing moves when they come.
		if (!page.awaitsStrips) page.prefs.mixes.set(mixes.length > 0)
		bar.hidden = !page.prefs.mixes.value
		keys.replaceChildren(mainKey(page), ...mixes.map((mix) => mixKey(page, mix, (stop) => stops.push(stop))))
		// Main stands in sight without a look at the layout.
		if (page.view.mix.value === null) markChosen()
		else showChosen()
	}
	watchAll([page.consoles.list, page.mine.rights], draw)
	page.server.onChange(() => page.awaitsStrips || page.consoles.strips.length > 0 || draw()) // its strips are drawn already
	page.view.mix.watch(showChosen)
	measure(keys, showChosen)
	return bar
}

function mainKey(page) {
	const main = page.consoles.list.value.map(mainOf).find(Boolean)
	const key = make("button", { press: () => show(page, null), "data-to": "" }, make("b", {}, "Main"))
	return make("div.mixkey", {}, key, main && meterOf(main))
}

function mixKey(page, mix, until) {
	const several = mixersOf(page.consoles.list.value).length > 1
	const title = make("b", {}, mix.label)
	const invites = mix.kind !== "return" && isFor("invite", { page: "mixer", role: page.mine.role })
	const key = make("button", { "data-to": mix.path, "aria-description": invites && "long press: invite somebody" }, several && make("small", {}, mix.console), title)
	const invite = () => page.view.panel.set({ name: "invite", mix: mix.path })
	onPress(key, () => show(page, mix.path), invites ? invite : null)
	const whole = make("div.mixkey", {}, key, meterOf(mix))
	until(wear(page, mix, whole, title))
	return whole
}

function show({ view }, path) {
	view.showMix(path)
	if (matchMedia(COVERED).matches) view.panel.set(null)
}

function meterOf({ path, taps }) {
	const shown = taps.length > 1 ? taps.filter((tap) => tap !== "input") : taps
	return shown.length > 0 && make("rm-meter", { "data-taps": shown.map((tap) => `${path}/${tap}`).join(" "), sideways: true })
}
