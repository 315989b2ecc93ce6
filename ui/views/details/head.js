/** The head of the channel view: whose strip it is, and its neighbours, a tap, a swipe or an arrow key away. */
import { consoleOf } from "../../desk/consoles.js"
import { neighbours } from "../../desk/neighbours.js"
import { watchAll } from "../../desk/signal.js"
import { make, mark, wear } from "../../elements/element.js"
import { icon } from "../../elements/icon.js"
import { among } from "../words.js"

const SWIPE_PX = 48
const ARROWS = { ArrowLeft: "before", ArrowRight: "after" }
const OTHERS_ARROWS = "input, textarea, select, [role=slider], [role=tablist]"

/** "foh · Ch 01 · Kick", the console where there are several. */
export function titleOf(page, path) {
	const strip = page.consoles.strip(path)
	if (!strip) return "Strip"
	const name = page.store.get(`${path}/name`)
	return [among(page, path, strip.label), name !== strip.label && name].filter(Boolean).join(" · ")
}

/** The parts of the head; the strips beside this one are those of the moment in which one goes there. */
export function headOf(page, path, head, until) {
	const go = (side) => {
		const next = neighbours(page, path)[side]
		if (next) page.view.panel.set({ ...page.view.panel.value, path: next.path })
	}
	const strip = page.consoles.strip(path)
	const shut = make("button.tool", { "aria-label": "Close", press: () => page.view.panel.set(null) }, icon("close"))
	const listen = (target, type, act) => {
		target.addEventListener(type, act)
		until(() => target.removeEventListener(type, act))
	}
	listen(window, "keydown", (event) => isForHead(event, head) && go(ARROWS[event.key]))
	watchSwipes(head, listen, go)
	if (strip) until(wear(page, strip, head))
	return [near(page, path, "before", go, until), title(page, strip, until), near(page, path, "after", go, until), shut]
}

function title(page, strip, until) {
	if (!strip) return make("h2", {}, "Strip")
	const [dot, place, name] = [make("i.dot"), make("span"), make("b")]
	const draw = () => {
		const trouble = troubleOf(page, strip)
		mark(dot, "data-trouble", trouble !== "")
		place.textContent = [among(page, strip.path, strip.label), trouble].filter(Boolean).join(" · ")
		name.textContent = page.nameOf(strip.path)
	}
	for (const path of [`${strip.path}/name`, `${strip.console}/status`]) until(page.store.watch(path, draw))
	until(page.link.status.watch(draw))
	draw()
	return make("h2", {}, make("small", {}, dot, place), make("i.apart", {}, " · "), name)
}

/** Here stands what the app's header says elsewhere: how link and console are, where they are not well. */
function troubleOf({ link, store }, { path }) {
	const status = store.truth(`${consoleOf(path)}/status`) ?? "online"
	return link.online ? (status === "online" ? "" : status) : link.status.value.state
}

/** A neighbour's key; its words follow the bank, another mix or layer included. */
function near(page, path, side, go, until) {
	const [label, name] = [make("small"), make("b")]
	const key = make(`button.near.${side}`, { press: () => go(side) }, icon("back"), make("span", {}, label, name))
	let stop = null
	const draw = () => {
		const strip = neighbours(page, path)[side]
		stop?.()
		stop = null
		key.disabled = strip === null
		mark(key, "aria-label", strip && `${side === "before" ? "Previous" : "Next"}: ${page.nameOf(strip.path)}`)
		label.textContent = strip ? (strip.console === consoleOf(path) ? strip.label : strip.console) : ""
		if (strip) stop = wear(page, strip, key, name)
	}
	until(watchAll([page.view.mix, page.prefs.layer, page.layers.list], draw))
	until(() => stop?.())
	return key
}

/** Arrows that no control in focus wants for itself. */
function isForHead({ key, target, ctrlKey, altKey, metaKey }, head) {
	if (!(key in ARROWS) || ctrlKey || altKey || metaKey || target.closest(OTHERS_ARROWS)) return false
	return target === head.closest(".panel") || head.contains(target)
}

/** The title goes along with the finger; far enough, the neighbour comes. */
function watchSwipes(head, listen, go) {
	let from = null
	const end = () => {
		from = null
		head.style.removeProperty("--swipe")
	}
	const across = ({ clientX, clientY }) => {
		const [x, y] = [clientX - from.x, clientY - from.y]
		return Math.abs(x) > Math.abs(y) ? x : 0
	}
	listen(head, "pointerdown", ({ pointerId: id, clientX: x, clientY: y, button }) => button === 0 && (from ??= { id, x, y }))
	listen(window, "pointermove", (event) => event.pointerId === from?.id && head.style.setProperty("--swipe", `${across(event) / 2}px`))
	listen(window, "pointerup", (event) => {
		if (event.pointerId !== from?.id) return
		const x = across(event)
		end()
		if (Math.abs(x) >= SWIPE_PX) go(x < 0 ? "after" : "before")
	})
	listen(window, "pointercancel", (event) => event.pointerId === from?.id && end())
}
