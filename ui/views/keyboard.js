/** Keys of the whole page: arrows walk over the strips; M, S and Enter act on the one in focus; digits choose a layer; / searches. */
import { layersOf, showLayer } from "../desk/layers.js"
import { markAll } from "../desk/takes.js"
import { ledTo } from "../elements/roving.js"

const TYPING = "input, textarea, select, [role=dialog]"
/** What a key presses in the strip that has the focus. */
const PRESSES = { m: ".mute", s: ".solo" }

export function watchKeyboard(page, target = window) {
	target.addEventListener("keydown", (event) => {
		if (document.body.inert || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPING)) return
		const act = actOf(page, event)
		if (!act) return
		event.preventDefault()
		event.stopPropagation()
		act()
	}, true)
}

function actOf(page, event) {
	const { key, target, repeat } = event
	if (key === "/" || key === "?") return () => page.view.panel.set({ name: "help", find: true })
	if (/^[1-9]$/.test(key)) return layerAct(page, target, Number(key))
	const strip = target.closest?.("rm-strip, rm-line")
	if (!strip) return key.toLowerCase() === "m" && !repeat ? markAll(page) : null
	const to = ledTo(target, event)
	if (to) return () => to.focus()
	const pressed = PRESSES[key.toLowerCase()]
	if (pressed) return () => repeat || strip.querySelector(pressed)?.click()
	const typed = key === "Enter" && target.matches("[role=slider]") && strip.querySelector("rm-readout button")
	return typed ? () => typed.click() : null
}

function layerAct(page, target, digit) {
	const { mine, view, layers, consoles, vocabulary } = page
	if (mine.page.value !== "mixer" || view.mix.value || target.closest?.(".panel")) return null
	const layer = layersOf(consoles.list.value, layers.list.value, vocabulary.value.kinds)[digit - 1]
	return layer ? () => showLayer(page, layer.id) : null
}
