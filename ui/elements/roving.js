/** One tab stop a strip: Tab leads from strip to strip, arrows to the neighbours' same control and through a strip's own. */
import { mark } from "./element.js"

const CONTROLS = "button, [role=slider], [role=button]"
/** The edge of the channel view is a strip beside the row, whose keys are its own. */
const STRIPS = "rm-strip:not(.edge), rm-line"
const KEYS = { ArrowUp: ["vertical", -1], ArrowDown: ["vertical", 1], ArrowLeft: ["horizontal", -1], ArrowRight: ["horizontal", 1] }

/** Makes a strip a group with one tab stop: the control in focus, else its fader. */
export function rove(strip) {
	mark(strip, "role", "group")
	const stop = (chosen) => controlsOf(strip).forEach((one) => mark(one, "tabindex", one === chosen ? 0 : -1))
	const usual = () => faderOf(strip) ?? controlsOf(strip)[0]
	stop(usual())
	strip.listen(strip, "focusin", ({ target }) => target.matches(CONTROLS) && stop(target))
	strip.listen(strip, "focusout", ({ relatedTarget }) => strip.contains(relatedTarget) || stop(usual()))
}

/** A strip's fader, which is never hidden: nothing is measured to find it, as that would lay out the page once for each strip. */
function faderOf(strip) {
	return strip.querySelector("rm-fader")
}

/**
 * Where an arrow leads from a control of a strip: to the neighbour, or to the control above or below; null where the key moves
 * a slider along its own axis. With Shift a slider gives its own axis up.
 */
export function ledTo(control, { key, shiftKey }) {
	const [axis, step] = KEYS[key] ?? []
	const strip = control.closest(STRIPS)
	if (!axis || !strip || (!shiftKey && control.getAttribute("aria-orientation") === axis)) return null
	return axis === rowAxis(strip) ? neighbour(strip, placeOf(control), step) : beside(strip, control, step)
}

/** The way back to an element that has the focus, or to its like where the page draws that anew. */
export function wayBackTo(element) {
	const [strip, at] = [element.closest(STRIPS), placeOf(element)]
	const alike = strip ? `${strip.localName}[data-strip="${strip.dataset.strip}"]` : [element.localName, ...element.classList].join(".")
	return () => {
		if (element.isConnected) return element.focus()
		const again = document.querySelector(alike) ?? (strip && document.querySelector(strip.localName))
		if (again) (strip ? controlAt(again, at) : again).focus()
	}
}

/** Strips stand side by side; lying lines are below each other. */
function rowAxis(strip) {
	return strip.querySelector("[role=slider]")?.getAttribute("aria-orientation") === "horizontal" && strip.localName === "rm-line" ? "vertical" : "horizontal"
}

function neighbour(strip, at, step) {
	const row = [...document.querySelectorAll(STRIPS)].filter(isShown)
	const next = row[row.indexOf(strip) + step]
	return next ? controlAt(next, at) : strip.querySelector(":focus")
}

function beside(strip, control, step) {
	const controls = controlsOf(strip).filter(isShown)
	return controls[controls.indexOf(control) + step] ?? control
}

function controlsOf(strip) {
	return [...strip.querySelectorAll(CONTROLS)]
}

/** The control at a place of a strip, else its fader, else its first. */
function controlAt(strip, at) {
	const there = [at, "fader"].map((one) => strip.querySelector(`[data-at="${one}"]`)).find((one) => one && isShown(one))
	const all = controlsOf(strip)
	return all.find((one) => one === there || there?.contains(one)) ?? all[0] ?? strip
}

function placeOf(control) {
	return control.closest("[data-at]")?.dataset.at
}

function isShown(element) {
	return element.getClientRects().length > 0 && getComputedStyle(element).visibility === "visible"
}
